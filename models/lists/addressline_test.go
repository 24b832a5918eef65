package lists_test

import (
	"slices"
	"strings"
	"testing"

	"muster/models"
	"muster/models/lists"
)

// Whoever stands in an address line is an entry, whatever stands beside.
func TestReadExpected_TellsALineOfEntriesFromColumns(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"a@x.example, PC-1, Bob <b@x.example>":                    {"a@x.example", "PC-1", "b@x.example|Bob"},
		"a@x.example, Weber, Karl <k@x.example>":                  {"a@x.example", "k@x.example|Weber, Karl"},
		"A <a@x.example>; Bob\nc@x.example;d@x.example":           {"a@x.example|A, Bob", "c@x.example", "d@x.example"},
		"A <a@x.example>;\nBob; Carl":                             {"a@x.example|A", "Bob", "Carl"},
		"a@x.example\tb@x.example":                                {"a@x.example", "b@x.example"},
		"ann\tann@x.example\tboss@x.example":                      {"ann@x.example|ann, boss@x.example"},
		"ann;sales;berlin\nbob;it;paris":                          {"ann|sales, berlin", "bob|it, paris"},
		"anna;bob;\ncarl;dora":                                    {"anna", "bob", "carl", "dora"},
		"anna;bob;carl\ndora":                                     {"anna", "bob", "carl", "dora"},
		"ann;pilot\nbob":                                          {"ann|pilot", "bob"},
		"PC-1;pc-1.lab.example":                                   {"pc-1.lab.example"},
		"PC-1;ann":                                                {"PC-1|ann"},
		"Schmidt, Anna":                                           {"Schmidt|Anna"},
		"person:ann;bob":                                          {"ann|bob"},
		"email:ann@x.example;ann@y.example, z@x.example":          {"ann@x.example|ann@y.example, z@x.example"},
		"An:\tAnna <a@x.example>":                                 {"a@x.example|Anna"},
		"\"Weber; Karl\" <k@x.example>; \"Li, Bo\"; a@x.example":  {"k@x.example|Weber; Karl", "Li, Bo", "a@x.example"},
		"a@x.example; b@x.example\nUser;Note\ncarl@x.example;d@x": {"a@x.example", "b@x.example", "carl@x.example|d@x"},
	} {
		var got []string
		list := lists.ReadExpected(text, lists.Choices{})
		for _, e := range list.Read {
			got = append(got, strings.TrimSuffix(e.Pattern+"|"+e.Note, "|"))
		}
		if !slices.Equal(got, want) || len(list.Bad) > 0 {
			t.Errorf("%q is read as %q, want %q; left out %+v", text, got, want, list.Bad)
		}
	}
}

// An odd part is named, and takes nobody with it.
func TestReadExpected_NamesTheOddPartOfALine(t *testing.T) {
	t.Parallel()
	const odd = "Bob </o=ExchangeLabs/cn=bob>"
	list := lists.ReadExpected("a@x.example; "+odd+"; b@x.example; @", lists.Choices{})
	if len(list.Entries) != 2 || len(list.Bad) != 2 || list.Bad[0].Text != odd || !strings.Contains(list.Bad[0].Message, "inside Exchange") || list.Bad[1].Text != "@" {
		t.Errorf("%+v", list)
	}
}

func TestLists_CountAddressesThatAreNoEntry(t *testing.T) {
	t.Parallel()
	const text = "User,Mail,Room,Note\nann,ann@x.example,r@x.example,ann@x.example\nbob,,,bob@x.example\nbob,,,bob@y.example\n"
	if n := lists.ReadExpected(text, lists.Choices{}).Aside; n != 3 {
		t.Errorf("%d of an expected list, want 3", n)
	}
	if n := lists.ReadRecipients(text, lists.Choices{}).Aside; n != 3 {
		t.Errorf("%d of recipients, want 3", n)
	}
}

// What an entry is written as reads as that entry, with an address in its note too.
func TestLine_KeepsANoteOfAddresses(t *testing.T) {
	t.Parallel()
	for _, e := range []lists.Entry{
		{Kind: models.ExpectEmail, Pattern: "ann@x.example", Note: "aweber, aweber@corp.x.example, Anna"}, {Kind: models.ExpectPerson, Pattern: "ann", Note: "pilot"},
		{Kind: models.ExpectHost, Pattern: "pc7", Note: "a@x.example, b@x.example"}, {Kind: models.ExpectHost, Pattern: "PC-7", Note: "PC-8"},
	} {
		line := lists.Line(e.Kind, e.Pattern, e.Note)
		read := lists.ReadExpected(line+"\n"+line, lists.Choices{}).Read
		if len(read) != 1 || read[0].Kind != e.Kind || read[0].Pattern != e.Pattern || read[0].Note != e.Note {
			t.Errorf("%+v is written as %q, read as %+v", e, line, read)
		}
	}
}

func TestReadRecipients_SaysWhyAnEntryOfAnExpectedListIsNoRecipient(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"*@x.example", "host:*", "host:pc-7", "Name,Email\nAll,*@x.example"} {
		list := lists.ReadRecipients(text, lists.Choices{})
		if len(list.People) != 0 || len(list.Bad) != 1 || !strings.Contains(list.Bad[0].Message, "recipient") {
			t.Errorf("%q: %+v", text, list)
		}
	}
}
