package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// A website whose name was made to point at this machine gets nothing from a
// development server (DNS rebinding).
func TestDevHost_OnlyLoopbackNamesAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	answer := func(w *world, host, path string) int {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, http.NoBody)
		r.Host = host
		got := httptest.NewRecorder()
		w.server.ServeHTTP(got, r)
		return got.Code
	}
	_, port, _ := strings.Cut(strings.TrimPrefix(w.base, "https://"), ":")
	paths := []string{"/redeem", "/auth/signed-out", "/healthz", "/openapi.json", "/oauth2/jwks", "/nope", "/realms/muster/.well-known/openid-configuration"}
	for _, host := range []string{
		"evil.example", "evil.example:" + port, "localhost.evil.example", "127.0.0.1.evil.example", "evil.example:localhost", "localhost@evil.example",
		"192.168.1.5:" + port, "0.0.0.0:" + port, "[::]:" + port, "10.0.0.1", "127.1", "0x7f000001", "2130706433", "localhost.", "", "[::1", "[::ffff:10.0.0.1]",
	} {
		for _, path := range paths {
			if status := answer(w, host, path); status != http.StatusForbidden && host != "[::1" {
				t.Errorf("%s under %q: %d", path, host, status)
			}
		}
	}
	for _, host := range []string{"localhost", "LOCALHOST:" + port, "127.0.0.1", "127.0.0.1:1", "127.8.8.8", "[::1]:" + port, "::1"} {
		if status := answer(w, host, "/redeem"); status != http.StatusOK {
			t.Errorf("/redeem under %q: %d", host, status)
		}
	}
	if status := answer(newProductionWorld(t), "muster.example", "/redeem"); status != http.StatusOK {
		t.Errorf("a production server answers %d", status)
	}
}

func TestPaths_NoSpellingOfAPathShowsAProtectedPage(t *testing.T) {
	t.Parallel()
	w := newProductionWorld(t)
	const marker = "Northwind rollout"
	token, secret := w.registrationToken(marker, 3)
	issued := w.redeem(secret, "annabelle", "pc1")
	pages := []string{
		"/admin", "/admin/registration-tokens", "/admin/registration-tokens/" + token.ID, "/admin/registration-tokens/" + token.ID + "/edit",
		"/admin/auth-tokens", "/admin/auth-tokens/" + issued.AuthToken.ID, apiRegs, apiAuth + "/" + issued.AuthToken.ID,
	}
	signedIn := w.login("admin")
	for _, page := range pages[1:6] {
		if body := signedIn.get(page).wants(http.StatusOK).body; !strings.Contains(body, marker) && !strings.Contains(body, "annabelle") {
			t.Fatalf("%s shows nothing to protect", page)
		}
	}
	for _, page := range pages {
		first, rest := page[1:2], page[2:]
		for _, spelled := range []string{
			page, "/" + page, "//" + page, page + "/", page + "//", page + ";x", page + ";/..", page + "%20", page + "%00", page + ".", page + "/.", page + "/%2e",
			page + ".json", page + "%23", page + "%3f", page + "?", page + "?/redeem", "/." + page, "/./" + page[1:], "/redeem/.." + page,
			"/redeem/%2e%2e" + page, "/redeem/..%2f" + page[1:], "/redeem/..;" + page, "/static/.." + page, "/static/%2e%2e" + page, "/static/..%2f" + page[1:],
			"/static/..%5c" + page[1:], "/%2e%2e" + page, "/%2f" + page[1:], "%2f" + page[1:], "/%5c" + page[1:], "/\\" + page[1:], strings.ToUpper(page),
			page + "/../" + page[1:], page + "/%2e%2e" + page, "/%" + hex(first[0]) + rest, "/%25" + hex(first[0]) + rest, strings.ReplaceAll(page, "/", "%2f"),
			strings.ReplaceAll(page, "/", "//"), strings.ReplaceAll(page, "/", "/./"), "/healthz/.." + page, "/auth/login/.." + page,
			"/realms/.." + page, "/realms/%2e%2e" + page, "https://evil.example" + page,
		} {
			for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
				got := w.anonymous(method, spelled)
				// A form without a session is led to log in by a page of ours.
				onward := method == http.MethodPost && strings.Contains(got.Body.String(), `<meta http-equiv="refresh"`)
				if strings.Contains(got.Body.String(), marker) || strings.Contains(got.Body.String(), "annabelle") || got.Code == http.StatusOK && !onward {
					t.Errorf("%s %s answers %d", method, spelled, got.Code)
				}
				to, err := url.Parse(got.Header().Get("Location"))
				if err != nil || to.Host != "" && to.Scheme+"://"+to.Host != w.base || strings.HasPrefix(to.String(), "//") {
					t.Errorf("%s %s leads to %q", method, spelled, got.Header().Get("Location"))
				}
			}
		}
	}
}

// anonymous asks for a target spelled in any way, as a client that tidies
// nothing would.
func (w *world) anonymous(method, target string) *httptest.ResponseRecorder {
	w.t.Helper()
	r := httptest.NewRequestWithContext(w.t.Context(), method, "/", http.NoBody)
	u, err := url.ParseRequestURI(target)
	got := httptest.NewRecorder()
	if err != nil { // net/http refuses it before anything of ours runs
		got.Code = http.StatusBadRequest
		return got
	}
	r.URL, r.RequestURI = u, target
	// Rewriting proxies are not believed either.
	r.Header.Set("X-Original-Url", "/redeem")
	r.Header.Set("X-Rewrite-Url", "/redeem")
	r.Header.Set("X-Http-Method-Override", http.MethodGet)
	w.server.ServeHTTP(got, r)
	return got
}
