package handlers_test

import (
	"net/http"
	"strings"
	"testing"
)

// fromElsewhere is what the refusal of a forged form says.
const fromElsewhere = "sent from another site"

// sender is what a browser says of where a form came from; empty is left out.
type sender struct{ name, site, origin string }

// sendAs posts an empty form as that sender.
func (b *browser) sendAs(s sender, path string) *answer {
	b.w.t.Helper()
	r, err := http.NewRequestWithContext(b.w.t.Context(), http.MethodPost, b.w.base+path, strings.NewReader("expected=1"))
	must(b.w.t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if s.site != "" {
		r.Header.Set("Sec-Fetch-Site", s.site)
	}
	if s.origin != "" {
		r.Header.Set("Origin", s.origin)
	}
	return b.send(r)
}

// postPages are the addresses of all forms, with the id where one belongs.
func (w *world) postPages(id string) []string {
	var all []string
	for _, route := range w.server.Routes() {
		if route.Page && route.Method == http.MethodPost && !strings.HasPrefix(route.Path, "/realms/") {
			all = append(all, strings.ReplaceAll(route.Path, ":id", id))
		}
	}
	return all
}

func TestCrossOrigin_NoFormOfAnotherSiteIsWorked(t *testing.T) {
	t.Parallel()
	w := newProductionWorld(t)
	s := newStage(w)
	b := w.login("admin")
	_, port, _ := strings.Cut(strings.TrimPrefix(w.base, "https://"), ":")
	refused := []sender{
		{"another site", "cross-site", "https://evil.example"},
		{"another site that claims our origin", "cross-site", w.base},
		{"sibling subdomain", "same-site", "https://sibling.127.0.0.1:" + port},
		{"unknown word", "friendly", w.base},
		{"two words", "same-origin, cross-site", w.base},
		{"sandboxed frame", "cross-site", "null"},
		{"old browser, another site", "", "https://evil.example"},
		{"old browser, null", "", "null"},
		{"old browser, another port", "", "https://127.0.0.1:1"},
		{"old browser, no port", "", "https://127.0.0.1"},
		{"old browser, name that begins like ours", "", w.base + ".evil.example"},
		{"old browser, name in the user", "", w.base + "@evil.example"},
	}
	pages := w.postPages(s.token.ID)
	if len(pages) < 12 {
		t.Fatalf("only %d forms: %v", len(pages), pages)
	}
	for _, path := range pages {
		for _, from := range refused {
			got := b.sendAs(from, path)
			if got.status != http.StatusForbidden || !strings.Contains(got.body, fromElsewhere) {
				t.Errorf("%s from %s: %d %s", path, from.name, got.status, squeeze(got.doc.Text()))
			}
			if len(got.header.Values("Set-Cookie")) > 0 {
				t.Errorf("%s from %s sets a cookie", path, from.name)
			}
		}
	}
	s.unchanged()
	b.get("/admin").wants(http.StatusOK) // and still signed in
}

func TestCrossOrigin_OwnFormsAndOldBrowsersPass(t *testing.T) {
	t.Parallel()
	w := newProductionWorld(t)
	token, _ := w.registrationToken("Lab", 3)
	for _, path := range w.postPages(token.ID) {
		for _, from := range []sender{
			{"own page", "same-origin", w.base},
			{"own page that hides its origin", "same-origin", "null"},
			{"typed by the user", "none", ""},
			{"old browser, own origin", "", w.base},
			{"neither header", "", ""},
		} {
			got := w.browser().sendAs(from, path)
			if got.status == http.StatusForbidden || got.status >= http.StatusInternalServerError || strings.Contains(got.body, fromElsewhere) {
				t.Errorf("%s from %s: %d %s", path, from.name, got.status, squeeze(got.doc.Text()))
			}
		}
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.base+"/redeem", http.NoBody)
	must(t, err)
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	w.browser().send(r).wants(http.StatusOK) // a link
}

// REST and OAuth look at no cookie, so there is nothing to forge.
func TestCrossOrigin_SessionIsNoCredentialForScripts(t *testing.T) {
	t.Parallel()
	w := newProductionWorld(t)
	s := newStage(w)
	b := w.login("admin")
	for _, route := range w.server.Routes() {
		if route.Bearer || route.Path == "/oauth2/introspect" || route.Method == http.MethodPost && route.Path == apiAuth {
			path := strings.ReplaceAll(route.Path, ":id", s.token.ID)
			b.do(route.Method, path, map[string][]string{"token": {"x"}}).wants(http.StatusUnauthorized)
		}
	}
	s.unchanged()
}
