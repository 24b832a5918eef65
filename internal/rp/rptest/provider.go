// Package rptest is an OIDC provider for tests that can be told to misbehave:
// every part of its answers can be changed from outside. Left alone it is
// correct, so that one change is one misbehaviour.
package rptest

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// The client that is registered, and the person who logs in.
const (
	ClientID     = "muster-portal"
	ClientSecret = "rptest-client-secret"
	RedirectURL  = "http://127.0.0.1:8080/auth/callback"
	Audience     = "muster-api"
	Subject      = "person-1"
)

// Behaviour is what tests change. A nil function changes nothing.
type Behaviour struct {
	// Discovery changes the discovery document.
	Discovery func(doc map[string]any)
	// Handle takes over a path ("/token") when it is set for it.
	Handle map[string]http.HandlerFunc
	// IDHeader and IDClaims change the ID token before it is signed.
	IDHeader, IDClaims func(m map[string]any)
	// RawIDToken replaces the ID token as a whole; it gets what it would say.
	RawIDToken func(claims map[string]any) string
	// UserInfo changes the UserInfo answer.
	UserInfo func(claims map[string]any)
	// NoSession answers logins without the person (prompt=none) with login_required.
	NoSession bool
	// RefreshTokens gives one with each login, and a new one at each use.
	RefreshTokens bool
	// NoIDTokenAtRefresh leaves it out there.
	NoIDTokenAtRefresh bool
	// ClientAuth is client_secret_basic when empty, client_secret_post or none.
	ClientAuth string
	// Signer signs; the first of Keys when zero.
	Signer Key
	// Keys are published.
	Keys []Key
}

// Provider is the running provider.
type Provider struct {
	URL string // also the issuer
	tb  testing.TB
	now func() time.Time

	mu     sync.Mutex
	does   Behaviour
	calls  map[string]int
	codes  map[string]url.Values // authorization requests by code or refresh token
	nextID int
}

// New starts a provider with one ES256 key; it stops with the test.
func New(tb testing.TB, now func() time.Time) *Provider {
	tb.Helper()
	p := &Provider{tb: tb, now: now, calls: map[string]int{}, codes: map[string]url.Values{}}
	p.does.Keys = []Key{NewECKey(tb, "key-1")}
	mux := http.NewServeMux()
	for path, answer := range map[string]http.HandlerFunc{
		"/.well-known/openid-configuration": p.discovery,
		"/authorize":                        p.authorize,
		"/token":                            p.token,
		"/userinfo":                         p.userInfo,
		"/jwks":                             p.jwks,
	} {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			p.mu.Lock()
			p.calls[path]++
			instead := p.does.Handle[path]
			p.mu.Unlock()
			if instead != nil {
				instead(w, r)
				return
			}
			answer(w, r)
		})
	}
	server := httptest.NewServer(mux)
	tb.Cleanup(server.Close)
	p.URL = server.URL
	return p
}

// Set changes the behaviour.
func (p *Provider) Set(change func(b *Behaviour)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(&p.does)
}

// Calls returns how often a path was asked.
func (p *Provider) Calls(path string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.calls[path]
}

// Key returns the key that signs.
func (p *Provider) Key() Key {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.does.signer()
}

func (b *Behaviour) signer() Key {
	if b.Signer.private != nil {
		return b.Signer
	}
	return b.Keys[0]
}

// LogIn is a person logging in at the address of AuthCodeURL: it returns what
// the browser brings back.
func (p *Provider) LogIn(authCodeURL string) url.Values {
	p.tb.Helper()
	u, err := url.Parse(authCodeURL)
	if err != nil {
		p.tb.Fatal(err)
	}
	return p.grant(u.Query())
}

func (p *Provider) grant(request url.Values) url.Values {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.does.NoSession && request.Get("prompt") == "none" {
		return url.Values{"error": {"login_required"}, "state": {request.Get("state")}}
	}
	return url.Values{"code": {p.remember("code", request)}, "state": {request.Get("state")}}
}

// remember keeps an authorization request under a new name; the lock is held.
func (p *Provider) remember(kind string, request url.Values) string {
	p.nextID++
	name := kind + "-" + strconv.Itoa(p.nextID)
	p.codes[name] = request
	return name
}

// AccessToken makes an access token for REST; change may be nil.
func (p *Provider) AccessToken(change func(header, claims map[string]any)) string {
	p.tb.Helper()
	key := p.Key()
	header, claims := key.Header(), p.AccessClaims()
	header["typ"] = "at+jwt"
	if change != nil {
		change(header, claims)
	}
	return key.Sign(p.tb, header, Marshal(p.tb, claims))
}

// AccessClaims are the claims of a proper access token.
func (p *Provider) AccessClaims() map[string]any {
	now := p.now()
	return map[string]any{
		"iss": p.URL, "sub": Subject, "aud": Audience, "client_id": "muster-cli", "scope": "openid",
		"iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(), "jti": "1",
		"name": "Nora Lindqvist", "email": "nora@example.com", "groups": []string{"admin"},
	}
}

func (p *Provider) authorize(w http.ResponseWriter, r *http.Request) {
	back, err := url.Parse(r.URL.Query().Get("redirect_uri"))
	if err != nil {
		http.Error(w, "redirect_uri", http.StatusBadRequest)
		return
	}
	back.RawQuery = p.grant(r.URL.Query()).Encode()
	http.Redirect(w, r, back.String(), http.StatusFound)
}

func (p *Provider) discovery(w http.ResponseWriter, _ *http.Request) {
	doc := map[string]any{
		"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token",
		"userinfo_endpoint": p.URL + "/userinfo", "jwks_uri": p.URL + "/jwks",
		"end_session_endpoint":                  p.URL + "/logout",
		"id_token_signing_alg_values_supported": []string{"RS256", "ES256", "HS256", "none"},
	}
	p.mu.Lock()
	change := p.does.Discovery
	p.mu.Unlock()
	if change != nil {
		change(doc)
	}
	writeJSON(w, http.StatusOK, doc)
}

func (p *Provider) jwks(w http.ResponseWriter, _ *http.Request) {
	p.mu.Lock()
	var set jose.JSONWebKeySet
	for _, k := range p.does.Keys {
		set.Keys = append(set.Keys, k.Public())
	}
	p.mu.Unlock()
	writeJSON(w, http.StatusOK, set)
}

func (p *Provider) userInfo(w http.ResponseWriter, _ *http.Request) {
	claims := map[string]any{
		"sub": Subject, "name": "Nora of UserInfo", "email": "userinfo@example.com", "groups": []string{"helpdesk"},
	}
	p.mu.Lock()
	change := p.does.UserInfo
	p.mu.Unlock()
	if change != nil {
		change(claims)
	}
	writeJSON(w, http.StatusOK, claims)
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}
