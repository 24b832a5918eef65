package handlers_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"muster/handlers"
	"muster/models/store/storetest"
)

// newProductionWorld is a world without the development mode; the provider to
// log in at stays.
func newProductionWorld(t testing.TB, changes ...func(*handlers.Config)) *world {
	t.Helper()
	production := func(cfg *handlers.Config) { cfg.Dev = false }
	return newWorldOn(t, storetest.SQLite(t), append([]func(*handlers.Config){production}, changes...)...)
}

// securityHeaders are what every answer carries (rule 19).
var securityHeaders = map[string]string{
	"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
		"font-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; form-action 'self'",
	"X-Content-Type-Options":       "nosniff",
	"Referrer-Policy":              "same-origin",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Permissions-Policy":           "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
	"X-Robots-Tag":                 "noindex, nofollow",
	"Strict-Transport-Security":    "max-age=31536000; includeSubDomains",
}

// kind is one kind of answer, and how to get it.
type kind struct {
	name, method, path string
	status             int
	contentType        string // what it begins with
	noStore            bool
}

// bareHeaders asks and returns the header alone: some answers never end.
func (b *browser) bareHeaders(method, path string) (int, http.Header) {
	b.w.t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(b.w.t.Context()))
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, b.w.base+path, http.NoBody)
	must(b.w.t, err)
	if b.htmx {
		r.Header.Set("HX-Request", "true")
	}
	response, err := b.client.Do(r)
	must(b.w.t, err)
	must(b.w.t, response.Body.Close())
	return response.StatusCode, response.Header
}

// answersWith fails unless the answer is of that kind with every header.
func (b *browser) answersWith(k kind) {
	b.w.t.Helper()
	status, header := b.bareHeaders(k.method, k.path)
	if status != k.status || !strings.HasPrefix(header.Get("Content-Type"), k.contentType) {
		b.w.t.Errorf("%s: %d %q, want %d %q", k.name, status, header.Get("Content-Type"), k.status, k.contentType)
	}
	for name, want := range securityHeaders {
		if got := header.Values(name); len(got) != 1 || got[0] != want {
			b.w.t.Errorf("%s: %s is %q, want %q", k.name, name, got, want)
		}
	}
	if text := header.Get("Content-Type"); strings.HasPrefix(text, "text/") && text != "text/event-stream" && !strings.Contains(strings.ToLower(text), "charset=utf-8") {
		b.w.t.Errorf("%s: %q names no charset", k.name, text)
	}
	if k.noStore && !strings.Contains(header.Get("Cache-Control"), "no-store") {
		b.w.t.Errorf("%s: Cache-Control is %q", k.name, header.Get("Cache-Control"))
	}
	for _, name := range []string{"Server", "X-Powered-By", "Access-Control-Allow-Origin"} {
		if header.Get(name) != "" {
			b.w.t.Errorf("%s: %s is %q", k.name, name, header.Get(name))
		}
	}
	if header.Get("X-Request-Id") == "" {
		b.w.t.Errorf("%s: no request id", k.name)
	}
}

func TestSecurityHeaders_OnEveryKindOfAnswer(t *testing.T) {
	t.Parallel()
	w := newProductionWorld(t)
	w.registrationToken("Lab", 3)
	b := w.login("admin")
	icon := w.browser().get("/favicon.ico").leadsTo()
	const html, problem, text = "text/html", "application/problem+json", "application/json"
	for _, k := range []kind{
		{"page", http.MethodGet, "/admin/registration-tokens", 200, html, true},
		{"HEAD of a page", http.MethodHead, "/admin/registration-tokens", 200, html, true},
		{"public page", http.MethodGet, "/redeem", 200, html, true},
		{"live stream", http.MethodGet, "/admin/events", 200, "text/event-stream", true},
		{"asset", http.MethodGet, icon, 200, "image/svg+xml", false},
		{"missing asset", http.MethodGet, "/static/nope.js", 404, html, true},
		{"redirect", http.MethodGet, "/favicon.ico", 302, "", false},
		{"page of nothing", http.MethodGet, "/nope", 404, html, true},
		{"page of a wrong method", http.MethodPut, "/redeem", 405, html, true},
		{"TRACE", http.MethodTrace, "/redeem", 405, html, true},
		{"OPTIONS", http.MethodOptions, "/admin", 204, "", false},
		{"refused query", http.MethodGet, "/redeem?token=x", 400, html, true},
		{"problem without a credential", http.MethodGet, apiRegs, 401, problem, true},
		{"problem of nothing", http.MethodGet, "/token/api/v5/nope", 404, problem, true},
		{"JSON", http.MethodGet, "/token/api/v5/idpConfigurations", 200, text, false},
		{"HEAD of JSON", http.MethodHead, "/token/api/v5/idpConfigurations", 200, text, false},
		{"OAuth error", http.MethodPost, "/oauth2/token", 400, text, true},
		{"health", http.MethodGet, "/healthz", 200, text, true},
	} {
		b.answersWith(k)
	}
	w.browser().answersWith(kind{"redirect to the login", http.MethodGet, "/admin", 303, "", true})
	b.htmx = true
	b.answersWith(kind{"part of a page", http.MethodGet, "/admin/registration-tokens", 200, html, true})
	b.answersWith(kind{"refusal inside a page", http.MethodGet, "/admin/registration-tokens/01arz3ndektsv4rrffq69g5fav", 200, html, true})
	b.htmx = false

	w.server.PanicAt("/broken", "boom")
	w.server.PanicAt("/token/api/v5/broken", "boom")
	b.answersWith(kind{"page of our fault", http.MethodGet, "/broken", 500, html, true})
	b.answersWith(kind{"problem of our fault", http.MethodGet, "/token/api/v5/broken", 500, problem, true})
	must(t, w.store.Close())
	b.answersWith(kind{"page without a database", http.MethodGet, "/admin", 503, html, true})
	b.answersWith(kind{"not ready", http.MethodGet, "/readyz", 503, problem, true})
}

// A policy of transport means nothing over plain HTTP. A provider at another origin
// changes nothing: no form leads there.
func TestSecurityHeaders_FollowTheAddresses(t *testing.T) {
	t.Parallel()
	w := newWorldOn(t, storetest.SQLite(t), func(cfg *handlers.Config) {
		base, err := url.Parse(cfg.BaseURL)
		must(t, err)
		cfg.BaseURL = "http://" + base.Host
	})
	_, header := w.browser().bareHeaders(http.MethodGet, "/redeem")
	if got := header.Get("Strict-Transport-Security"); got != "" {
		t.Errorf("Strict-Transport-Security over HTTP: %q", got)
	}
	if policy := header.Get("Content-Security-Policy"); !strings.HasSuffix(policy, "; form-action 'self'") {
		t.Errorf("policy: %s", policy)
	}
}
