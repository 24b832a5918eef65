package lists_test

import (
	"slices"
	"strings"
	"testing"

	"muster/models"
	"muster/models/lists"
)

// entry is the one entry of a list of one line.
func entry(t *testing.T, line string) models.Expectation {
	t.Helper()
	list := lists.ReadExpected(line, lists.Choices{})
	if len(list.Entries) != 1 || len(list.Bad) != 0 {
		t.Fatalf("%q is read as %+v", line, list)
	}
	return list.Entries[0]
}

func TestReadExpected_ReadsListsAsPeopleHaveThem(t *testing.T) {
	t.Parallel()
	list := lists.ReadExpected(strings.Join([]string{
		"Ada Lovelace <Ada@example.com>", "", "ada@EXAMPLE.com", "Grace; grace@example.com; pilot", `CONTOSO\carl`, "host:pc7", "person: a.b.c", "*.lab.example", "pc-1.lab.example\tdesk 4",
		"@", "per*son", "*", "x*@example.com", "a\u202eb",
	}, "\r\n"), lists.Choices{})
	var got []string
	for _, e := range list.Entries {
		got = append(got, string(e.Kind)+" "+e.Folded+" "+e.Note)
	}
	want := []string{
		"email ada@example.com Ada Lovelace", "email grace@example.com Grace, pilot", "person carl@contoso ", "host pc7 ", "person a.b.c ",
		"host *.lab.example ", "host pc-1.lab.example desk 4", "host per*son ",
	}
	if !slices.Equal(got, want) {
		t.Errorf("read\n%q, want\n%q", got, want)
	}
	var lines []int
	for _, bad := range list.Bad {
		lines = append(lines, bad.Line)
	}
	if !slices.Equal(lines, []int{10, 12, 13, 14}) {
		t.Errorf("bad lines %v: %+v", lines, list.Bad)
	}
	sheet := lists.ReadExpected("Note,Host name,Name\nfirst,pc-1,Ann\n,,bob\n", lists.Choices{})
	if len(sheet.Bad) != 0 || len(sheet.Entries) != 2 || sheet.Entries[0].Kind != models.ExpectHost || sheet.Entries[0].Note != "first, Ann" || sheet.Entries[1].Pattern != "bob" {
		t.Errorf("a sheet is read as %+v", sheet)
	}
}

// Of what is beside an address, the columns say how much became notes, which stand in
// their order; a row of blank cells is nothing.
func TestReadExpected_SaysOfColumnsWhatBecameNotes(t *testing.T) {
	t.Parallel()
	list := lists.ReadExpected("Name;DNSHostName;Mail;Abteilung\nPC-1;pc-1.lab.example;ann@x.example;Lab\n;;;\n\"\";\"\";\"\";\"\"\nPC-2;pc-2.lab.example;;Lab\nPC-3;;bob@x.example;Lab\n", lists.Choices{})
	var notes []string
	for _, e := range list.Read {
		notes = append(notes, e.Note)
	}
	if want := []string{"PC-1, pc-1.lab.example", "", "PC-3"}; !slices.Equal(notes, want) || len(list.Bad) != 0 {
		t.Errorf("notes %q, want %q; left out %+v", notes, want, list.Bad)
	}
	var noted []int
	for _, c := range list.Columns {
		noted = append(noted, c.Noted)
	}
	if want := []int{2, 1, 0, 0}; !slices.Equal(noted, want) {
		t.Errorf("the columns say %v, want %v", noted, want)
	}
}

func TestExpectation_IsWrittenAsItIsRead(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		"ann", "ann;pilot group, north", "ann@example.com;Ann Example", "*.lab.example", "host:pc7;a.b.c", "person:a.b.c;host.of.ann", "person:name", "person:user",
		`"Lovelace, Ada";`, `CONTOSO\ann;"he said ""yes"""`, "host:pc7;ann@example.com", "person:ann;b@example.com",
	} {
		e := entry(t, line)
		written := lists.Line(e.Kind, e.Pattern, e.Note)
		again := entry(t, written)
		if again.Key() != e.Key() || again.Note != e.Note || again.Pattern != e.Pattern {
			t.Errorf("%q is written as %q, read as %+v", line, written, again)
		}
	}
}
