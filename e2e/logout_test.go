package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// No page of before is kept in a cache, not even in the one that Back looks in.
// Firefox and WebKit are asked the same in their journey.
func TestLogout_BackShowsNothingOfBefore(t *testing.T) {
	t.Parallel()
	p := startProgram(t)
	p.createToken(p.bearer("admin"), 7)
	for name, l := range map[string]look{"with JavaScript": desktop, "without JavaScript": {width: 390, height: 844, noScript: true}} {
		t.Run(name, func(t *testing.T) {
			b := newBrowser(t, p.base, l)
			b.logIn("admin")
			b.open("/admin/registration-tokens")
			b.see("main", "0 of 7")
			b.click(`form[action="/auth/logout"] button`)
			b.see("main", "logged out")
			b.run(chromedp.NavigateBack())
			b.see("main", "Development login")
			if strings.Contains(b.text(), "0 of 7") {
				t.Error("Back shows the list")
			}
		})
	}
}
