package e2e

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// keys types without focusing anything first.
func (b *browser) keys(keys string) {
	b.tb.Helper()
	b.run(chromedp.KeyEvent(keys))
}

// is waits until an expression holds, on this page or the next one.
func (b *browser) is(expression string) {
	b.tb.Helper()
	var holds bool
	var err error
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); <-time.After(30 * time.Millisecond) {
		// A page that goes away while it is asked is asked again.
		if err = chromedp.Run(b.ctx, chromedp.Evaluate(`document.readyState === "complete" && (`+expression+")", &holds)); err == nil && holds {
			return
		}
	}
	b.tb.Fatalf("never true: %s (%v) at %s\n%s", expression, err, b.where(), b.text())
}

// TestKeyboard_LeadsThroughTheJourney goes from the login to a deleted auth
// token without a mouse.
func TestKeyboard_LeadsThroughTheJourney(t *testing.T) {
	p := startProgram(t)
	b := newBrowser(t, p.base, desktop)
	b.logIn("admin")
	// A page that is left while it reloads a part lets htmx say so.
	b.allow("htmx:sendAbort", "htmx:afterRequest")
	b.open("/admin")
	b.keys("?")
	b.is(`document.getElementById("shortcuts").open`)
	b.keys("n") // a dialog is open: nothing else listens
	b.keys(kb.Escape)
	b.is(`!document.getElementById("shortcuts").open && location.pathname === "/admin"`)

	// On a phone the search box has a line of its own.
	b.show(look{width: 390, height: 844})
	b.keys("/")
	b.is(`location.pathname === "/admin" && document.activeElement.id === "find"`)
	b.show(desktop)
	b.open("/admin")

	b.keys("n")
	b.is(`location.pathname === "/admin/registration-tokens/new" && document.activeElement.name === "count"`)
	b.keys("2n?/") // typing is typing
	b.is(`document.activeElement.value === "2n?/" && location.pathname === "/admin/registration-tokens/new"`)
	b.keys(kb.Backspace + kb.Backspace + kb.Backspace + kb.Enter)
	b.see("main", "mrt_")
	secret := secretPattern.FindString(b.text())
	b.run(chromedp.Focus(`[data-copy-target="secret"]`, chromedp.ByQuery))
	b.keys(kb.Enter)
	b.see(`[data-copy-target="secret"]`, "Copied")
	b.is("!" + asksBeforeLeaving)

	visitor := newBrowser(t, p.base, desktop)
	visitor.open("/redeem")
	visitor.run(chromedp.Focus(`[name="registrationToken"]`, chromedp.ByQuery))
	visitor.keys(secret + kb.Tab + "amara" + kb.Enter)
	visitor.see("main", "Your auth token is ready")

	b.keys("ga")
	b.is(`location.pathname === "/admin/auth-tokens"`)
	b.keys("/") // the box of a list is for the list
	b.is(`location.pathname === "/admin/investigate" && document.activeElement.id === "find"`)
	// The tool sends the character after the key even if the key was taken.
	b.run(chromedp.Evaluate(`document.activeElement.select(); 0`, nil))
	b.keys("amara" + kb.Enter)
	b.is(`location.pathname.startsWith("/admin/auth-tokens/0")`)
	b.run(chromedp.Focus(`main a[href*="/admin/auth-tokens/delete"]`, chromedp.ByQuery))
	b.keys(kb.Enter)
	b.see("#confirm", "amara")
	b.is(`document.querySelector("#confirm").contains(document.activeElement) || document.querySelector("dialog[open]") !== null`)
	b.run(chromedp.Focus(`#confirm button[type="submit"]`, chromedp.ByQuery))
	b.keys(kb.Enter)
	b.see("main", "Deleted")
	for keys, path := range map[string]string{"go": "/admin", "gr": "/admin/registration-tokens", "gt": "/admin/audit"} {
		b.keys(keys)
		b.is(`location.pathname === "` + path + `"`)
	}
}

