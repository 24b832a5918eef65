package idp

import (
	"cmp"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
)

const (
	// DevClientID is the portal: confidential, authorization code flow.
	DevClientID = "muster-portal"
	// DevCLIClientID is for scripts: public, password grant.
	DevCLIClientID = "muster-cli"
	// DevRealm is the last part of the issuer.
	DevRealm = "muster"

	realmPath    = "/realms/" + DevRealm
	protocolPath = realmPath + "/protocol/openid-connect"

	codeLifetime  = time.Minute
	tokenLifetime = 5 * time.Minute
	formLimit     = 64 << 10
)

// Config says where the provider lives and whom it serves.
type Config struct {
	// BaseURL is the portal's own address, which must be loopback; the
	// issuer is BaseURL + /realms/muster.
	BaseURL string
	// RedirectURI and PostLogoutRedirectURI are matched exactly. An empty
	// PostLogoutRedirectURI allows no return after logout.
	RedirectURI, PostLogoutRedirectURI string
	// Audience is what access tokens are made for; BaseURL when empty.
	Audience string
	// Now is the clock; time.Now when nil.
	Now func() time.Time
	// RenderLogin replaces the plain login page.
	RenderLogin func(w io.Writer, page LoginPage) error
}

// Provider answers all paths below /realms/muster. It is an http.Handler and
// safe for concurrent use. It keeps no session: every login asks again.
type Provider struct {
	cfg    Config
	base   string // BaseURL without the last "/"
	issuer string
	secret string // of the portal
	key    *ecdsa.PrivateKey
	keyID  string
	signer map[string]jose.Signer // by typ
	mux    *http.ServeMux

	mu    sync.Mutex
	codes map[string]grant

	refreshTokens refreshTokens
}

// New makes a provider with a fresh signing key. It fails for a BaseURL that
// is not loopback: accounts with known passwords must never be reachable.
func New(cfg Config) (*Provider, error) {
	base, err := url.Parse(cfg.BaseURL)
	if err != nil || (base.Scheme != "http" && base.Scheme != "https") || base.Host == "" ||
		base.RawQuery != "" || base.Fragment != "" || base.User != nil || strings.Trim(base.Path, "/") != "" {
		return nil, fmt.Errorf("idp: %q is not a plain base URL", cfg.BaseURL)
	}
	if !loopback(base.Hostname()) {
		return nil, fmt.Errorf("idp: %q is not loopback; the development provider is for this machine only", cfg.BaseURL)
	}
	if cfg.RedirectURI == "" {
		return nil, errors.New("idp: the redirect URI is missing")
	}
	p := &Provider{cfg: cfg, base: base.Scheme + "://" + base.Host, secret: random(), keyID: random()[:16], codes: map[string]grant{}}
	p.issuer = p.base + realmPath
	p.cfg.Audience = cmp.Or(cfg.Audience, p.base)
	if p.cfg.Now == nil {
		p.cfg.Now = time.Now
	}
	if p.cfg.RenderLogin == nil {
		p.cfg.RenderLogin = renderLogin
	}
	if p.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		return nil, fmt.Errorf("idp: signing key: %w", err)
	}
	p.signer = map[string]jose.Signer{}
	for _, typ := range []string{typeID, typeAccess} {
		p.signer[typ], err = jose.NewSigner(
			jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: p.key, KeyID: p.keyID}},
			(&jose.SignerOptions{}).WithType(jose.ContentType(typ)))
		if err != nil {
			return nil, fmt.Errorf("idp: signer: %w", err)
		}
	}
	p.mux = http.NewServeMux()
	p.mux.HandleFunc(realmPath+"/.well-known/openid-configuration", get(p.discovery))
	p.mux.HandleFunc(protocolPath+"/certs", get(p.certs))
	p.mux.HandleFunc(protocolPath+"/auth", p.authorize)
	p.mux.HandleFunc(protocolPath+"/token", p.token)
	p.mux.HandleFunc(protocolPath+"/userinfo", p.userInfo)
	p.mux.HandleFunc(protocolPath+"/logout", p.logout)
	return p, nil
}

// Issuer returns the issuer URL.
func (p *Provider) Issuer() string { return p.issuer }

// ClientSecret returns the generated secret of the portal.
func (p *Provider) ClientSecret() string { return p.secret }

// Audience returns what the access tokens are made for.
func (p *Provider) Audience() string { return p.cfg.Audience }

// ServeHTTP implements http.Handler.
func (p *Provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Pragma", "no-cache")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Referrer-Policy", "no-referrer")
	r.Body = http.MaxBytesReader(w, r.Body, formLimit)
	p.mux.ServeHTTP(w, r)
}

func (p *Provider) discovery(w http.ResponseWriter, _ *http.Request) {
	endpoint := p.base + protocolPath
	writeJSON(w, http.StatusOK, map[string]any{
		"issuer":                                         p.issuer,
		"authorization_endpoint":                         endpoint + "/auth",
		"token_endpoint":                                 endpoint + "/token",
		"userinfo_endpoint":                              endpoint + "/userinfo",
		"jwks_uri":                                       endpoint + "/certs",
		"end_session_endpoint":                           endpoint + "/logout",
		"response_types_supported":                       []string{"code"},
		"response_modes_supported":                       []string{"query"},
		"grant_types_supported":                          []string{"authorization_code", "refresh_token", "password"},
		"subject_types_supported":                        []string{"public"},
		"id_token_signing_alg_values_supported":          []string{string(jose.ES256)},
		"token_endpoint_auth_methods_supported":          []string{"client_secret_basic", "client_secret_post", "none"},
		"code_challenge_methods_supported":               []string{"S256"},
		"scopes_supported":                               []string{"openid", "profile", "email"},
		"claims_supported":                               []string{"sub", "iss", "aud", "exp", "iat", "auth_time", "name", "preferred_username", "email", "email_verified", "groups"},
		"authorization_response_iss_parameter_supported": true,
		"claims_parameter_supported":                     false,
		"request_parameter_supported":                    false,
		"request_uri_parameter_supported":                false,
	})
}

func (p *Provider) certs(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{
		Key: p.key.Public(), KeyID: p.keyID, Algorithm: string(jose.ES256), Use: "sig",
	}}})
}

// get lets GET and HEAD pass.
func get(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			notAllowed(w, "GET, HEAD")
			return
		}
		next(w, r)
	}
}

func loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// random returns 256 random bits as text.
func random() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the process instead
	return base64.RawURLEncoding.EncodeToString(b)
}
