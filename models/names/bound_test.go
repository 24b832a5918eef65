package names_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"muster/models/names"
)

func TestBound_KeepsNamesApartAndShort(t *testing.T) {
	t.Parallel()
	short := strings.Repeat("x", 512)
	if got := names.Bound(short); got != short {
		t.Errorf("512 bytes became %q", got)
	}
	long := strings.Repeat("ü", 300)
	seen := map[string]bool{}
	for _, text := range []string{long, long + "1", "1" + long, "12" + long, "123" + long} {
		got := names.Bound(text)
		if len(got) > 512 || !utf8.ValidString(got) || names.Bound(got) != got {
			t.Errorf("%d bytes: %q", len(got), got)
		}
		if text[:400] != got[:400] {
			t.Errorf("it begins differently: %q", got)
		}
		seen[got] = true
	}
	if len(seen) != 5 {
		t.Errorf("%d of 5 are told apart", len(seen))
	}
}

// A sighting's identity has up to four of its texts, and an index has more beside.
func TestParse_IsShortEnoughForAnIndex(t *testing.T) {
	t.Parallel()
	expands := strings.Repeat("\U0001D160", 150)
	for _, s := range []names.Sighting{
		{User: expands + "@" + expands, Host: "a." + expands, MAC: expands},
		{User: "svc-" + expands, Host: expands},
		{Issuer: "https://id.example", Subject: strings.Repeat("x", 3000), Email: expands + "@" + expands},
	} {
		p := names.Rules{}.Parse(s)
		for _, text := range []string{p.Local, p.Domain, p.Subject, p.Account, p.Label, p.Host, p.MAC} {
			if len(text) > 512 {
				t.Errorf("%d bytes", len(text))
			}
		}
		if again := (names.Rules{}).Parse(s); again != p {
			t.Errorf("%+v is not %+v", again, p)
		}
	}
}
