package rp

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
)

// accessTokenLimit is in bytes; a longer credential is not even parsed.
const accessTokenLimit = 16 << 10

// VerifyAccessToken checks an access token of the provider presented on REST: a JWT
// of our issuer for our audience, signed, not expired, and not another kind of
// token. The role comes from its own claim. KindUnauthenticated when it is not
// valid, KindUnavailable when the provider's keys cannot be read. The provider is not
// asked about tokens that already look wrong.
func (p *Provider) VerifyAccessToken(ctx context.Context, raw string) (*Identity, error) {
	if p.cfg.Audience == "" {
		return nil, badAccessToken("no audience is configured, so none is accepted")
	}
	if len(raw) > accessTokenLimit {
		return nil, badAccessToken("it has %d bytes", len(raw))
	}
	header, claimed, err := jwtParts(raw)
	if err != nil {
		return nil, badAccessToken("%w", err)
	}
	if !slices.Contains(asymmetric, header.text("alg")) {
		return nil, badAccessToken("algorithm %q is not accepted", shorten(header.text("alg")))
	}
	if err := checkHeader(header, "at+jwt", "jwt"); err != nil {
		return nil, badAccessToken("%w", err)
	}
	if err := p.checkAccessClaims(header, claimed); err != nil {
		return nil, badAccessToken("%w", err)
	}

	m, err := p.metadata(ctx)
	if err != nil {
		return nil, err
	}
	sigs := &signatures{keys: m.keys}
	_, err = oidc.NewVerifier(p.cfg.Issuer, sigs, &oidc.Config{
		ClientID:             p.cfg.Audience,
		SupportedSigningAlgs: asymmetric,
		Now:                  func() time.Time { return p.cfg.Now().Add(-leeway) },
	}).Verify(ctx, raw)
	if errors.Is(sigs.err, errNoKeys) {
		return nil, unavailable(sigs.err)
	}
	if err != nil {
		return nil, badAccessToken("%s", shorten(err.Error()))
	}

	// claimed is the payload of the text whose signature was verified.
	subject, err := claimed.subject()
	if err != nil {
		return nil, badAccessToken("%w", err)
	}
	who := &Identity{
		Issuer: p.cfg.Issuer, Subject: subject,
		Email: claimed.email(), Name: claimed.displayName(),
	}
	who.Role, who.RoleFinding = p.role(claimed)
	return who, nil
}

func (p *Provider) checkAccessClaims(header, c claims) error {
	if c.text("iss") != p.cfg.Issuer {
		return errors.New("iss is not the configured issuer; it must match to the last \"/\"")
	}
	if _, err := c.subject(); err != nil {
		return err
	}
	audience, ok := stringList(c["aud"])
	if !ok || !slices.Contains(audience, p.cfg.Audience) {
		return errors.New("aud is not this server")
	}
	now := p.cfg.Now()
	expires, ok := c.numericDate("exp")
	if !ok || !expires.After(now.Add(-leeway)) {
		return errors.New("exp is missing or past")
	}
	if issued, ok := c.numericDate("iat"); c.has("iat") && (!ok || issued.After(now.Add(maxIssuedAhead))) {
		return errors.New("iat is ahead of our clock")
	}
	// A token bound to a key (RFC 9449, RFC 8705) is not a bearer token, and
	// the binding is not checked here.
	if c.has("cnf") {
		return errors.New("it is bound to a key")
	}
	return p.checkNotIDToken(header, c, audience)
}

// checkNotIDToken refuses ID, logout and refresh tokens. An ID token proves a login to
// one client, and must not give access to REST to whoever gets hold of it.
func (p *Provider) checkNotIDToken(header, c claims, audience []string) error {
	for _, name := range []string{"nonce", "at_hash", "c_hash", "s_hash", "events"} {
		if c.has(name) {
			return errors.New("it is an ID or logout token")
		}
	}
	if c.has("typ") && !strings.EqualFold(c.text("typ"), "Bearer") {
		return errors.New("claim typ says it is another kind of token")
	}
	marked := strings.HasSuffix(strings.ToLower(header.text("typ")), "at+jwt") || c.has("typ")
	if marked {
		return nil
	}
	// It is not marked (not every provider follows RFC 9068), so it must at least be
	// intended for an API and have a claim of access tokens.
	if !slices.ContainsFunc(audience, func(a string) bool { return a != p.cfg.ClientID }) {
		return errors.New("it cannot be told from an ID token")
	}
	for _, name := range []string{"scope", "scp", "client_id", "cid"} {
		if c.has(name) {
			return nil
		}
	}
	return errors.New("it cannot be told from an ID token")
}
