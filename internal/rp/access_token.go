package rp

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"muster/models"
)

// accessTokenLimit is in bytes; a longer credential is not even parsed.
const accessTokenLimit = 16 << 10

// VerifyAccessToken checks an access token of the provider presented on REST: a JWT
// of our issuer, signed, not expired, no other kind of token, and made for us: for our
// audience or, by a client that is listed, for our client id or nobody in particular.
// The role comes from its own claim. KindUnauthenticated when it is not
// valid, KindUnavailable when the provider's keys cannot be read. The provider is not
// asked about tokens that already look wrong.
func (p *Provider) VerifyAccessToken(ctx context.Context, raw string) (*Identity, error) {
	if p.cfg.Audience == "" && len(p.cfg.APIClients) == 0 {
		return nil, badAccessToken("no audience is configured and no client listed, so none is accepted")
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
		SkipClientIDCheck:    true, // checkMadeForUs did it
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
	who.Role, who.RoleFinding = p.accessRole(claimed)
	return who, nil
}

// accessRole is the role in an access token; Hydra puts what it does not know into ext.
func (p *Provider) accessRole(c claims) (models.Role, models.RoleFinding) {
	role, finding := p.role(c)
	if more, ok := c["ext"].(map[string]any); ok && finding == models.RoleClaimAbsent {
		return p.role(more)
	}
	return role, finding
}

func (p *Provider) checkAccessClaims(header, c claims) error {
	if c.text("iss") != p.cfg.Issuer {
		return errors.New("iss is not the configured issuer; it must match to the last \"/\"")
	}
	if _, err := c.subject(); err != nil {
		return err
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
	if err := p.checkMadeForUs(c); err != nil {
		return err
	}
	return p.checkNotIDToken(header, c)
}

// checkMadeForUs refuses tokens for another API of the same provider. Our client id as
// audience, or no audience at all (Cognito), does not say that REST was meant; there
// the client must be one that is listed.
func (p *Provider) checkMadeForUs(c claims) error {
	_, given := c["aud"]
	audience, readable := stringList(c["aud"])
	forAPI := p.cfg.Audience != "" && p.cfg.Audience != p.cfg.ClientID && slices.Contains(audience, p.cfg.Audience)
	switch {
	case forAPI:
		return nil
	case given && !readable:
		return errors.New("aud is no text and no list of texts")
	case given && !slices.Contains(audience, p.cfg.ClientID):
		return fmt.Errorf("aud is %q, which is not MUSTER_OIDC_AUDIENCE", shorten(strings.Join(audience, " ")))
	}
	clients := c.clients()
	if len(clients) == 0 {
		return errors.New("aud is our client or missing, and no claim says which client it was made for")
	}
	for _, client := range clients {
		if !slices.Contains(p.cfg.APIClients, client) {
			return fmt.Errorf("aud is our client or missing, and the client %q is not listed in MUSTER_OIDC_API_CLIENTS", shorten(client))
		}
	}
	return nil
}

// clientClaims name the client that a token was made for, as providers call it: RFC
// 9068 and Cognito, Okta, Entra ID v1, OIDC and Entra ID v2.
var clientClaims = []string{"client_id", "cid", "appid", "azp"}

func (c claims) clients() (clients []string) {
	for _, name := range clientClaims {
		if client := c.text(name); client != "" {
			clients = append(clients, client)
		}
	}
	return clients
}

// checkNotIDToken refuses ID, logout and refresh tokens. An ID token proves a login to
// one client, and must not give access to REST to whoever gets hold of it.
func (p *Provider) checkNotIDToken(header, c claims) error {
	// Keycloak says so itself, and copies the nonce of the login.
	keycloak := strings.EqualFold(c.text("typ"), "Bearer")
	for _, name := range []string{"nonce", "at_hash", "c_hash", "s_hash", "events"} {
		if c.has(name) && (name != "nonce" || !keycloak) {
			return errors.New("it is an ID or logout token")
		}
	}
	if c.has("typ") && !keycloak || c.has("token_use") && c.text("token_use") != "access" {
		return errors.New("a claim says that it is another kind of token")
	}
	if strings.HasSuffix(strings.ToLower(header.text("typ")), "at+jwt") || keycloak {
		return nil
	}
	// It is not marked (not every provider follows RFC 9068), so it must have a claim of
	// access tokens, and not be for the very client that it was made for, as ID tokens are.
	audience, _ := stringList(c["aud"])
	onlyOurs := !slices.ContainsFunc(audience, func(a string) bool { return a != p.cfg.ClientID })
	toItself := slices.ContainsFunc(c.clients(), func(client string) bool { return slices.Contains(audience, client) })
	if toItself && (onlyOurs || c.has("azp")) {
		return errors.New("it cannot be told from an ID token")
	}
	for _, name := range append([]string{"scope", "scp"}, clientClaims...) {
		if c.has(name) {
			return nil
		}
	}
	return errors.New("it cannot be told from an ID token")
}
