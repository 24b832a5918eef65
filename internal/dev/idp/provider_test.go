package idp_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"muster/internal/dev/idp"
	"muster/internal/rp"
)

// host is a portal with the development provider on the same listener.
type host struct {
	*idp.Provider
	url    string
	client *http.Client // follows no redirects
	mu     sync.Mutex
	now    time.Time
}

func (h *host) Now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *host) add(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

func start(t *testing.T, changes ...func(*idp.Config)) *host {
	t.Helper()
	h := &host{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	var handler http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	h.url = server.URL
	cfg := idp.Config{
		BaseURL: server.URL, RedirectURI: server.URL + "/auth/callback",
		PostLogoutRedirectURI: server.URL + "/", Audience: server.URL + "/token/api/v5", Now: h.Now,
	}
	for _, change := range changes {
		change(&cfg)
	}
	var err error
	if h.Provider, err = idp.New(cfg); err != nil {
		t.Fatal(err)
	}
	handler = h.Provider
	h.client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return h
}

func (h *host) path(name string) string {
	return h.url + "/realms/muster/protocol/openid-connect/" + name
}

// do sends a request; a nil form is a GET.
func (h *host) do(t *testing.T, address string, form url.Values, header ...string) *http.Response {
	t.Helper()
	method, body := http.MethodGet, io.Reader(nil)
	if form != nil {
		method, body = http.MethodPost, strings.NewReader(form.Encode())
	}
	req, err := http.NewRequestWithContext(t.Context(), method, address, body)
	if err != nil {
		t.Fatal(err)
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := h.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = resp.Body.Close() })
	if cc := resp.Header.Get("Cache-Control"); cc != "no-store" {
		t.Errorf("%s: Cache-Control %q", address, cc)
	}
	return resp
}

// page checks that the answer is a clean page and returns it.
func page(t *testing.T, resp *http.Response, status int) *goquery.Document {
	t.Helper()
	if resp.StatusCode != status {
		t.Fatalf("status %d, want %d", resp.StatusCode, status)
	}
	doc, err := goquery.NewDocumentFromReader(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if n := doc.Find("script, style, [style], [onclick], [onsubmit]").Length(); n != 0 {
		t.Errorf("%d inline scripts or styles", n)
	}
	if !strings.Contains(resp.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
		t.Error("the page can be framed")
	}
	return doc
}

// object checks the status and decodes the JSON answer.
func object(t *testing.T, resp *http.Response, status int) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.NewDecoder(resp.Body).Decode(&m); err != nil {
		t.Fatalf("status %d: %v", resp.StatusCode, err)
	}
	if resp.StatusCode != status {
		t.Fatalf("status %d, want %d: %v", resp.StatusCode, status, m)
	}
	return m
}

// relyingParty is the portal's own, as in production.
func (h *host) relyingParty(t *testing.T) *rp.Provider {
	t.Helper()
	provider, err := rp.New(rp.Config{
		Issuer: h.Issuer(), ClientID: idp.DevClientID, ClientSecret: h.ClientSecret(),
		RedirectURL: h.url + "/auth/callback", Audience: h.Audience(), Now: h.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	return provider
}

// logIn fills in the login page as a browser without JavaScript does and
// returns the answer to the form.
func (h *host) logIn(t *testing.T, address, username, password string) *http.Response {
	t.Helper()
	doc := page(t, h.do(t, address, nil), http.StatusOK)
	form := doc.Find("form")
	if form.Length() != 1 || form.AttrOr("method", "") != "post" {
		t.Fatal("the login page has not exactly one POST form")
	}
	if form.Find("input[name=username]").Length() != 1 || form.Find("input[name=password][type=password]").Length() != 1 ||
		form.Find("button[type=submit]").Length() != 1 {
		t.Fatal("the form lacks username, password or button")
	}
	action, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	if action, err = action.Parse(form.AttrOr("action", "")); err != nil {
		t.Fatal(err)
	}
	return h.do(t, action.String(), url.Values{"username": {username}, "password": {password}})
}

// location returns where a redirect leads.
func location(t *testing.T, resp *http.Response) *url.URL {
	t.Helper()
	if resp.StatusCode != http.StatusSeeOther {
		t.Fatalf("status %d, want 303", resp.StatusCode)
	}
	u, err := resp.Location()
	if err != nil {
		t.Fatal(err)
	}
	return u
}
