package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

func location(where *string) chromedp.Action { return chromedp.Location(where) }

// TestSecrets_AppearNowhereAfterwards issues secrets of every kind, uses
// them well and badly, and then looks for each in the database file, its
// WAL, the logs, every page, and the browser's storage (rule 10).
func TestSecrets_AppearNowhereAfterwards(t *testing.T) {
	t.Parallel()
	p := startProgram(t)
	var secrets []string
	keep := func(secret string) string {
		if secret != "" {
			secrets = append(secrets, secret)
		}
		return secret
	}

	admin := newBrowser(t, p.base, desktop)
	admin.logIn("admin")
	admin.open("/admin/registration-tokens/new")
	admin.fill(`input[name="count"]`, "2")
	admin.press("Create token")
	admin.see("main", "mrt_")
	shown := keep(secretPattern.FindString(admin.text()))
	// Copied, and still there: Back must lead to this very page.
	admin.run(chromedp.Evaluate(`document.dispatchEvent(new Event("copy")); 0`, nil))

	bearer := keep(p.bearer("admin"))
	_, secret := p.createToken(bearer, 2)
	keep(secret)
	apiKey, err := p.run("apikey", "create", "--name", "scan", "--role", "admin")
	if err != nil {
		t.Fatalf("apikey create: %v\n%s", err, apiKey)
	}
	apiKey = keep(strings.TrimSpace(apiKey))
	p.call("GET", "/token/api/v5/registrationTokens", apiKey, nil, http.StatusOK, nil)

	var issued struct {
		AccessToken  string `json:"access_token"`
		RefreshToken string `json:"refresh_token"`
	}
	body := map[string]any{"authToken": map[string]any{"systemUserName": "eve"}}
	for range 2 {
		p.call("POST", "/token/api/v5/authTokens", secret, body, http.StatusCreated, &issued)
		keep(issued.AccessToken)
		keep(issued.RefreshToken)
	}
	p.call("POST", "/token/api/v5/authTokens", secret, body, http.StatusConflict, nil)
	p.call("POST", "/token/api/v5/authTokens", issued.RefreshToken, body, http.StatusUnauthorized, nil)
	p.call("GET", "/token/api/v5/authTokens?token="+secret, bearer, nil, http.StatusBadRequest, nil)
	p.call("GET", "/redeem?x="+secret, "", nil, http.StatusBadRequest, nil)
	for range 2 {
		response, err := http.PostForm(p.base+"/oauth2/token", url.Values{
			"grant_type": {"refresh_token"}, "refresh_token": {issued.RefreshToken},
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := json.NewDecoder(response.Body).Decode(&issued); err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		keep(issued.AccessToken)
		keep(issued.RefreshToken)
	}

	visitor := newBrowser(t, p.base, desktop)
	redeem(visitor, desktop, shown, "frank", "frank.example")
	visitor.see("main", "mrf_")
	keep(refreshPattern.FindString(visitor.text()))
	visitor.press("Forget it here") // until then the browser that redeemed shows it again
	visitor.see("main", "Get your auth token")

	desk := newBrowser(t, p.base, desktop)
	desk.logIn("helpdesk")
	desk.allow("ERR_CACHE_MISS")
	for _, pasted := range []string{shown, issued.RefreshToken, issued.AccessToken, apiKey} {
		desk.investigateAndGoBack(pasted, secrets)
	}

	cookies := sessionCookies(admin)
	for _, cookie := range cookies {
		keep(cookie)
	}
	if want := 14; len(secrets) < want {
		t.Fatalf("only %d of %d secrets were gathered; the test proves nothing", len(secrets), want)
	}

	const everything = `JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), location.href, document.documentElement.outerHTML])`
	for _, b := range []*browser{admin, visitor} {
		b.open("/redeem")
		var stored, back string
		b.run(chromedp.Evaluate(everything, &stored))
		expectNone(t, "the browser's storage", []byte(stored), secrets)
		// Back to the page that showed the secret: Chromium asks to send the
		// form again, which is an error to the driver.
		_ = chromedp.Run(b.ctx, chromedp.NavigateBack())
		b.is(`document.documentElement !== null`) // on its way a page has none
		b.run(chromedp.Evaluate(`document.documentElement.outerHTML`, &back))
		expectNone(t, "the page after Back", []byte(back), secrets)
	}
	for _, page := range crawl(t, p, admin, "admin", func(string) {}) {
		expectNone(t, page.path, []byte(page.html), secrets)
	}
	expectNone(t, "the logs", []byte(p.logs.String()), secrets)
	for name, data := range p.databaseFiles() {
		expectNone(t, name, data, secrets)
	}
}

// investigateAndGoBack pastes a secret into the search box, looks at what the
// browser keeps of it, and goes back.
func (b *browser) investigateAndGoBack(pasted string, secrets []string) {
	b.tb.Helper()
	b.open("/admin")
	b.keys("/")
	b.is(`document.activeElement.id === "find"`)
	b.run(chromedp.Evaluate(`document.activeElement.select(); 0`, nil), input.InsertText(pasted), chromedp.KeyEvent(kb.Enter))
	b.is(`location.pathname !== "/admin"`)
	const kept = `JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), history.state, location.href, document.documentElement.outerHTML])`
	for _, back := range []bool{false, true} {
		if back {
			b.run(chromedp.Evaluate(`history.back(); 0`, nil))
			b.is(`location.pathname === "/admin"`)
			b.is(`document.getElementById("find").value === ""`)
		}
		var found string
		b.is(`document.documentElement !== null`) // on its way a page has none
		b.run(chromedp.Evaluate(kept, &found))
		_, entries, err := navigation(b.ctx)
		if err != nil {
			b.tb.Fatal(err)
		}
		for _, entry := range entries {
			found += " " + entry.URL + " " + entry.UserTypedURL + " " + entry.Title
		}
		expectNone(b.tb, "what the browser keeps of a look-up", []byte(found), secrets)
	}
}

// navigation is the history of the window.
func navigation(ctx context.Context) (current int64, entries []*page.NavigationEntry, err error) {
	err = chromedp.Run(ctx, chromedp.ActionFunc(func(ctx context.Context) error {
		current, entries, err = page.GetNavigationHistory().Do(ctx)
		return err
	}))
	return current, entries, err
}

func expectNone(t testing.TB, where string, data []byte, secrets []string) {
	t.Helper()
	for _, secret := range secrets {
		if bytes.Contains(data, []byte(secret)) {
			t.Errorf("%s holds the secret %.12s…", where, secret)
		}
	}
}
