package rp

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

const (
	metadataMaxAge  = time.Hour
	minRetry        = time.Second
	maxRetry        = 5 * time.Second
	errorTextLength = 300
)

// metadata is one successful discovery.
type metadata struct {
	endpoint    oauth2.Endpoint
	userInfoURL string
	logoutURL   string
	jwksURL     string
	algorithms  []string // for ID tokens; asymmetric only
	issInAnswer bool     // RFC 9207: every answer carries iss
	keys        *keySet
	readAt      time.Time
}

// Endpoints is what GET /token/api/v5/idpConfigurations says about the provider.
type Endpoints struct {
	Issuer   string
	TokenURL string
	// Realm and TokenEndpointBase are set only when TokenURL has the shape
	// {base}realms/{realm}/protocol/openid-connect/token, base ending in "/".
	Realm, TokenEndpointBase string
}

// Endpoints returns the provider's addresses. KindUnavailable when discovery
// fails.
func (p *Provider) Endpoints(ctx context.Context) (Endpoints, error) {
	m, err := p.metadata(ctx)
	if err != nil {
		return Endpoints{}, err
	}
	e := Endpoints{Issuer: p.cfg.Issuer, TokenURL: m.endpoint.TokenURL}
	e.TokenEndpointBase, e.Realm = splitRealm(e.TokenURL)
	return e, nil
}

func splitRealm(tokenURL string) (base, realm string) {
	const tail = "/protocol/openid-connect/token"
	head, ok := strings.CutSuffix(tokenURL, tail)
	if !ok {
		return "", ""
	}
	i := strings.LastIndex(head, "/realms/")
	if i < 0 {
		return "", ""
	}
	base, realm = head[:i+1], head[i+len("/realms/"):]
	if realm == "" || strings.ContainsAny(realm, "/?#") {
		return "", ""
	}
	return base, realm
}

// metadata returns the discovered metadata, and reads it if there is none or it is
// old. Concurrent callers share one read; after a failure, further callers get the
// same failure until a short back-off has passed.
func (p *Provider) metadata(ctx context.Context) (*metadata, error) {
	now := p.cfg.Now()
	p.mu.Lock()
	m, failure, waiting := p.meta, p.failure, now.Before(p.retryAt)
	p.mu.Unlock()
	if m != nil && (waiting || now.Sub(m.readAt) < metadataMaxAge) {
		return m, nil
	}
	if m == nil && waiting {
		return nil, unavailable(failure)
	}
	// One caller that goes away must not fail the others.
	result := p.flight.DoChan("discovery", func() (any, error) {
		shared, cancel := context.WithTimeout(context.WithoutCancel(ctx), remoteTimeout)
		defer cancel()
		return p.discover(shared)
	})
	select {
	case <-ctx.Done():
		return nil, unavailable(ctx.Err())
	case r := <-result:
		if r.Err != nil {
			return nil, unavailable(r.Err)
		}
		return r.Val.(*metadata), nil
	}
}

// discover reads the metadata once and records the outcome. A failure keeps older
// metadata.
func (p *Provider) discover(ctx context.Context) (*metadata, error) {
	fresh, err := p.readMetadata(ctx)
	now := p.cfg.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	if err != nil {
		p.failures++
		p.failure = err
		p.retryAt = now.Add(min(minRetry<<min(p.failures-1, 8), maxRetry))
		if p.meta == nil {
			return nil, err
		}
		p.cfg.Logger.Warn("login provider: discovery failed, older metadata stays in use", "error", err)
		return p.meta, nil
	}
	p.failures, p.failure, p.retryAt = 0, nil, time.Time{}
	fresh.readAt = now
	// Known keys, and the limit on reading new ones, outlive a new reading of the
	// metadata.
	if p.meta != nil && p.meta.jwksURL == fresh.jwksURL {
		fresh.keys = p.meta.keys
	} else {
		fresh.keys = &keySet{client: p.client, url: fresh.jwksURL, now: p.cfg.Now, logger: p.cfg.Logger}
	}
	p.meta = fresh
	return fresh, nil
}

