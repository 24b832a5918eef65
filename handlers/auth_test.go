package handlers_test

import (
	"database/sql"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"muster/handlers"
	"muster/models"
	"muster/models/store/storetest"
)

const (
	sessionCookie = "muster-session" // of a development server
	loginCookie   = "muster-login"
)

// rows counts what a table of the database file holds.
func (w *world) rows(table string) int {
	w.t.Helper()
	db, err := sql.Open("sqlite3", "file:"+w.path+"?mode=ro")
	must(w.t, err)
	defer db.Close()
	var n int
	must(w.t, db.QueryRowContext(w.t.Context(), "SELECT COUNT(*) FROM "+table).Scan(&n)) // a name from the tests
	return n
}

func (w *world) audited(action models.AuditAction) []models.AuditEvent {
	w.t.Helper()
	trail, err := w.store.AuditEvents(w.t.Context(), models.AuditFilter{Action: action}, models.PageRequest{Size: models.MaxPageSize})
	must(w.t, err)
	return trail.Items
}

// cookie is what the browser would send; empty when it has none.
func (b *browser) cookie(name string) string {
	b.w.t.Helper()
	u, err := url.Parse(b.w.base)
	must(b.w.t, err)
	for _, c := range b.client.Jar.Cookies(u) {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

// loginCookie is the only started login that the browser has.
func (b *browser) loginCookie() (name, value string) {
	b.w.t.Helper()
	all := b.loginCookies()
	if len(all) != 1 {
		b.w.t.Fatalf("the browser has %d started logins", len(all))
	}
	for name, value = range all {
		continue
	}
	return name, value
}

func (b *browser) loginCookies() map[string]string {
	b.w.t.Helper()
	u, err := url.Parse(b.w.base)
	must(b.w.t, err)
	all := map[string]string{}
	for _, c := range b.client.Jar.Cookies(u) {
		if strings.Contains(c.Name, loginCookie) {
			all[c.Name] = c.Value
		}
	}
	return all
}

// plant gives the browser a cookie.
func (b *browser) plant(name, value string) {
	b.w.t.Helper()
	u, err := url.Parse(b.w.base)
	must(b.w.t, err)
	if b.client.Jar == nil {
		b.client.Jar, err = cookiejar.New(nil)
		must(b.w.t, err)
	}
	b.client.Jar.SetCookies(u, []*http.Cookie{{Name: name, Value: value, Path: "/", Secure: true}})
}

// atProvider signs the account in at the provider and returns the address of
// the callback, not opened yet. Each call makes a new code of the same flow.
func (b *browser) atProvider(started *answer, account string) string {
	b.w.t.Helper()
	page := b.do(http.MethodGet, started.resolve(started.leadsTo()), nil).wants(http.StatusOK)
	form := page.doc.Find("form").First()
	values := url.Values{"username": {account}, "password": {account}}
	form.Find("input[type=hidden]").Each(func(_ int, field *goquery.Selection) {
		values.Set(field.AttrOr("name", ""), field.AttrOr("value", ""))
	})
	back := b.do(http.MethodPost, page.resolve(form.AttrOr("action", "")), values).wants(http.StatusSeeOther)
	return back.header.Get("Location")
}

// stateOf is the state of a started login.
func stateOf(started *answer) string {
	u, err := url.Parse(started.header.Get("Location"))
	must(started.t, err)
	return u.Query().Get("state")
}

func TestLogin_StrangersLeaveNothingInTheDatabase(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 30 {
		b := w.browser()
		b.get("/auth/login").wants(http.StatusSeeOther)
		b.get("/auth/callback?state=made-up&code=x").wants(http.StatusUnauthorized)
		for _, path := range []string{"/auth/callback?state=made-up&code=x", "/auth/callback"} {
			stranger := w.browser()
			stranger.follow(stranger.get(path)).wants(http.StatusUnauthorized)
		}
	}
	if n := w.rows("login_flows"); n != 0 {
		t.Errorf("%d login flows are stored", n)
	}
	if failed := w.audited(models.AuditLoginFailed); len(failed) != 0 {
		t.Errorf("%d failed logins are in the trail", len(failed))
	}
}

// Who keeps cookies has lost this login; who keeps none can never sign in, and is
// told that.
func TestCallback_TellsABrowserThatKeepsNoCookieJustThat(t *testing.T) {
	t.Parallel()
	const none, lost = "Your browser kept no cookie", "This sign-in was not started here"
	for _, dev := range []bool{true, false} {
		w := newWorldOn(t, storetest.SQLite(t), func(c *handlers.Config) { c.Dev = dev })
		b := w.browser()
		b.client.Jar = nil
		told := b.follow(b.do(http.MethodGet, b.atProvider(b.get("/auth/login"), "admin"), nil)).wants(http.StatusUnauthorized)
		told.has("main", none).has("main", "Allow cookies").has("main", w.base)
		if overHTTP := strings.Contains(told.doc.Text(), "http://"); overHTTP == dev {
			t.Errorf("dev %t: of plain HTTP it says: %s", dev, squeeze(told.doc.Text()))
		}

		kept := w.browser()
		checked := kept.follow(kept.get("/auth/callback?state=made-up&code=x")).wants(http.StatusUnauthorized).has("main", lost)
		kept.get(checked.url.RequestURI()).has("main", lost) // reloaded
		w.clock.Advance(time.Hour)
		kept.get(checked.url.RequestURI()).has("main", lost)
		w.browser().get(checked.url.RequestURI()).has("main", lost) // the other browser's address, long after
	}
}

func TestCallback_SpoiledLoginsAreAuditedToALimit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 25 {
		b := w.browser()
		started := b.get("/auth/login")
		b.get("/auth/callback?code=wrong&state=" + url.QueryEscape(stateOf(started))).wants(http.StatusUnauthorized)
	}
	if failed := w.audited(models.AuditLoginFailed); len(failed) != 10 {
		t.Errorf("%d failed logins are in the trail, want the 10 of a minute", len(failed))
	}
	if n := w.rows("login_flows"); n != 0 {
		t.Errorf("%d login flows are stored", n)
	}
	if n := strings.Count(w.logs.String(), `"login failed"`); n != 25 {
		t.Errorf("the log has %d failed logins, want all 25", n)
	}
	w.login("admin").get("/admin/auth-tokens").wants(http.StatusOK) // a right one is never limited
}

func TestCallback_ServesOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	started := b.get("/auth/login?return_to=/admin/auth-tokens")
	name, kept := b.loginCookie()
	first, second := b.atProvider(started, "admin"), b.atProvider(started, "admin")
	done := b.do(http.MethodGet, first, nil).wants(http.StatusSeeOther)
	if to := done.header.Get("Location"); to != "/admin/auth-tokens" {
		t.Errorf("leads to %q", to)
	}
	if _, left := b.loginCookie(); left == kept {
		t.Error("the browser keeps the cookie of a finished login as it was")
	}
	// A fresh code of the same flow, so that only the flow can be refused.
	again := w.browser()
	again.plant(name, kept)
	again.do(http.MethodGet, second, nil).wants(http.StatusUnauthorized)
	if again.cookie(sessionCookie) != "" {
		t.Error("a login opened two sessions")
	}
}

