package e2e

import (
	"context"
	"database/sql"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
	_ "github.com/mattn/go-sqlite3" // changes a session behind the program's back
)

// endSessions lets half an hour pass for every session.
func (p *program) endSessions() {
	p.tb.Helper()
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(p.dir, "data", "muster.db")+"?_busy_timeout=10000")
	if err != nil {
		p.tb.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.ExecContext(p.tb.Context(), `UPDATE sessions SET last_active_at = '2020-01-01 00:00:00+00:00'`); err != nil {
		p.tb.Fatal(err)
	}
}

// signIn fills the provider's form that the browser was led to.
func (b *browser) signIn(account string) {
	b.tb.Helper()
	b.fill(`input[name="username"]`, account)
	b.fill(`input[name="password"]`, account)
	b.click(`form button[type="submit"]`)
}

const newTokenForm = "/admin/registration-tokens/new"

func (b *browser) fillNewToken() {
	b.tb.Helper()
	b.open(newTokenForm)
	b.fill(`input[name="identifier"]`, "Half filled")
	b.fill(`input[name="count"]`, "25")
}

func (b *browser) holdsNewToken() {
	b.tb.Helper()
	b.is(`location.pathname === "` + newTokenForm + `" && document.querySelector("input[name=identifier]").value === "Half filled" && document.querySelector("input[name=count]").value === "25"`)
}

// historyBack goes back as a person does: what asks whether to send a form again fails.
func (b *browser) historyBack() {
	b.tb.Helper()
	b.run(chromedp.Evaluate(`history.back(); 0`, nil))
}

// logged waits until the program has logged that.
func (p *program) logged(text string) {
	p.tb.Helper()
	for deadline := time.Now().Add(30 * time.Second); !strings.Contains(p.logs.String(), text); <-time.After(30 * time.Millisecond) {
		if time.Now().After(deadline) {
			p.tb.Fatalf("never logged: %s", text)
		}
	}
}

// tab is another tab with the same cookies.
func (b *browser) tab(l look) *browser {
	b.tb.Helper()
	parent, err := chrome()
	if err != nil {
		b.tb.Fatal(err)
	}
	var id target.ID
	b.run(chromedp.ActionFunc(func(ctx context.Context) error {
		info, err := target.GetTargetInfo().Do(ctx)
		if err != nil {
			return err
		}
		ctx = cdp.WithExecutor(ctx, chromedp.FromContext(ctx).Browser)
		id, err = target.CreateTarget("about:blank").WithBrowserContextID(info.BrowserContextID).Do(ctx)
		return err
	}))
	ctx, cancel := chromedp.NewContext(parent, chromedp.WithTargetID(id))
	return setUp(ctx, b.tb, cancel, b.base, l)
}

func TestDraft_ASessionThatEndsUnderAHalfFilledForm(t *testing.T) {
	t.Parallel()
	for _, noScript := range []bool{false, true} {
		p := startProgram(t)
		window := desktop
		window.noScript = noScript
		b := newBrowser(t, p.base, window)
		b.logIn("admin")
		b.fillNewToken()
		p.endSessions()
		b.press("Create token")
		b.signIn("admin")
		b.see(".notice-warning", "was not saved yet", "Check it and send it.")
		if b.value(`input[name="identifier"]`) != "Half filled" || b.value(`input[name="count"]`) != "25" {
			t.Errorf("script %t: the form holds %q, %q", !noScript, b.value(`input[name="identifier"]`), b.value(`input[name="count"]`))
		}
		b.press("Create token")
		b.see("main", "mrt_")
	}
}

func TestDraft_AHalfFilledFormThatIsLeft(t *testing.T) {
	t.Parallel()
	p := startProgram(t)
	b := newBrowser(t, p.base, desktop)
	b.logIn("admin")
	b.fillNewToken()
	p.logged("/admin/draft")
	b.open("/admin/requests")
	b.is(`location.pathname === "/admin/requests"`)
	b.historyBack()
	b.holdsNewToken()
	b.see(".notice-warning", "not saved yet")
	b.run(chromedp.Reload())
	b.holdsNewToken()

	// Cancel means it.
	b.click(`.form-actions a[href="/admin/registration-tokens"]`)
	b.is(`location.pathname === "/admin/registration-tokens"`)
	b.open(newTokenForm)
	b.is(`document.querySelector("input[name=identifier]").value === ""`)
}

