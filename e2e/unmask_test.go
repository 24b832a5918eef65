package e2e

import (
	"strings"
	"testing"
)

// TestUnmask_OneClickShowsAndHides is a call at the helpdesk: the person says
// their address, and somebody compares.
func TestUnmask_OneClickShowsAndHides(t *testing.T) {
	t.Parallel()
	p := startProgram(t, "--demo")
	b := newBrowser(t, p.base, look{width: 390, height: 844, dark: true})
	b.allow("htmx:sendAbort", "htmx:afterRequest")
	b.logIn("helpdesk")
	b.open("/admin/auth-tokens")
	// Whole addresses: masked ones do not look like this.
	const whole = `/\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b/.test(document.querySelector("main").innerText)`
	b.is(`!` + whole)
	b.click(`tbody a[href^="/admin/auth-tokens/"]`)
	b.see(".mask-bar", "E-mail and IP addresses are masked. Showing them is recorded.")
	b.is(`!` + whole)
	page := b.where()

	const fits = `document.documentElement.scrollWidth <= document.documentElement.clientWidth`
	b.is(fits)
	b.press("Show them for 15 minutes")
	b.see(".mask-bar", "shown to you until", "UTC. This is recorded")
	b.is(whole)
	b.accessible("an auth token with its addresses shown")
	b.is(fits)
	if b.where() != page {
		t.Errorf("it leads to %s", b.where())
	}
	b.open("/admin/auth-tokens")
	b.is(`!` + whole)
	b.open("/admin/audit")
	b.see("#audit", "was shown the e-mail and IP addresses of the auth token of")

	b.open(strings.TrimPrefix(page, p.base))
	b.press("Hide them")
	b.see(".mask-bar", "are masked")
	b.is(`!` + whole)
}
