package rp

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"muster/models"
)

// logoutEvent is what a logout token is about (OIDC Back-Channel Logout 1.0, 2.4).
const logoutEvent = "http://schemas.openid.net/event/backchannel-logout"

// logoutTokenLife is how long a logout token is good for at most; so long its id is kept.
const logoutTokenLife = time.Hour

// VerifyLogoutToken checks a logout token that the provider sends by itself (OIDC
// Back-Channel Logout 1.0, 2.6). Whether it came before is for the caller to know.
// KindUnauthenticated when it is not valid, KindUnavailable when the provider's keys
// cannot be read. The provider is not asked about tokens that already look wrong.
func (p *Provider) VerifyLogoutToken(ctx context.Context, raw string) (models.ProviderLogout, error) {
	var none models.ProviderLogout
	if len(raw) > accessTokenLimit {
		return none, badLogoutToken("it has %d bytes", len(raw))
	}
	header, c, err := jwtParts(raw)
	if err != nil {
		return none, badLogoutToken("%w", err)
	}
	if !slices.Contains(asymmetric, header.text("alg")) {
		return none, badLogoutToken("algorithm %q is not accepted", shorten(header.text("alg")))
	}
	types := []string{"logout+jwt"}
	if c.text("typ") == "Logout" { // Keycloak says it inside
		types = append(types, "jwt")
	}
	if err := checkHeader(header, types...); err != nil {
		return none, badLogoutToken("%w", err)
	}
	logout, err := p.checkLogoutClaims(c)
	if err != nil {
		return none, badLogoutToken("%w", err)
	}
	m, err := p.metadata(ctx)
	if err != nil {
		return none, err
	}
	sigs := &signatures{keys: m.keys}
	_, err = oidc.NewVerifier(p.cfg.Issuer, sigs, &oidc.Config{
		ClientID: p.cfg.ClientID, SupportedSigningAlgs: m.algorithms,
		Now: func() time.Time { return p.cfg.Now().Add(-leeway) },
	}).Verify(ctx, raw)
	if errors.Is(sigs.err, errNoKeys) {
		return none, unavailable(sigs.err)
	}
	if err != nil {
		return none, badLogoutToken("%s", shorten(err.Error()))
	}
	return logout, nil
}

func (p *Provider) checkLogoutClaims(c claims) (l models.ProviderLogout, err error) {
	if c.text("iss") != p.cfg.Issuer {
		return l, errors.New("iss is not the configured issuer")
	}
	if audience, ok := stringList(c["aud"]); !ok || !slices.Contains(audience, p.cfg.ClientID) {
		return l, errors.New("aud is not us")
	}
	events, _ := c["events"].(map[string]any)
	if _, ok := events[logoutEvent].(map[string]any); !ok {
		return l, errors.New("it tells of no logout")
	}
	if c.has("nonce") {
		return l, errors.New("it has a nonce, as ID tokens do")
	}
	if typ := c.text("typ"); c.has("typ") && typ != "Logout" && !strings.EqualFold(typ, "logout+jwt") {
		return l, errors.New("a claim says that it is another kind of token")
	}
	now := p.cfg.Now()
	issued, ok := c.numericDate("iat")
	if !ok || issued.After(now.Add(maxIssuedAhead)) || issued.Before(now.Add(-logoutTokenLife)) {
		return l, errors.New("iat is missing or not of this moment")
	}
	expires, ok := c.numericDate("exp")
	if !ok || !expires.After(now.Add(-leeway)) {
		return l, errors.New("exp is missing or past")
	}
	l = models.ProviderLogout{
		Issuer: p.cfg.Issuer, Subject: c.text("sub"), Session: c.text("sid"), ID: c.text("jti"),
		// Until neither exp nor iat lets it pass again.
		Expires: now.Add(logoutTokenLife + maxIssuedAhead),
	}
	switch {
	case l.ID == "":
		return l, errors.New("jti is missing")
	case l.Subject == "" && l.Session == "":
		return l, errors.New("it names neither a person nor a session")
	case models.CheckText("sub", l.Subject, subjectLimit, false) != nil && l.Subject != "",
		models.CheckText("sid", l.Session, subjectLimit, false) != nil && l.Session != "":
		return l, errors.New("sub or sid is no plain text of 255 characters")
	}
	return l, nil
}
