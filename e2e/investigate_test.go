package e2e

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestInvestigate_ResultsReloadShareAndComeBack searches as a support call goes: the
// page of results is reloaded, left and come back to, and sent to a colleague.
func TestInvestigate_ResultsReloadShareAndComeBack(t *testing.T) {
	t.Parallel()
	p := startProgram(t)
	_, secret := p.createToken(p.bearer("admin"), 4)
	for user, host := range map[string]string{"anna.weber": "lt-1", "bert.weber": "lt-2", "ada@contoso.example": "lt-3", "Ada@contoso.example": "lt-4"} {
		body := map[string]any{"authToken": map[string]any{"systemUserName": user, "fqdn": host}}
		p.call("POST", "/token/api/v5/authTokens", secret, body, http.StatusCreated, nil)
	}
	helpdesk := newBrowser(t, p.base, look{width: 390, height: 844, dark: true})
	helpdesk.logIn("helpdesk")
	helpdesk.open("/admin/investigate")
	helpdesk.fill("main #find", "„Weber“")
	helpdesk.press("Look up")
	helpdesk.see("main", "Read as", "Weber", "2 found", "anna.weber", "bert.weber")
	const results = "/admin/investigate?q=Weber"
	if at := strings.TrimPrefix(helpdesk.where(), p.base); at != results {
		t.Errorf("the results are at %s", at)
	}
	helpdesk.accessible("results of a search")
	if helpdesk.scrollsSideways() {
		t.Error("the results scroll sideways")
	}
	helpdesk.run(chromedp.Reload())
	helpdesk.see("main", "2 found", "anna.weber")
	helpdesk.click(`tbody a[href^="/admin/auth-tokens/"]`)
	helpdesk.is(`location.pathname.startsWith("/admin/auth-tokens/")`)
	helpdesk.run(chromedp.Evaluate(`history.back(); 0`, nil))
	helpdesk.is(`location.pathname + location.search === "` + results + `"`)
	helpdesk.is(`document.querySelector("main").innerText.includes("bert.weber")`) // a page that was kept has no new nodes

	admin := newBrowser(t, p.base, desktop)
	admin.logIn("admin")
	admin.searchFor("Ada <ada@contoso.example>")
	admin.see("main", "Read as an e-mail address: ada@contoso.example", "lt-3", "lt-4")
	shared := strings.TrimPrefix(admin.where(), p.base)
	if !strings.HasPrefix(shared, "/admin/investigate?ref=") {
		t.Errorf("the results of an e-mail address are at %s", shared)
	}
	helpdesk.open(shared)
	helpdesk.see("main", "Read as an e-mail address: a…@contoso.example", "lt-3", "lt-4")
	if text := strings.ToLower(helpdesk.text()); strings.Contains(text, "ada@") {
		t.Error("a shared address shows the helpdesk an e-mail address")
	}
}
