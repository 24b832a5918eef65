package words_test

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"muster/models/words"
)

func TestOf_CutsWhatPeopleAndDevicesAreCalled(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                           "",
		" .@-_ ":                     "",
		"anna.weber@contoso.example": "anna weber contoso example",
		`CONTOSO\Anna.Weber`:         "contoso anna weber",
		"LT-0417.corp":               "lt 0417 corp",
		"LT0417":                     "lt0417 0417",
		"user1":                      "user1",
		"desktop-4f7g2k9":            "desktop 4f7g2k9",
		"ab12cd34":                   "ab12cd34 12cd34 cd34 34",
		"Müller":                     "muller mueller",
		norm.NFD.String("Müller"):    "muller mueller",
		"ＭÜＬＬＥＲ":                     "muller mueller",
		"Mueller":                    "mueller",
		"Straße":                     "strasse",
		"Søren Æbelø":                "soren soeren aebelo aebeloe",
		"Ångström":                   "angstrom aangstroem",
		"Łukasz İnan Đorđe":          "lukasz inan dorde",
		"zero\u200bwidth so\u00adft": "zerowidth soft",
		"O'Brien-Smith O’Brien":      "o brien smith",
		"Иван Петров":                "иван петров",
		"東京 がく":                      "東京 かく",
		"a\u0301":                    "a",
		"\u0301 x":                   "x",
		"Seat 7 (2nd floor)":         "seat 7 2nd floor",
		strings.Repeat("x", 40):      strings.Repeat("x", 32),
	} {
		if got := strings.Join(words.Of(text), " "); got != want {
			t.Errorf("%q has the words %q, want %q", text, got, want)
		}
	}
}

func TestWithEnds_FindTheMiddle(t *testing.T) {
	t.Parallel()
	if got, want := strings.Join(words.WithEnds([]string{"pilot", "ab", "büro"}), " "), "pilot ilot lot ab büro üro"; got != want {
		t.Errorf("ends are %q, want %q", got, want)
	}
}

func TestQuery_TriesEverySpelling(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Weber": "[[weber]]", "Müller, Anna": "[[muller mueller] [anna]]", "muller": "[[muller]]", "anna ANNA": "[[anna]]", "lt0417": "[[lt0417]]", "%": "[]",
	} {
		if got := strings.ReplaceAll(strings.TrimSpace(sprint(words.Query(text))), "\n", ""); got != want {
			t.Errorf("%q asks for %s, want %s", text, got, want)
		}
	}
}

func sprint(all []words.Word) string {
	parts := make([]string, len(all))
	for i, word := range all {
		parts[i] = "[" + strings.Join(word, " ") + "]"
	}
	return "[" + strings.Join(parts, " ") + "]"
}

func TestEntries_SayWhoFindsThem(t *testing.T) {
	t.Parallel()
	entries := words.Entries([]string{"weber", "anna", "contoso"}, []string{"a", "contoso"})
	want := []words.Entry{{words.Shown, "contoso"}, {words.Hidden, "anna"}, {words.Hidden, "weber"}, {words.Masked, "a"}}
	if !slices.Equal(entries, want) {
		t.Errorf("entries are %v, want %v", entries, want)
	}
	if left := words.Less(entries, want[1:3]); !slices.Equal(left, []words.Entry{want[0], want[3]}) {
		t.Errorf("less: %v", left)
	}
}

func FuzzOf_EveryTextIsFoundByItself(f *testing.F) {
	for _, seed := range []string{"anna.weber@contoso.example", "LT0417", "Müller", "ǅ ŉ İ", "\u1e9e", "\u0345a", "a\u0300\u0301b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		of := words.Of(text)
		for _, word := range of {
			if word == "" || strings.ContainsAny(word, " \t\n@.-") || len([]rune(word)) > 32 {
				t.Fatalf("%q has the word %q", text, word)
			}
		}
		for _, typed := range words.Query(text) {
			if !slices.ContainsFunc(typed, func(word string) bool { return slices.Contains(of, word) }) {
				t.Fatalf("%q asks for %q, and has %q", text, typed, of)
			}
		}
		if nfd := words.Of(norm.NFD.String(text)); !slices.Equal(nfd, words.Of(norm.NFC.String(text))) {
			t.Fatalf("%q in NFD has the words %q, in NFC %q", text, nfd, words.Of(norm.NFC.String(text)))
		}
	})
}
