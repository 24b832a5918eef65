package handlers_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"muster/handlers"
	"muster/models/store/storetest"
)

// listURL is a page that needs a session.
const listURL = "/admin/auth-tokens"

func TestSession_PlantedCookieIsNotAdopted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	attacker := w.login("user") // a session the attacker knows the secret of
	for name, planted := range map[string]string{
		"made up": base64.RawURLEncoding.EncodeToString(bytes.Repeat([]byte{1}, 32)), "attacker's own": attacker.cookie(sessionCookie),
	} {
		victim := w.browser()
		victim.plant(sessionCookie, planted)
		victim.logInFrom(victim.get("/auth/login"), "admin")
		victim.get(listURL).wants(http.StatusOK)
		if got := victim.cookie(sessionCookie); got == planted || got == "" {
			t.Errorf("%s: the login keeps the planted secret", name)
		}
		thief := w.browser()
		thief.plant(sessionCookie, planted)
		thief.get(listURL).wants(http.StatusSeeOther)
		if text := thief.get("/").text("body"); strings.Contains(text, "Sign out") {
			t.Errorf("%s: the planted secret is still signed in: %s", name, text)
		}
	}
	if n := w.rows("sessions"); n != 2 {
		t.Errorf("%d sessions are open, want those of the two victims", n)
	}
}

func TestSession_EachLoginHasANewSecret(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.login("admin")
	first := b.cookie(sessionCookie)
	b.logInFrom(b.get("/auth/login"), "admin")
	if b.cookie(sessionCookie) == first {
		t.Fatal("the second login has the secret of the first")
	}
	old := w.browser()
	old.plant(sessionCookie, first)
	old.get(listURL).wants(http.StatusSeeOther)
}

func TestSession_DatabaseHoldsOnlyTheDigest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.login("admin")
	secret, err := base64.RawURLEncoding.DecodeString(b.cookie(sessionCookie))
	must(t, err)
	if len(secret) != 32 {
		t.Fatalf("the secret has %d bytes", len(secret))
	}
	digest := sha256.Sum256(secret)
	if session, err := w.store.Session(t.Context(), digest[:]); err != nil || session.Name == "" {
		t.Fatalf("no session under the digest: %v", err)
	}
	signedOut := b.post("/auth/logout", nil)
	to, err := url.Parse(signedOut.header.Get("Location"))
	must(t, err)
	idToken := to.Query().Get("id_token_hint")
	if idToken == "" {
		t.Fatal("no ID token to look for")
	}
	var stored []byte
	for _, suffix := range []string{"", "-wal"} {
		part, err := os.ReadFile(w.path + suffix)
		if err != nil && suffix == "" {
			t.Fatal(err)
		}
		stored = append(stored, part...)
	}
	if !bytes.Contains(stored, digest[:]) {
		t.Fatal("the file does not hold the digest either: this looks at the wrong bytes")
	}
	for name, plain := range map[string][]byte{
		"secret": secret, "secret in base64": []byte(b.w.base64(secret)), "secret in hex": fmt.Appendf(nil, "%x", secret), "ID token": []byte(idToken),
	} {
		if bytes.Contains(stored, plain) {
			t.Errorf("the database holds the %s", name)
		}
		if strings.Contains(w.logs.String(), string(plain)) {
			t.Errorf("the log holds the %s", name)
		}
	}
}

func (*world) base64(secret []byte) string { return base64.RawURLEncoding.EncodeToString(secret) }

// A development server speaks HTTP on loopback, where WebKit keeps no Secure
// cookie and so none with the prefix.
func TestSession_CookiesAreBoundToHostAndHTTPSInProduction(t *testing.T) {
	t.Parallel()
	for _, dev := range []bool{true, false} {
		w := newWorldOn(t, storetest.SQLite(t), func(c *handlers.Config) { c.Dev = dev })
		prefix := "__Host-"
		if dev {
			prefix = ""
		}
		b := w.browser()
		started := b.get("/auth/login").wants(http.StatusSeeOther)
		done := b.do(http.MethodGet, b.atProvider(started, "admin"), nil).wants(http.StatusSeeOther)
		page, left := b.get(listURL).wants(http.StatusOK), b.post("/auth/logout", nil)
		seen := map[string]int{}
		for _, a := range []*answer{started, done, page, left} {
			for _, line := range a.header.Values("Set-Cookie") {
				c, err := http.ParseSetCookie(line)
				must(t, err)
				seen[strings.TrimRight(c.Name, "-0123456789abcdef")]++ // a started login is named for its state
				if c.Secure == dev || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || len(line) > 4096 {
					t.Errorf("dev %t: cookie %s", dev, line)
				}
				if c.MaxAge == 0 {
					t.Errorf("dev %t: cookie without an age: %s", dev, line)
				}
			}
		}
		// Set, and removed or spent; what was looked at lately is removed in any case.
		want := map[string]int{prefix + "muster-session": 2, prefix + "muster-login": 2, prefix + "muster-recent": 1}
		if !maps.Equal(seen, want) {
			t.Errorf("dev %t: cookies %v, want %v", dev, seen, want)
		}
	}
}

// In production a cookie under the plain name, which any host of the domain could
// set, means nothing.
func TestSession_PlainNamesMeanNothingInProduction(t *testing.T) {
	t.Parallel()
	w := newProductionWorld(t)
	b := w.login("admin")
	stranger := w.browser()
	stranger.plant(sessionCookie, b.cookie("__Host-muster-session"))
	stranger.get(listURL).wants(http.StatusSeeOther)
}

