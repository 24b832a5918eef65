// Package rptest is an OIDC provider for tests that can be told to misbehave:
// every part of its answers can be changed from outside. Left alone it is
// correct, so that one change is one misbehaviour.
package rptest

import (
	"crypto/sha256"
	"encoding/base64"
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
	codes  map[string]url.Values // authorization requests by code
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
	p.nextID++
	code := "code-" + strconv.Itoa(p.nextID)
	p.codes[code] = request
	return url.Values{"code": {code}, "state": {request.Get("state")}}
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

func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	id, secret, _ := r.BasicAuth()
	code := r.PostFormValue("code")
	p.mu.Lock()
	request, known := p.codes[code]
	delete(p.codes, code)
	does := p.does
	p.mu.Unlock()
	challenge := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	switch {
	case id != ClientID || secret != ClientSecret:
		writeJSON(w, http.StatusUnauthorized, map[string]string{"error": "invalid_client"})
		return
	case !known,
		request.Get("code_challenge_method") != "S256",
		request.Get("code_challenge") != base64.RawURLEncoding.EncodeToString(challenge[:]),
		request.Get("redirect_uri") != r.PostFormValue("redirect_uri"):
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": "invalid_grant"})
		return
	}
	access := "opaque-" + code
	sum := sha256.Sum256([]byte(access))
	now := p.now()
	claims := map[string]any{
		"iss": p.URL, "sub": Subject, "aud": ClientID, "nonce": request.Get("nonce"),
		"iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(),
		"at_hash": base64.RawURLEncoding.EncodeToString(sum[:16]),
		"name":    "Nora Lindqvist", "email": "nora@example.com", "groups": []string{"admin"},
	}
	if does.IDClaims != nil {
		does.IDClaims(claims)
	}
	var raw string
	if does.RawIDToken != nil {
		raw = does.RawIDToken(claims)
	} else {
		header := does.signer().Header()
		if does.IDHeader != nil {
			does.IDHeader(header)
		}
		raw = does.signer().Sign(p.tb, header, Marshal(p.tb, claims))
	}
	writeJSON(w, http.StatusOK, map[string]any{
		"access_token": access, "token_type": "Bearer", "expires_in": 300, "id_token": raw,
	})
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
