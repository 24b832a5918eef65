package ui

import "testing"

// The end of a host or an e-mail address stays: it tells organisations apart.
func TestCut_KeepsTheEndOfHostsAndAddresses(t *testing.T) {
	t.Parallel()
	for text, tail := range map[string]string{
		"anna.weber@contoso.example":            "@contoso.example",
		"very-long-host.emea.contoso.example":   "contoso.example",
		"pc1":                                   "",
		"short@x.test":                          "",
		"a label with words.and dots.in it":     "",
		"build-server-of-the-night":             "",
		"anna@departments.offices.long.example": "offices.long.example",
		"anna@departments-with-very-long-names": "",
		"حاسوب.مثال.طويل.جدا.example":           "",
		"10.203.113.211":                        "",
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
