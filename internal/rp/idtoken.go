package rp

import (
	"context"
	"crypto/subtle"
	"errors"
	"slices"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
)

const (
	// leeway allows for differing clocks, for exp.
	leeway = 30 * time.Second
	// An ID token of the code flow was made seconds ago. The first bound is what
	// go-oidc allows for nbf; the second allows for providers that backdate.
	maxIssuedAhead  = 5 * time.Minute
	maxIssuedBehind = 15 * time.Minute
	// idTokenLimit is in bytes; group lists can be long.
	idTokenLimit = 128 << 10
)

// signatures gives go-oidc the key set for one call and remembers why it failed, since
// go-oidc does not wrap the error.
type signatures struct {
	keys *keySet
	err  error
}

// VerifySignature implements oidc.KeySet.
func (s *signatures) VerifySignature(ctx context.Context, jwt string) ([]byte, error) {
	payload, err := s.keys.verify(ctx, jwt)
	s.err = err
	return payload, err
}

// verifyIDToken checks signature, algorithm, issuer, audience and times with go-oidc,
// and the rest, which go-oidc leaves to its caller, itself.
func (p *Provider) verifyIDToken(ctx context.Context, m *metadata, raw, nonce, accessToken string) (claims, error) {
	if len(raw) > idTokenLimit {
		return nil, badIDToken("it has %d bytes", len(raw))
	}
	header, _, err := jwtParts(raw)
	if err != nil {
		return nil, badIDToken("%w", err)
	}
	// at+jwt and logout+jwt are other kinds of token.
	if err := checkHeader(header, "jwt"); err != nil {
		return nil, badIDToken("%w", err)
	}
	sigs := &signatures{keys: m.keys}
	id, err := oidc.NewVerifier(p.cfg.Issuer, sigs, &oidc.Config{
		ClientID:             p.cfg.ClientID,
		SupportedSigningAlgs: m.algorithms,
		Now:                  func() time.Time { return p.cfg.Now().Add(-leeway) },
	}).Verify(ctx, raw)
	if errors.Is(sigs.err, errNoKeys) {
		return nil, unavailable(sigs.err)
	}
	if err != nil {
		return nil, badIDToken("%s", shorten(err.Error()))
	}
	var payload rawClaims
	if err := id.Claims(&payload); err != nil {
		return nil, badIDToken("%w", err)
	}
	c, err := parseClaims(payload)
	if err != nil {
		return nil, badIDToken("%w", err)
	}
	if err := p.checkIDClaims(c, nonce); err != nil {
		return nil, badIDToken("%w", err)
	}
	if c.has("at_hash") {
		if err := id.VerifyAccessToken(accessToken); err != nil {
			return nil, badIDToken("at_hash is not that of the access token")
		}
	}
	return c, nil
}

// rawClaims keeps the verified payload as it is.
type rawClaims []byte

// UnmarshalJSON implements json.Unmarshaler.
func (r *rawClaims) UnmarshalJSON(b []byte) error {
	*r = slices.Clone(b)
	return nil
}

func (p *Provider) checkIDClaims(c claims, nonce string) error {
	if c.text("iss") != p.cfg.Issuer {
		return errors.New("iss is not the configured issuer")
	}
	if _, err := c.subject(); err != nil {
		return err
	}
	// OIDC Core 3.1.3.7, points 3 to 5: a token made for several parties
	// must name us as the one it was issued to.
	audience, ok := stringList(c["aud"])
	if !ok || !slices.Contains(audience, p.cfg.ClientID) {
		return errors.New("aud is not us")
	}
	if c.has("azp") && c.text("azp") != p.cfg.ClientID {
		return errors.New("azp is somebody else")
	}
	if len(audience) > 1 && !c.has("azp") {
		return errors.New("several aud and no azp")
	}
	issued, ok := c.numericDate("iat")
	if !ok {
		return errors.New("iat is missing")
	}
	now := p.cfg.Now()
	if issued.After(now.Add(maxIssuedAhead)) || issued.Before(now.Add(-maxIssuedBehind)) {
		return errors.New("iat is not of this moment; check the clocks")
	}
	if subtle.ConstantTimeCompare([]byte(c.text("nonce")), []byte(nonce)) != 1 {
		return errors.New("nonce is missing or another")
	}
	if c.has("at_hash") && c.text("at_hash") == "" {
		return errors.New("at_hash is no text")
	}
	// Keycloak marks its kinds inside; events is the logout token's.
	if typ := c.text("typ"); c.has("typ") && typ != "ID" && typ != "JWT" {
		return errors.New("it is another kind of token")
	}
	if c.has("events") {
		return errors.New("it is a logout or event token")
	}
	return nil
}