// A note and a question stand on a page beside other forms, and come back like those.
func TestDraft_FormsOfATokensPageThatAreLeft(t *testing.T) {
	t.Parallel()
	p := startProgram(t)
	id, _ := p.createToken(p.bearer("admin"), 3)
	tab := "/admin/registration-tokens/" + id + "?section=expected"
	b := newBrowser(t, p.base, desktop)
	b.logIn("helpdesk")
	b.open(tab)
	b.fill(`#admission-try [name="fqdn"]`, "lab-7")
	b.press("Add a note")
	b.fill(`#notes [name="text"]`, "Called twice.")
	p.logged("/admin/draft")
	const holds = `document.querySelector("#notes [name=text]").value === "Called twice." && document.querySelector("#admission-try [name=fqdn]").value === "lab-7"`
	b.open("/admin/requests")
	b.historyBack()
	b.is(holds)
	b.see(".notice-warning", "not saved yet")
	b.run(chromedp.Reload())
	b.is(holds)

	// Added, it is not typed any more.
	b.press("Add note")
	b.see("#notes .note", "Called twice.")
	b.is(`document.querySelector("#notes [name=text]").value === ""`)

	// What a cookie does not hold is asked about.
	b.press("Add a note")
	b.run(chromedp.Evaluate(`document.querySelector("#notes [name=text]").value = "a long note ".repeat(330); document.querySelector("#notes [name=text]").dispatchEvent(new Event("input", { bubbles: true })); 0`, nil))
	b.is(asksBeforeLeaving)
	b.run(chromedp.Evaluate(`document.querySelector("#notes [name=text]").value = ""; document.querySelector("#notes [name=text]").dispatchEvent(new Event("input", { bubbles: true })); 0`, nil))
	b.is("!" + asksBeforeLeaving)
}

func TestDraft_ASessionThatEndsUnderANote(t *testing.T) {
	t.Parallel()
	for _, noScript := range []bool{false, true} {
		p := startProgram(t)
		id, _ := p.createToken(p.bearer("admin"), 3)
		self := "/admin/registration-tokens/" + id
		window := desktop
		window.noScript = noScript
		b := newBrowser(t, p.base, window)
		b.logIn("helpdesk")
		b.open(self)
		b.press("Add a note")
		b.fill(`#notes [name="text"]`, "Called twice.")
		p.endSessions()
		b.press("Add note")
		b.signIn("helpdesk")
		b.see(".notice-warning", "was not saved yet")
		if got := b.value(`#notes [name="text"]`); got != "Called twice." {
			t.Errorf("script %t: the note holds %q", !noScript, got)
		}
		b.press("Add note")
		b.see("#notes .note", "Called twice.")
	}
}

func TestDraft_FaultsHaveAnAddress(t *testing.T) {
	t.Parallel()
	p := startProgram(t)
	b := newBrowser(t, p.base, desktop)
	b.logIn("admin")
	b.fillNewToken()
	b.fill(`input[name="count"]`, "0")
	b.press("Create token")
	b.see("#count-error", "whole number")
	b.is(`location.pathname === "` + newTokenForm + `" && document.querySelector("input[name=identifier]").value === "Half filled"`)
	b.run(chromedp.Reload())
	b.is(`location.pathname === "` + newTokenForm + `"`)
	b.open("/admin/requests")
	b.historyBack()
	b.is(`location.pathname === "` + newTokenForm + `"`)
	b.historyBack()
	b.is(`location.pathname.startsWith("/admin")`)
}

// The answer that shows a secret has the address of a page that does not.
func TestDraft_TheSecretIsShownOnceWhateverIsReloaded(t *testing.T) {
	t.Parallel()
	p := startProgram(t)
	b := newBrowser(t, p.base, desktop)
	b.logIn("admin")
	const shownOnce = `document.querySelector("h1").textContent.includes("was already created") && document.querySelector("main").textContent.includes("not shown again") && !document.querySelector("#secret")`
	for form, create := range map[string]func(){
		newTokenForm: func() { b.fill(`input[name="count"]`, "2"); b.press("Create token") },
		"/admin/api-keys/new": func() {
			b.fill(`input[name="name"]`, "Robot")
			b.click(`input[name="scope"]`)
			b.press("Create API key")
		},
	} {
		b.open(form)
		create()
		b.see("#secret", "m")
		b.run(chromedp.Evaluate(`document.dispatchEvent(new Event("copy")); 0`, nil)) // so that leaving asks nothing
		b.is(`location.pathname.endsWith("/created")`)
		b.run(chromedp.Evaluate(`location.reload(); 0`, nil))
		b.is(shownOnce)
		b.open("/admin/requests")
		b.historyBack()
		b.is(shownOnce)
	}
}

func TestLogin_InTwoTabs(t *testing.T) {
	t.Parallel()
	p := startProgram(t)
	one := newBrowser(t, p.base, desktop)
	two := one.tab(desktop)
	one.open("/admin/auth-tokens")
	two.open("/admin/requests")
	two.signIn("admin")
	two.is(`location.pathname === "/admin/requests"`)
	one.signIn("admin")
	one.is(`location.pathname === "/admin/auth-tokens"`)
	two.open("/admin/requests")
	two.is(`location.pathname === "/admin/requests"`)
	// The callback again, by its address.
	one.open("/auth/callback")
	one.is(`location.pathname === "/admin"`)
}
