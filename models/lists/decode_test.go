package lists_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"muster/models"
	"muster/models/lists"
)

func TestDecode_ReadsWhatSpreadsheetsWrite(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		raw, want string
		encoding  lists.Encoding
		err       error
	}{
		"UTF-8":                      {"Zoë", "Zoë", lists.UTF8, nil},
		"with a mark":                {"\xef\xbb\xbfZoë", "Zoë", lists.UTF8, nil},
		"UTF-16, little end first":   {"\xff\xfeZ\x00o\x00\xeb\x00", "Zoë", lists.UTF16, nil},
		"UTF-16, big end first":      {"\xfe\xff\x00Z\x00o\x00\xeb", "Zoë", lists.UTF16, nil},
		"UTF-16 without a mark":      {"Z\x00o\x00", "Zo", lists.UTF16, nil},
		"a pair of UTF-16":           {"\xff\xfe\x3d\xd8\x00\xde", "😀", lists.UTF16, nil},
		"Windows-1252":               {"Zo\xeb \x80", "Zoë €", lists.Windows, nil},
		"nothing":                    {"", "", lists.UTF8, nil},
		"a byte that says nothing":   {"Zo\xeb\x81", "", "", lists.ErrNoText},
		"a workbook":                 {"PK\x03\x04...", "", "", lists.ErrWorkbook},
		"an old workbook":            {"\xd0\xcf\x11\xe0...", "", "", lists.ErrWorkbook},
		"a picture":                  {"\x89PNG\r\n\x1a\n\x00\x00\x00\x0d", "", "", lists.ErrNoText},
		"zeros in UTF-8":             {"a\x00b", "", "", lists.ErrNoText},
		"half a pair of UTF-16":      {"\xff\xfe\x3d\xd8", "", "", lists.ErrNoText},
		"a byte too many for UTF-16": {"\xff\xfeZ\x00o", "Z", lists.UTF16, nil},
	} {
		text, encoding, err := lists.Decode([]byte(c.raw))
		if text != c.want || encoding != c.encoding || !errors.Is(err, c.err) {
			t.Errorf("%s: %q, %s, %v", name, text, encoding, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("a,b\nc"))
	f.Add([]byte("\xff\xfea\x00"))
	f.Add([]byte("\xe4;\xfc"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		text, _, err := lists.Decode(raw)
		if err != nil && text != "" || !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
			t.Errorf("%q, %v", text, err)
		}
	})
}

// Whatever people say about columns and guesses counts, and nothing else does.
func TestReadExpected_GoesByWhatPeopleSay(t *testing.T) {
	t.Parallel()
	const text = "Host,Owner tag,Mail\npc-7,ann,ann@contoso.example\n"
	for name, c := range map[string]struct {
		text    string
		choices lists.Choices
		want    []string
	}{
		"as guessed":              {text, lists.Choices{}, []string{"email ann@contoso.example pc-7"}},
		"a column":                {text, lists.Choices{Columns: map[string]lists.Role{"mail": lists.None, "owner tag": lists.Note}}, []string{"host pc-7 ann"}},
		"an e-mail as user name":  {text, lists.Choices{Columns: map[string]lists.Role{"mail": lists.User, "host": lists.None}}, []string{"person ann@contoso.example"}},
		"what no list has":        {text, lists.Choices{Columns: map[string]lists.Role{"mail": lists.Given, "nothing": lists.Host}}, []string{"email ann@contoso.example pc-7"}},
		"names that are machines": {"alpha\nbeta", lists.Choices{Guessed: map[models.ExpectationKind]models.ExpectationKind{models.ExpectPerson: models.ExpectHost}}, []string{"host alpha", "host beta"}},
		"addresses that are logins": {
			"Ann <ann@contoso.example>\nperson:x@contoso.example", lists.Choices{Guessed: map[models.ExpectationKind]models.ExpectationKind{models.ExpectEmail: models.ExpectPerson}},
			[]string{"person ann@contoso.example Ann", "person x@contoso.example"},
		},
		"a kind that is none": {"ann", lists.Choices{Guessed: map[models.ExpectationKind]models.ExpectationKind{models.ExpectPerson: "group"}}, []string{"person ann"}},
		"the second column of a typed list": {
			"1;ann\n2;bob", lists.Choices{Columns: map[string]lists.Role{"#1": lists.None, "#2": lists.User}}, []string{"person ann", "person bob"},
		},
		"two columns with one heading": {
			"User,User\nann,bob", lists.Choices{Columns: map[string]lists.Role{"user": lists.None}}, []string{"person bob"},
		},
	} {
		var got []string
		for _, e := range lists.ReadExpected(c.text, c.choices).Read {
			got = append(got, strings.TrimSpace(string(e.Kind)+" "+e.Pattern+" "+e.Note))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// A quotation mark that opens a cell may hold lines together; a stray one does not
// swallow what follows.
func TestReadExpected_QuotesHoldOnlyWhatBelongsTogether(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"User,Note\nann,\"one\ntwo\"\nbob,": {"ann", "bob"},
		"\"ann\nbob\ncarl\"\ndora":          {"bob", `carl"`, "dora"},
		"ann;5\" screen\nbob":               {"ann", "bob"},
		"User;Note\n\"open;\nbob;x":         {"bob"},
	} {
		var got []string
		list := lists.ReadExpected(text, lists.Choices{})
		for _, e := range list.Read {
			got = append(got, e.Pattern)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q; left out %+v", text, got, want, list.Bad)
		}
	}
}

// No word of a list goes lost: it is in an entry, in a line that is named, repeated,
// or in a cell that is counted as not used.
func FuzzReadExpected_LosesNothing(f *testing.F) {
	for _, seed := range []string{"ann;bob", "Host,Note\npc,x", "a@b.c, d <e@f.g>", "sep=;\nx;\"y\nz\"", "\"", "Name\nx", "#TYPE a\n\"User\"\n\"x\"", "a\n\nUser,Note\nb,c"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		list := lists.ReadExpected(text, lists.Choices{})
		for _, e := range list.Read {
			if e.Pattern == "" || models.CheckText("entry", e.Pattern+" "+e.Note, 2*models.MaxNameLength, false) != nil {
				t.Errorf("an entry %+v", e)
			}
		}
		if list.Unused+list.Repeated > 0 || strings.ContainsAny(text, "\"#=\\<>:'\t\x00") || !utf8.ValidString(text) || len(list.Columns) > 0 {
			return
		}
		var kept strings.Builder
		for _, e := range list.Read {
			kept.WriteString(e.Pattern + " " + e.Note + "\n")
		}
		for _, p := range list.Bad {
			kept.WriteString(p.Text + "\n")
		}
		for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r < 'a' || r > 'z' }) {
			if !strings.Contains(strings.ToLower(kept.String()), word) && !strings.EqualFold(strings.TrimSpace(text), word) {
				t.Errorf("%q is lost of %q: %s", word, text, kept.String())
			}
		}
	})
}
