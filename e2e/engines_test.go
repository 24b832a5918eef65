package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"muster/internal/test/webdriver"
)

// TestEngines_LeadThroughTheProduct does in Firefox and WebKit, on a desk and on a
// phone, what people do with Muster.
func TestEngines_LeadThroughTheProduct(t *testing.T) {
	t.Run("all", func(t *testing.T) {
		for _, kind := range engines {
			t.Run(string(kind), func(t *testing.T) {
				t.Parallel()
				p := startProgram(t) // of its own: colours are a person's, who is the same in both
				w := newWindow(t, kind, p.base, desktop)
				for _, l := range bothWidths {
					w.must(w.Resize(w.ctx, int(l.width), int(l.height)))
					leadThrough(w, p, kind, int(l.width))
				}
				p.check()
			})
		}
	})
}

func leadThrough(w *window, p *program, kind webdriver.Kind, width int) {
	name := fmt.Sprintf("%s-%d", kind, width)
	label, person := "rollout "+name, name+"-person" // WebKit's driver loses capitals
	w.logIn("admin")
	before, err := w.Windows(w.ctx)
	w.must(err)

	// Create.
	w.open("/admin/registration-tokens/new")
	w.fill(`input[name="count"]`, "3")
	w.fill(`input[name="identifier"]`, label)
	w.press("Create token")
	w.see("main", "mrt_", "/redeem#mrt_")
	w.fits("the page of a new registration token")
	secret := w.secretIn()
	detail := w.attribute(`main a[href^="/admin/registration-tokens/"]:not([href$="/new"])`, "href")
	w.press("I have copied it")
	w.see("main", label, "0 of 3")

	// What a device takes shows by itself.
	p.call(http.MethodPost, "/token/api/v5/authTokens", secret, claimsOf(person, "pc-1.contoso.example"), http.StatusCreated, nil)
	w.see("main", "1 of 3", person)
	w.fits("the page of a registration token")

	// Redeem by the link.
	w.open("/redeem#" + secret)
	w.is(`document.querySelector('[name="registrationToken"]').value.startsWith("mrt_") && !location.href.includes("mrt_")`)
	w.fill(`[name="systemUserName"]`, person+"2")
	w.fill(`[name="fqdn"]`, "pc-2.contoso.example")
	w.click(`main form button[type="submit"]`)
	w.see("main", "Your auth token is ready", "mrf_")
	w.fits("the page of an auth token")

	// Search, and Back and reload show the same.
	w.open("/admin/registration-tokens")
	w.fill(`main input[name="q"]`, label)
	w.must(w.Press(w.ctx, webdriver.KeyEnter))
	w.is(`location.search.includes("q=") && document.querySelectorAll("#registration-tokens .row-open").length === 1`)
	w.fits("a list")
	// WebKit's driver takes every button for the left one. The tab stays open and
	// would start a login of its own when the session ends: only in the last look.
	if kind == webdriver.Firefox && int64(width) < desktop.width {
		w.clickRow(webdriver.MiddleButton)
		if n, err := w.Windows(w.ctx); err != nil || n != before+1 {
			w.tb.Errorf("after a middle click there are %d windows instead of %d (%v)", n, before+1, err)
		}
	}
	w.clickRow(webdriver.LeftButton)
	w.is(`location.pathname === "` + detail + `"`)
	w.see("main", label, "2 of 3")
	w.must(w.Back(w.ctx))
	w.is(`document.querySelectorAll("#registration-tokens .row-open").length === 1`)
	w.must(w.Reload(w.ctx))
	w.is(`document.querySelectorAll("#registration-tokens .row-open").length === 1`)
	if strings.Contains(w.text(), secret) {
		w.tb.Error("the list shows the secret")
	}

	// Edit.
	w.open(detail + "/edit")
	w.fill(`input[name="identifier"]`, label+" edited")
	w.press("Save changes")
	w.see("main", label+" edited")

	// Colours stay over a reload. Before its script has run the switch does nothing.
	w.is(`document.readyState === "complete"`)
	w.click(`[data-theme-switch]`)
	w.is(`document.documentElement.dataset.theme === "light"`)
	w.click(`[data-theme-switch]`)
	w.is(`document.documentElement.dataset.theme === "dark"`)
	w.must(w.Reload(w.ctx))
	w.is(`document.documentElement.dataset.theme === "dark"`)
	w.click(`[data-theme-switch]`)

	// Delete an auth token, in the dialog: one can type at once, and Escape leaves.
	w.open("/admin/auth-tokens?q=" + person + "2")
	w.clickRow(webdriver.LeftButton)
	w.see("h1", "admin@muster.example") // who redeemed it while signed in
	w.press("Delete…")
	w.see("dialog[open]", "Delete the auth token of admin@muster.example?", "elsewhere in 1")
	w.is(`document.activeElement.matches('dialog [name="reason"]')`)
	w.must(w.Press(w.ctx, webdriver.KeyEscape))
	w.is(`!document.querySelector("dialog[open]")`)
	w.press("Delete…")
	w.is(`document.activeElement.matches('dialog[open] [name="reason"]')`)
	w.must(w.Type(w.ctx, `dialog [name="reason"]`, "Laptop lost"))
	w.press("Delete auth token")
	w.see("main", "Deleted", "Laptop lost")
	w.is(`!document.querySelector("dialog[open]")`)
	w.fits("a deleted auth token")

	// After logging out, Back shows nothing of before.
	w.click(`form[action="/auth/logout"] button`)
	w.see("main", "logged out")
	w.must(w.Back(w.ctx))
	w.is(`!document.body.innerText.includes("Laptop lost") && document.querySelector('[name="password"], form[action="/auth/login"], a[href^="/auth/login"]')`)
}

// clickRow clicks the only row of a list where it has no control.
func (w *window) clickRow(button int) {
	w.tb.Helper()
	var at struct{ X, Y int }
	w.eval(&at, `(() => {
		const cell = document.querySelector("tr:has(.row-open) td:last-child");
		cell.scrollIntoView({block: "center"});
		const box = cell.getBoundingClientRect();
		return {x: Math.round(box.right - 3), y: Math.round(box.bottom - 3)};
	})()`)
	w.must(w.ClickAt(w.ctx, at.X, at.Y, button))
}

func claimsOf(person, host string) map[string]any {
	return map[string]any{"authToken": map[string]any{"systemUserName": person, "fqdn": host}}
}
