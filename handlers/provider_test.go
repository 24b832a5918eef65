package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"muster/handlers"
	"muster/internal/rp"
	"muster/internal/rp/rptest"
	"muster/models/store/storetest"
)

// newWorldOfProvider is a production server whose login provider lies elsewhere and can
// be told what to send.
func newWorldOfProvider(t testing.TB, changes ...func(*rp.Config)) (*world, *rptest.Provider) {
	t.Helper()
	var provider *rptest.Provider
	w := newWorldAt(t, func(w *world, cfg *rp.Config) {
		provider = rptest.New(t, w.clock.Now)
		cfg.Issuer, cfg.ClientID, cfg.ClientSecret, cfg.Audience = provider.URL, rptest.ClientID, rptest.ClientSecret, rptest.Audience
		cfg.HTTPClient = nil
		for _, change := range changes {
			change(cfg)
		}
	}, storetest.SQLite(t), time.Minute, func(cfg *handlers.Config) { cfg.Dev = false })
	return w, provider
}

// signIn signs the provider's person in and returns the page that this leads to.
func (b *browser) signIn(p *rptest.Provider, returnTo string) *answer {
	b.w.t.Helper()
	return b.comeBack(p, b.get("/auth/login?return_to="+url.QueryEscape(returnTo)).wants(http.StatusSeeOther).leadsTo())
}

// comeBack opens the provider's address and follows what comes back.
func (b *browser) comeBack(p *rptest.Provider, address string) *answer {
	b.w.t.Helper()
	return b.follow(b.get("/auth/callback?" + p.LogIn(address).Encode()))
}

// movesTo is where a page moves on to by itself. There is a link as well.
func (a *answer) movesTo() string {
	a.t.Helper()
	a.wants(http.StatusOK)
	to, found := strings.CutPrefix(a.doc.Find(`meta[http-equiv=refresh]`).AttrOr("content", ""), "0;url=")
	links := a.doc.Find("main a").FilterFunction(func(_ int, link *goquery.Selection) bool { return link.AttrOr("href", "") == to })
	if !found || links.Length() != 1 {
		a.t.Fatalf("%s does not move on, or has no link there: %s", a.url.Path, squeeze(a.doc.Text()))
	}
	return to
}

