package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestZone_IsTheBrowsersWithoutAsking: the script tells it, and the server's own text
// has it, also on the first page.
func TestZone_IsTheBrowsersWithoutAsking(t *testing.T) {
	t.Parallel()
	p := startProgram(t)
	b := newBrowser(t, p.base, look{width: 1440, height: 1000, zone: "Asia/Kolkata"})
	b.logIn("admin")
	b.open("/admin/audit")
	if got := b.attribute("main time", "title"); !strings.Contains(got, " IST") {
		t.Errorf("the time is %q", got)
	}
	// Chromium calls it Asia/Calcutta.
	var own string
	b.run(chromedp.Evaluate(`Intl.DateTimeFormat().resolvedOptions().timeZone`, &own))
	if got := b.attribute("html", "data-zone"); got != own || own == "UTC" {
		t.Errorf("the page is in %s, the browser in %s", got, own)
	}
}

// TestZone_IsAskedForWithoutScript once, and kept.
func TestZone_IsAskedForWithoutScript(t *testing.T) {
	t.Parallel()
	p := startProgram(t)
	b := newBrowser(t, p.base, look{width: 390, height: 844, noScript: true, zone: "Asia/Kolkata"})
	b.logIn("admin")
	b.open("/admin/audit")
	b.see("main", "Times are in UTC.")
	b.press("Keep UTC")
	b.see("main", "Your settings were saved.")
	b.open("/admin/audit")
	if got := b.attribute("main time", "title"); !strings.HasSuffix(got, " UTC") {
		t.Errorf("the time is %q", got)
	}
}
