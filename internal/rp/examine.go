package rp

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"

	"muster/models"
)

// Examination is what a token says, for the people who set the provider up.
type Examination struct {
	// Claims are without secrets ([WithoutSecrets]).
	Claims map[string]any
	// NotSigned is why the token is not the provider's; nil where it is. Whether it has
	// expired does not matter for that.
	NotSigned error
	// NotForREST is why REST refuses it as a bearer token; nil where it does not.
	NotForREST  error
	Role        models.Role
	RoleFinding models.RoleFinding
}

// Examine reads an ID or access token of the provider. KindUnavailable when the provider
// does not answer; another error when it is no JWT.
func (p *Provider) Examine(ctx context.Context, raw string) (Examination, error) {
	_, c, err := jwtParts(raw)
	if err != nil {
		return Examination{}, fmt.Errorf("the token cannot be read: %w", err)
	}
	m, err := p.metadata(ctx)
	if err != nil {
		return Examination{}, err
	}
	e := Examination{Claims: WithoutSecrets(c)}
	e.Role, e.RoleFinding = p.accessRole(c)
	_, e.NotForREST = p.VerifyAccessToken(ctx, raw)
	_, e.NotSigned = oidc.NewVerifier(p.cfg.Issuer, &signatures{keys: m.keys}, &oidc.Config{
		SkipClientIDCheck: true, SkipExpiryCheck: true, SupportedSigningAlgs: asymmetric,
	}).Verify(ctx, raw)
	return e, nil
}

// Said is what the provider said at a login, without secrets: in the ID token, and in
// UserInfo where that was asked.
func (i *Identity) Said() (idToken, userInfo map[string]any) {
	return WithoutSecrets(i.idClaims), WithoutSecrets(i.userInfo)
}

// secretClaims tie a token to a login or session, or are digests of other secrets.
var secretClaims = []string{"nonce", "at_hash", "c_hash", "s_hash", "jti", "sid", "session_state", "uti", "rh", "aio"}

// WithoutSecrets is a copy of claims in which what could be of use to a stranger is
// replaced.
func WithoutSecrets(c map[string]any) map[string]any {
	shown := maps.Clone(c)
	for name, value := range shown {
		lower := strings.ToLower(name)
		secret := slices.ContainsFunc([]string{"token", "secret", "password", "code"}, func(part string) bool { return strings.Contains(lower, part) })
		if inner, ok := value.(map[string]any); ok {
			shown[name] = WithoutSecrets(inner)
		} else if (secret && lower != "token_use") || slices.Contains(secretClaims, lower) {
			shown[name] = "[redacted]"
		}
	}
	return shown
}