func TestCallback_OfAnotherBrowserIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	attacker := w.browser()
	bait := attacker.atProvider(attacker.get("/auth/login"), "user")

	stranger := w.browser()
	stranger.follow(stranger.do(http.MethodGet, bait, nil)).wants(http.StatusUnauthorized)
	victim := w.browser()
	own := victim.get("/auth/login")
	victim.do(http.MethodGet, bait, nil).wants(http.StatusUnauthorized)
	if stranger.cookie(sessionCookie) != "" || victim.cookie(sessionCookie) != "" {
		t.Fatal("somebody else's login signed the victim in")
	}
	// The bait does not spoil the login the victim is in the middle of.
	victim.do(http.MethodGet, victim.atProvider(own, "admin"), nil).wants(http.StatusSeeOther)
	victim.get("/admin/auth-tokens").wants(http.StatusOK)
}

func TestCallback_ChangedCookieIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	back := b.atProvider(b.get("/auth/login"), "admin")
	name, kept := b.loginCookie()
	for _, value := range []string{kept[:len(kept)-4] + "AAAA", kept[4:], "AAAA", strings.Repeat("A", 5000)} {
		b.plant(name, value)
		b.do(http.MethodGet, back, nil).wants(http.StatusUnauthorized)
	}
	b.plant(name, kept)
	b.do(http.MethodGet, back, nil).wants(http.StatusSeeOther)
}

