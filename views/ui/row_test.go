package ui

import "testing"

// A word is cut once, before its end; what has spaces or is written from the right only
// at its end.
func TestCut_KeepsTheEndOfAWord(t *testing.T) {
	t.Parallel()
	for text, tail := range map[string]string{
		"anna.weber@contoso.example":        ".example",
		"build-server-of-the-night":         "he-night",
		"pc1":                               "",
		"short@x.test":                      "",
		"a label with words.and dots in it": "",
		"حاسوب.مثال.طويل.جدا.example": "",
		"10.203.113.211":              "",
		"rechner-in-der-ku\u0308che":  "r-ku\u0308che",
		"rechner-der-ku\u0308chen-os": "u\u0308chen-os",
	} {
		head, got := cut(text)
		if got != tail || head+got != text {
			t.Errorf("%q is cut into %q and %q, want the end %q", text, head, got, tail)
		}
	}
}

func TestExtent_SaysWhereInTheListAPageIs(t *testing.T) {
	t.Parallel()
	for want, got := range map[string]string{
		"1–50 of 1,234": Extent(0, 50, 1_234, false), "51–100 of 1,000+": Extent(50, 50, 1_000, true), "": Extent(50, 0, 50, false),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