// focus is where the keyboard is: on the page at all, drawn around, and in sight.
const focus = `(() => {
	const at = document.activeElement;
	if (!at || at === document.body) return "nowhere";
	const style = getComputedStyle(at), box = at.getBoundingClientRect();
	if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) === 0) return "not drawn: " + at.outerHTML.slice(0, 120);
	if (box.bottom <= 0 || box.top >= innerHeight || box.width === 0) return "out of sight: " + at.outerHTML.slice(0, 120);
	return "";
})()`

// focused fails unless it is seen where the keyboard is.
func (b *browser) focused(after string) {
	b.tb.Helper()
	var wrong string
	b.run(chromedp.Evaluate(focus, &wrong))
	if wrong != "" {
		b.tb.Errorf("after %s the focus is %s", after, wrong)
	}
}

// tabTo goes on by the tabulator key to what the selector matches, and looks at each
// stop on the way.
func (b *browser) tabTo(selector string) {
	b.tb.Helper()
	const most = 120
	for range most {
		b.keys(kb.Tab)
		b.focused("a tabulator")
		var there bool
		b.run(chromedp.Evaluate(`document.activeElement.matches(`+strconv.Quote(selector)+`)`, &there))
		if there {
			return
		}
	}
	b.tb.Fatalf("no way to %s by %d tabulators", selector, most)
}

// TestKeyboard_FindsRaisesDeletesAndCopies answers a call from a first look to the text
// for the user with nothing but keys.
func TestKeyboard_FindsRaisesDeletesAndCopies(t *testing.T) {
	t.Parallel()
	p := startProgram(t)
	id, secret := p.createToken(p.bearer("admin"), 3)
	self := "/admin/registration-tokens/" + id
	device := func(user string) map[string]any {
		return map[string]any{"authToken": map[string]any{"systemUserName": user, "fqdn": user + "-pc.contoso.example"}}
	}
	for range 3 {
		p.call(http.MethodPost, "/token/api/v5/authTokens", secret, device("ana"), http.StatusCreated, nil)
	}
	var refused struct {
		SupportCode string `json:"support_code"`
	}
	p.call(http.MethodPost, "/token/api/v5/authTokens", secret, device("chen"), http.StatusConflict, &refused)
	b := newBrowser(t, p.base, desktop)
	b.allow("htmx:sendAbort", "htmx:afterRequest")
	b.logIn("admin")

	// Find.
	b.open("/admin")
	b.keys("/")
	b.is(`document.activeElement.id === "find"`)
	b.run(chromedp.Evaluate(`document.activeElement.select(); 0`, nil)) // the tool types the slash as well
	b.keys(id + kb.Enter)
	b.is(`location.pathname === "` + self + `"`)

	// Raise.
	b.tabTo(`a[href="` + self + `/edit"]`)
	b.keys(kb.Enter)
	b.is(`location.pathname.endsWith("/edit")`)
	b.tabTo(`input[name="count"]`) // the tabulator selects what is there
	b.keys("4" + kb.Enter)
	b.see(".usage-hero", "3 of 4")

	// A dialog that is given up leaves the focus where it was opened.
	b.tabTo("details[data-menu] > summary.btn")
	b.keys(kb.Enter)
	b.tabTo(`a[href="` + self + `/disable"]`)
	b.keys(kb.Enter)
	b.is(`document.getElementById("dialog").open && document.getElementById("dialog").contains(document.activeElement)`)
	b.focused("a dialog opens")
	b.keys(kb.Escape)
	b.is(`!document.getElementById("dialog").open && document.activeElement.matches("details[data-menu] > summary")`)
	b.focused("a dialog is closed")

	// Delete the surplus.
	b.tabTo(`main a[href*="/admin/auth-tokens/delete"]`)
	b.keys(kb.Enter)
	b.see("#confirm", "ana")
	b.tabTo(`#confirm [name="reason"]`)
	b.keys("Set up twice")
	b.tabTo(`#confirm button[type="submit"]`)
	b.keys(kb.Enter)
	b.see(".notice-success", "deleted")

	// What a dialog asks for is where one types.
	b.open("/admin/registration-tokens")
	b.tabTo(`tbody input[name="id"]`)
	b.keys(" ")
	b.tabTo(`.selection button[value="raise"]`)
	b.keys(kb.Enter)
	b.is(`document.activeElement.matches('#dialog[open] [name="by"]')`)
	b.keys(kb.Escape)

	// What a script replaces keeps the focus.
	b.open(self + "?section=expected")
	b.tabTo(`#admission-try [name="systemUserName"]`)
	b.keys("dora")
	b.tabTo("#admission-try button")
	b.keys(kb.Enter)
	b.see("#admission-try [role=status]", "let in")
	b.focused("an answer")

	// Copy what the user is told.
	b.keys("/")
	b.is(`document.activeElement.id === "find"`)
	b.run(chromedp.Evaluate(`document.activeElement.select(); 0`, nil))
	b.keys(refused.SupportCode + kb.Enter)
	b.see("#answer", "count")
	b.tabTo(`[data-copy-target="answer"]`)
	b.keys(kb.Enter)
	b.see(`[data-copy-target="answer"]`, "Copied")
	b.focused("copying")
	p.check()
}