func TestCallback_EndsAfterTenMinutes(t *testing.T) {
	t.Parallel()
	for took, status := range map[time.Duration]int{
		10*time.Minute - time.Second: http.StatusSeeOther,
		10 * time.Minute:             http.StatusUnauthorized,
	} {
		w := newWorld(t)
		b := w.browser()
		started := b.get("/auth/login")
		w.clock.Advance(took)
		b.do(http.MethodGet, b.atProvider(started, "admin"), nil).wants(status)
	}
}

func TestLogin_ProviderDownSaysWhatToDo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.providerDown.Store(true)
	a := w.browser().get("/auth/login").wants(http.StatusServiceUnavailable)
	a.has("main", "The login provider does not answer.").has("main", "Try again in a few seconds")
	if a.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	w.browser().get("/redeem").wants(http.StatusOK) // nothing else suffers
}

func TestCallback_ProviderDownSaysWhatToDo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	back := b.atProvider(b.get("/auth/login"), "admin")
	w.providerDown.Store(true)
	b.do(http.MethodGet, back, nil).wants(http.StatusServiceUnavailable).
		has("main", "The login provider does not answer.")
}

func TestCallback_NeverRepeatsTheTextOfAnError(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const evil = `<script>alert("from-the-provider")</script>`
	for _, query := range []url.Values{
		{"error": {"access_denied"}, "error_description": {evil}, "error_uri": {"https://evil.example/from-the-provider"}},
		{"error": {evil}}, {"error": {"invalid_request"}, "error_description": {evil}}, {"code": {evil}}, {"error": {""}, "code": {evil}},
	} {
		b := w.browser()
		query.Set("state", stateOf(b.get("/auth/login")))
		a := b.get("/auth/callback?" + query.Encode()).wants(http.StatusUnauthorized)
		if strings.Contains(a.body, "from-the-provider") {
			t.Errorf("%v is repeated: %s", query, squeeze(a.doc.Text()))
		}
	}
	b := w.browser()
	state := stateOf(b.get("/auth/login"))
	b.get("/auth/callback?error=access_denied&state="+url.QueryEscape(state)).has("main", "The login was cancelled.")
}

func TestLogin_FollowsTheReturnPathOnlyHere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for asked, want := range map[string]string{
		"/admin/auth-tokens?state=live": "/admin/auth-tokens?state=live",
		"//evil.example":                "/", `/\evil.example`: "/", "https://evil.example/": "/", "/%09/evil.example": "/", "/auth/login": "/",
		"/admin?q=" + strings.Repeat("&", 1500): "/admin",
	} {
		b := w.browser()
		started := b.get("/auth/login?return_to=" + url.QueryEscape(asked))
		done := b.do(http.MethodGet, b.atProvider(started, "admin"), nil).wants(http.StatusSeeOther)
		if to := done.header.Get("Location"); to != want && (want != "/admin" || !strings.HasPrefix(to, want)) {
			t.Errorf("%.40q leads to %q, want %q", asked, to, want)
		}
	}
}

func TestLogin_LongestReturnPathFitsTheCookie(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	long := "/admin?" + strings.Repeat("a=&", 600) + "z=1"
	started := b.get("/auth/login?return_to=" + url.QueryEscape(long))
	for _, line := range started.header.Values("Set-Cookie") {
		if len(line) > 4096 {
			t.Errorf("a cookie of %d bytes", len(line))
		}
	}
	done := b.do(http.MethodGet, b.atProvider(started, "admin"), nil).wants(http.StatusSeeOther)
	if to := done.header.Get("Location"); len(to) < 1800 {
		t.Errorf("leads to %q", to)
	}
}

func TestLogin_UnderAnotherHostNameGoesToTheBaseURLOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	ask := func(target, host string) *answer {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, target, http.NoBody)
		must(t, err)
		r.Host = host
		return b.send(r)
	}
	first := ask(w.base+"/auth/login?return_to=/admin/auth-tokens", "localhost:1").wants(http.StatusSeeOther)
	to, err := url.Parse(first.header.Get("Location"))
	must(t, err)
	if !strings.HasPrefix(to.String(), w.base+"/auth/login?") || to.Query().Get("return_to") != "/admin/auth-tokens" {
		t.Fatalf("leads to %s", to)
	}
	// The proxy changes the name again.
	ask(to.String(), "localhost:1").wants(http.StatusMisdirectedRequest).
		has("main", "MUSTER_BASE_URL").has("main", w.base).has("main", "localhost:1").has("main", "Host header")
	// It does not: the sign-in goes on.
	b.do(http.MethodGet, b.atProvider(ask(to.String(), to.Host), "admin"), nil).wants(http.StatusSeeOther)
}
