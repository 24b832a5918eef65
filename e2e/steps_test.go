package e2e

import (
	"net/http"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// walker is a browser that counts the steps of a journey: clicks, typed fields and pages
// that load.
type walker struct {
	*browser
	clicks, fields int
	loads          atomic.Int64
}

func newWalker(t *testing.T, base string) *walker {
	t.Helper()
	w := &walker{browser: newBrowser(t, base, desktop)}
	chromedp.ListenTarget(w.ctx, func(event any) {
		if e, ok := event.(*page.EventFrameNavigated); ok && e.Frame.ParentID == "" {
			w.loads.Add(1)
		}
	})
	return w
}

// begin starts a journey on a page, which is not counted.
func (w *walker) begin(path string) {
	w.tb.Helper()
	w.open(path)
	w.is(`true`)
	w.clicks, w.fields = 0, 0
	w.loads.Store(0)
}

func (w *walker) types(selector, text string) {
	w.tb.Helper()
	w.fill(selector, text)
	w.fields++
}

func (w *walker) hits(selector string) {
	w.tb.Helper()
	w.click(selector)
	w.clicks++
}

func (w *walker) presses(text string) {
	w.tb.Helper()
	w.press(text)
	w.clicks++
}

// arrived ends a journey, which may take so many steps and no more.
func (w *walker) arrived(journey string, most int) {
	w.tb.Helper()
	w.is(`true`)
	loads := int(w.loads.Load())
	steps := w.clicks + w.fields + loads
	w.tb.Logf("%s: %d steps: %d clicks, %d fields, %d pages", journey, steps, w.clicks, w.fields, loads)
	if steps > most {
		w.tb.Errorf("%s takes %d steps, more than %d", journey, steps, most)
	}
}

// The ten journeys that people make most, in steps. None may become longer.
func TestSteps_NoJourneyBecomesLonger(t *testing.T) {
	t.Parallel()
	p := startProgram(t)
	bearer := p.bearer("admin")
	id, secret := p.createToken(bearer, 2)
	self := "/admin/registration-tokens/" + id
	device := func(user string) map[string]any {
		return map[string]any{"authToken": map[string]any{"systemUserName": user, "fqdn": user + "-pc.contoso.example"}}
	}
	var issued struct {
		AuthToken struct{ ID string } `json:"authToken"`
	}
	for _, user := range []string{"ana", "björn"} {
		p.call(http.MethodPost, "/token/api/v5/authTokens", secret, device(user), http.StatusCreated, &issued)
	}
	var refused struct {
		SupportCode string `json:"support_code"`
	}
	p.call(http.MethodPost, "/token/api/v5/authTokens", secret, device("chen"), http.StatusConflict, &refused)

	w := newWalker(t, p.base)
	w.allow("htmx:sendAbort", "htmx:afterRequest")
	w.logIn("admin")

	w.begin("/admin")
	w.hits(`main a[data-shortcut="n"]`)
	w.types(`input[name="count"]`, "3")
	w.presses("Create token")
	w.see("#secret", "mrt_")
	created := secretPattern.FindString(w.text())
	w.arrived("create", 5)

	w.clicks, w.fields = 0, 0
	w.loads.Store(0)
	w.hits(`[data-copy-target="redeem-link"]`)
	w.see(`[data-copy-target="redeem-link"]`, "Copied")
	w.arrived("share", 1)

	visitor := newWalker(t, p.base)
	visitor.begin("about:blank")
	visitor.open("/redeem#" + created)
	visitor.types(`[name="systemUserName"]`, "dora")
	visitor.hits(`main form[data-redeem] button[type="submit"]`)
	visitor.see("main", "Your auth token is ready")
	visitor.arrived("redeem", 3)

	w.begin("/admin")
	w.types("#find", refused.SupportCode)
	w.hits(`form:has(#find) button[type="submit"]`)
	w.see("#answer", "used up")
	w.arrived("investigate", 3)

	w.begin("/admin")
	w.hits(`main a[href="` + self + `"]`)
	w.hits(`main form[action="` + self + `/raise"] button`)
	w.see(".notice-success", "raised")
	w.arrived("raise", 4)

	w.begin("/admin/registration-tokens")
	w.hits("[data-select-all]")
	w.presses("Replace…")
	w.presses("Replace 2 tokens and save the file")
	w.see("main", "were replaced")
	w.arrived("replace for many", 4)

	w.begin("/admin/auth-tokens/" + issued.AuthToken.ID)
	w.presses("Delete…")
	w.types(`dialog [name="reason"]`, "Laptop lost")
	w.presses("Delete auth token")
	w.see("main", "Deleted")
	w.arrived("delete", 4)

	folder := t.TempDir()
	w.saveTo(folder)
	w.begin("/admin/auth-tokens")
	w.hits(`main form[action$="/export"] button[type="submit"]`)
	savedFile(t, folder, "*.csv", "björn-pc", 1)
	w.arrived("export", 1)

	w.begin(newTokenForm)
	w.types(`input[name="count"]`, "4")
	p.endSessions()
	w.presses("Create token")
	w.types(`input[name="username"]`, "admin")
	w.types(`input[name="password"]`, "admin")
	w.hits(`form button[type="submit"]`)
	w.presses("Create token")
	w.see("#secret", "mrt_")
	w.arrived("sign in again under a form", 9)
	w.press("I have copied it")
	w.see("main", "0 of 4")

	w.begin(self)
	w.presses("Print")
	w.see(".evidence", "Printed by", "björn")
	w.run(chromedp.Evaluate(`window.print = () => document.body.setAttribute("data-printed", ""); 0`, nil))
	w.presses("Print")
	w.is(`"printed" in document.body.dataset`)
	w.arrived("print", 3)

	if strings.Contains(p.logs.String(), filepath.Base(created)) {
		t.Error("a secret is in the log")
	}
	p.check()
}