// asksBeforeLeaving tells whether the page would ask; it asks only once.
const asksBeforeLeaving = `(() => {
	const event = new Event("beforeunload", { cancelable: true });
	window.dispatchEvent(event);
	return event.defaultPrevented;
})()`

// TestPhone_ControlsAreClearOfTheBar focuses each control of the largest form; the bar
// at the bottom must not cover any.
func TestPhone_ControlsAreClearOfTheBar(t *testing.T) {
	p := startProgram(t)
	b := newBrowser(t, p.base, look{width: 390, height: 700})
	b.logIn("admin")
	b.open("/admin/registration-tokens/new")
	var covered []string
	b.run(chromedp.Evaluate(`(() => {
		for (const details of document.querySelectorAll("main details")) details.open = true;
		const bar = document.querySelector(".rail").getBoundingClientRect();
		const covered = [];
		for (const control of document.querySelectorAll("main :is(a[href], button, input:not([type=hidden]), select, textarea, summary)")) {
			if (control.getClientRects().length === 0) continue;
			control.focus();
			const box = control.getBoundingClientRect();
			if (box.bottom > bar.top + 1 && box.top < bar.bottom) covered.push(control.outerHTML.slice(0, 80));
		}
		return covered;
	})()`, &covered))
	if len(covered) > 0 {
		t.Errorf("under the bar:\n%s", strings.Join(covered, "\n"))
	}
}

// TestRedeem_MistypedTokenIsNoticedBeforeItIsSent changes one character: the checksum
// reveals it, and nothing is sent.
func TestRedeem_MistypedTokenIsNoticedBeforeItIsSent(t *testing.T) {
	p := startProgram(t)
	admin := newBrowser(t, p.base, desktop)
	admin.logIn("admin")
	admin.open("/admin/registration-tokens/new")
	admin.fill(`input[name="count"]`, "1")
	admin.press("Create token")
	admin.see("main", "mrt_")
	secret := secretPattern.FindString(admin.text())
	admin.is(asksBeforeLeaving) // nobody has copied it

	other := "2"
	if secret[30:31] == other {
		other = "3"
	}
	b := newBrowser(t, p.base, desktop)
	b.open("/redeem")
	b.fill(`[name="registrationToken"]`, secret[:30]+other+secret[31:])
	b.fill(`[name="systemUserName"]`, "amara")
	b.click(`main form[data-redeem] button[type="submit"]`)
	b.see("[data-token-typo]", "This looks mistyped")
	b.fill(`[name="registrationToken"]`, secret)
	b.click(`main form[data-redeem] button[type="submit"]`)
	b.see("main", "Your auth token is ready")

	// What the page shows can be saved as a file.
	folder := t.TempDir()
	b.saveTo(folder)
	b.click("[data-save-auth-token]")
	savedFile(t, folder, "muster-auth-token*.json", `"refresh_token": "mrf_`, 1)
	if logged := p.logs.String(); strings.Contains(logged, "method=POST route=/redeem status=4") {
		t.Error("the mistyped token was sent")
	}
}

// where is the address the window shows.
func (b *browser) where() string {
	var where string
	b.run(chromedp.Location(&where))
	return where
}