func TestNoAccess_SaysWhatTheProviderSent(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		claims func(map[string]any)
		page   string
		log    string
	}{
		"absent":  {func(c map[string]any) { delete(c, "groups") }, "was not sent", `"finding":"absent"`},
		"null":    {func(c map[string]any) { c["groups"] = nil }, "(null)", `"finding":"null"`},
		"overage": {func(c map[string]any) { delete(c, "groups"); c["hasgroups"] = true }, "too many groups", `"finding":"overage"`},
		"others":  {func(c map[string]any) { c["groups"] = []string{"staff"} }, "MUSTER_ADMIN_ROLES", `"finding":"not_among_values"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, p := newWorldOfProvider(t)
			p.Set(func(b *rptest.Behaviour) {
				b.IDClaims, b.UserInfo = c.claims, func(m map[string]any) { delete(m, "groups") }
			})
			page := w.browser().signIn(p, "/admin").wants(http.StatusForbidden)
			page.has("main", "“groups”").has("main", c.page)
			if named := strings.Contains(page.text("main"), "MUSTER_OIDC_SCOPES"); named != (name == "absent") {
				t.Errorf("names the scope: %t", named)
			}
			logged := w.logs.String()
			if !strings.Contains(logged, "signed in without a role") || !strings.Contains(logged, c.log) || !strings.Contains(logged, `"claim":"groups"`) {
				t.Errorf("the log says %s", logged)
			}
		})
	}
}

func TestLogin_AFormMovesOnFromAPageOfOurs(t *testing.T) {
	t.Parallel()
	w, p := newWorldOfProvider(t)
	b := w.browser()
	b.accepts = "de"
	page := b.post("/auth/login", url.Values{"return_to": {"/redeem"}})
	if !strings.HasPrefix(page.movesTo(), p.URL+"/authorize?") {
		t.Errorf("moves on to %s", page.movesTo())
	}
	page.has("h1", "Einen Moment")
	if cache := page.header.Get("Cache-Control"); cache != "no-store" {
		t.Errorf("Cache-Control is %q", cache)
	}
	if done := b.comeBack(p, page.movesTo()).wants(http.StatusOK); done.url.Path != "/redeem" {
		t.Errorf("the login leads to %s", done.url)
	}
	// A form of a session that has ended goes by way of the login, too.
	ended := w.browser().post("/my/settings", url.Values{"zone": {"UTC"}})
	if to := ended.movesTo(); !strings.HasPrefix(to, "/auth/login?return_to=") {
		t.Errorf("moves on to %s", to)
	}
}

func TestLogout_MovesOnToTheProviderWithAShortAddress(t *testing.T) {
	t.Parallel()
	for name, groups := range map[string]int{"short": 2, "long": 300} {
		w, p := newWorldOfProvider(t)
		p.Set(func(b *rptest.Behaviour) {
			b.IDClaims = func(c map[string]any) {
				all := []string{"admin"}
				for range groups {
					all = append(all, "6f1f8f1e-7a55-4d0e-9b0e-1f6f1d2c3b4a")
				}
				c["groups"] = all
			}
		})
		b := w.browser()
		b.signIn(p, listURL).wants(http.StatusOK)
		page := b.post("/auth/logout", nil)
		to, err := url.Parse(page.movesTo())
		must(t, err)
		q := to.Query()
		if to.Path != "/logout" || len(to.String()) > 4000 || q.Get("client_id") != rptest.ClientID || q.Get("post_logout_redirect_uri") != w.base+"/auth/signed-out" {
			t.Errorf("%s: %.200s", name, to)
		}
		if long := name == "long"; q.Has("id_token_hint") == long || q.Has("logout_hint") != long {
			t.Errorf("%s: hint %t, logout hint %q", name, q.Has("id_token_hint"), q.Get("logout_hint"))
		}
		for header, values := range page.header {
			if size := len(strings.Join(values, "")); size > 1000 {
				t.Errorf("%s: %s has %d bytes", name, header, size)
			}
		}
		b.get(listURL).wants(http.StatusSeeOther)
		b.get("/auth/signed-out").wants(http.StatusOK).hasNot(".what-next")
	}
}

func TestLogout_SaysWhereTheProviderStaysSignedIn(t *testing.T) {
	t.Parallel()
	w, p := newWorldOfProvider(t)
	p.Set(func(b *rptest.Behaviour) {
		b.Discovery = func(doc map[string]any) { delete(doc, "end_session_endpoint") }
	})
	b := w.browser()
	b.signIn(p, listURL).wants(http.StatusOK)
	b.follow(b.post("/auth/logout", nil)).wants(http.StatusOK).has("h1", "You are logged out").
		has(".what-next", "still signed in at your login provider")
	b.get(listURL).wants(http.StatusSeeOther)
}

func TestLogin_EndsTheOldestOfTenSessions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.login("admin")
	for range 9 {
		w.clock.Advance(time.Second)
		w.login("admin")
	}
	first.get(listURL).wants(http.StatusOK)
	w.clock.Advance(time.Minute)
	w.login("admin").get(listURL).wants(http.StatusOK)
	first.get(listURL).wants(http.StatusSeeOther)
}

func TestREST_ReasonOfARefusalIsForTheLog(t *testing.T) {
	t.Parallel()
	w, p := newWorldOfProvider(t)
	ask := func(change func(h, c map[string]any)) *answer {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.base+apiRegs, http.NoBody)
		must(t, err)
		r.Header.Set("Authorization", "Bearer "+p.AccessToken(change))
		return w.browser().send(r)
	}
	ask(nil).wants(http.StatusOK)
	refused := ask(func(_, c map[string]any) { c["aud"] = "another-api" }).wants(http.StatusUnauthorized)
	if logged := w.logs.String(); !strings.Contains(logged, "access token refused") || !strings.Contains(logged, "another-api") {
		t.Errorf("the log says %s", logged)
	}
	if strings.Contains(refused.body, "aud") || strings.Contains(refused.body, "another-api") {
		t.Errorf("the answer says %s", refused.body)
	}
	ask(func(_, c map[string]any) { delete(c, "groups") }).wants(http.StatusForbidden)
	if logged := w.logs.String(); !strings.Contains(logged, "access token without a role") {
		t.Errorf("the log says %s", logged)
	}
}