func (p *Provider) readMetadata(ctx context.Context) (*metadata, error) {
	provider, err := oidc.NewProvider(oidc.ClientContext(ctx, p.client), p.cfg.Issuer)
	if mismatch, ok := errors.AsType[*oidc.IssuerMismatchError](err); ok {
		return nil, fmt.Errorf("discovery: the provider calls itself %q, but the configured issuer is %q; they must match to the last \"/\"",
			mismatch.Discovered, mismatch.Provided)
	}
	if err != nil {
		// The text can contain the whole answer of a stranger.
		return nil, fmt.Errorf("discovery at %s: %s", p.cfg.Issuer, shorten(err.Error()))
	}
	var doc struct {
		JWKSURL     string   `json:"jwks_uri"`
		LogoutURL   string   `json:"end_session_endpoint"`
		Algorithms  []string `json:"id_token_signing_alg_values_supported"`
		AuthMethods []string `json:"token_endpoint_auth_methods_supported"`
		Responses   []string `json:"response_types_supported"`
		PAROnly     bool     `json:"require_pushed_authorization_requests"`
		IssInAnswer bool     `json:"authorization_response_iss_parameter_supported"`
	}
	if err := provider.Claims(&doc); err != nil {
		return nil, fmt.Errorf("discovery: %w", err)
	}
	m := &metadata{
		endpoint:    provider.Endpoint(),
		userInfoURL: provider.UserInfoEndpoint(),
		logoutURL:   doc.LogoutURL,
		jwksURL:     doc.JWKSURL,
		issInAnswer: doc.IssInAnswer,
	}
	for _, alg := range doc.Algorithms {
		if slices.Contains(asymmetric, alg) {
			m.algorithms = append(m.algorithms, alg)
		}
	}
	switch {
	case doc.PAROnly:
		return nil, unsupported("demands pushed authorization requests (PAR); allow plain ones for Muster's client")
	case len(doc.Responses) > 0 && !slices.Contains(doc.Responses, "code"):
		return nil, unsupported("does not offer the authorization code flow")
	case len(doc.Algorithms) > 0 && len(m.algorithms) == 0:
		return nil, unsupported("signs ID tokens with %s only; choose RS256, PS256, ES256 or EdDSA there", shorten(strings.Join(doc.Algorithms, ", ")))
	}
	if m.endpoint.AuthStyle, err = p.authStyle(doc.AuthMethods); err != nil {
		return nil, err
	}
	for _, e := range []struct {
		name, address string
		required      bool
	}{
		{"authorization_endpoint", m.endpoint.AuthURL, true},
		{"token_endpoint", m.endpoint.TokenURL, true},
		{"jwks_uri", m.jwksURL, true},
		{"userinfo_endpoint", m.userInfoURL, false},
		{"end_session_endpoint", m.logoutURL, false},
	} {
		if e.address == "" && !e.required {
			continue
		}
		u, err := url.Parse(e.address)
		if err != nil || u.Host == "" || u.User != nil || !secureURL(u) {
			return nil, fmt.Errorf("discovery: %s %q is not an https address", e.name, e.address)
		}
	}
	return m, nil
}

// authStyle is how our client proves itself at the token endpoint. It is fixed, because
// x/oauth2 would try both ways, and the second try would present a code that is already
// spent. Providers often do not list "none", which needs nothing of them.
func (p *Provider) authStyle(offered []string) (oauth2.AuthStyle, error) {
	switch {
	case p.cfg.ClientSecret == "":
		return oauth2.AuthStyleInParams, nil
	case len(offered) == 0 || slices.Contains(offered, "client_secret_basic"):
		return oauth2.AuthStyleInHeader, nil
	case slices.Contains(offered, "client_secret_post"):
		return oauth2.AuthStyleInParams, nil
	default:
		return 0, unsupported("takes no client secret but only %s; allow client_secret_basic, or make Muster's client a public one and unset its secret",
			shorten(strings.Join(offered, ", ")))
	}
}

func shorten(text string) string {
	if len(text) <= errorTextLength {
		return text
	}
	return strings.ToValidUTF8(text[:errorTextLength], "") + "…"
}