func TestSession_EndsAfterHalfAnHourWithoutActivity(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.login("admin")
	for range 3 {
		w.clock.Advance(30*time.Minute - time.Second)
		b.get(listURL).wants(http.StatusOK)
	}
	w.clock.Advance(30 * time.Minute)
	if a := b.get(listURL).wants(http.StatusSeeOther); a.header.Get("Location") != "/auth/login?return_to="+url.QueryEscape(listURL) {
		t.Errorf("leads to %s", a.header.Get("Location"))
	}
	// Late activity does not bring it back.
	w.clock.Advance(-time.Minute)
	b.get(listURL).wants(http.StatusOK)
}

func TestSession_EndsAfterTwelveHoursWhateverHappens(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.login("admin")
	for range 35 {
		w.clock.Advance(20 * time.Minute)
		b.get(listURL).wants(http.StatusOK)
	}
	w.clock.Advance(20*time.Minute - time.Second)
	b.get(listURL).wants(http.StatusOK)
	w.clock.Advance(time.Second)
	b.get(listURL).wants(http.StatusSeeOther)
}

func TestSession_WhatAPageDoesByItselfIsNoActivity(t *testing.T) {
	t.Parallel()
	ask := func(b *browser, header string) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, b.w.base+listURL, http.NoBody)
		must(t, err)
		r.Header.Set("HX-Request", "true")
		if header != "" {
			r.Header.Set(header, "1")
		}
		b.send(r).wants(http.StatusOK)
	}
	for name, c := range map[string]struct {
		act    func(b *browser)
		status int
	}{
		"a person's htmx request": {func(b *browser) { ask(b, "") }, http.StatusOK},
		"a reload by the page":    {func(b *browser) { ask(b, "Muster-Background") }, http.StatusSeeOther},
		"the live stream":         {func(b *browser) { b.listen() }, http.StatusSeeOther},
		"static files":            {func(b *browser) { b.get("/static/js/live.js").wants(http.StatusOK) }, http.StatusSeeOther},
	} {
		w := newWorld(t)
		b := w.login("admin")
		w.clock.Advance(20 * time.Minute)
		c.act(b)
		w.clock.Advance(10 * time.Minute)
		if got := b.get(listURL).status; got != c.status {
			t.Errorf("after %s: status %d, want %d", name, got, c.status)
		}
	}
}

func TestLogout_EndsTheSessionHereAndAtTheProvider(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.login("admin")
	copied := b.cookie(sessionCookie)
	b.get("/auth/logout").wants(http.StatusMethodNotAllowed)
	b.get(listURL).wants(http.StatusOK)

	a := b.post("/auth/logout", nil).wants(http.StatusSeeOther)
	if got := a.header.Get("Clear-Site-Data"); !strings.Contains(got, `"cache"`) {
		t.Errorf("Clear-Site-Data is %q", got)
	}
	if b.cookie(sessionCookie) != "" {
		t.Error("the browser keeps the cookie")
	}
	thief := w.browser()
	thief.plant(sessionCookie, copied)
	thief.get(listURL).wants(http.StatusSeeOther)
	if n := w.rows("sessions"); n != 0 {
		t.Errorf("%d sessions are stored", n)
	}

	to, err := url.Parse(a.header.Get("Location"))
	must(t, err)
	q := to.Query()
	if !strings.HasPrefix(to.String(), w.base+"/realms/muster/") || q.Get("post_logout_redirect_uri") != w.base+"/auth/signed-out" {
		t.Errorf("leads to %s", to)
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(q.Get("id_token_hint")+"..", ".")[1])
	must(t, err)
	var claims struct{ Sub, Iss string }
	if err := json.Unmarshal(payload, &claims); err != nil || claims.Sub == "" || claims.Iss != w.base+"/realms/muster" {
		t.Errorf("the hint says %s, %v", payload, err)
	}
	b.follow(a).wants(http.StatusOK).has("main", "You are logged out")
	b.post("/auth/logout", nil).wants(http.StatusSeeOther) // twice is fine
}

func TestLogout_HoldsWhenTheProviderIsDown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.login("admin")
	copied := b.cookie(sessionCookie)
	w.providerDown.Store(true)
	b.post("/auth/logout", nil).wants(http.StatusSeeOther)
	thief := w.browser()
	thief.plant(sessionCookie, copied)
	thief.get(listURL).wants(http.StatusSeeOther)
}

func TestLogout_SentFromAnotherSiteIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.login("admin")
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.base+"/auth/logout", http.NoBody)
	must(t, err)
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	r.Header.Set("Origin", "https://evil.example")
	b.send(r).wants(http.StatusForbidden)
	b.get(listURL).wants(http.StatusOK)
}

func TestSession_PartOfAPageLeadsToLoginAndBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ask := func(current string) *answer {
		b := w.browser()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.base+listURL+"?q=x", http.NoBody)
		must(t, err)
		r.Header.Set("HX-Request", "true")
		if current != "" {
			r.Header.Set("HX-Current-URL", current)
		}
		return b.send(r).wants(http.StatusUnauthorized)
	}
	for current, want := range map[string]string{
		"": "/auth/login", "https://evil.example//evil": "/auth/login", "%zz": "/auth/login",
		w.base + "/admin/registration-tokens?status=active": "/auth/login?return_to=" + url.QueryEscape("/admin/registration-tokens?status=active"),
	} {
		a := ask(current)
		if got := a.header.Get("HX-Redirect"); got != want || strings.TrimSpace(a.body) != "" {
			t.Errorf("on %q: HX-Redirect %q, want %q; body %q", current, got, want, a.body)
		}
	}
	w.browser().get("/admin/events").wants(http.StatusUnauthorized)
}
