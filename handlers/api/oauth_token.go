package api

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/tokens"
)

// The grants of the token endpoint.
const (
	grantRefreshToken      = "refresh_token"
	grantRegistrationToken = "urn:muster:grant-type:registration-token"
)

// OAuth serves the OAuth endpoints (RFC 6749, 7009, 7662, 8414).
type OAuth struct {
	Tokens OAuthService
	// BaseURL is the public address, without a trailing slash.
	BaseURL string
	Guess   web.Guess
}

// OAuthService issues and judges tokens; see the token service.
type OAuthService interface {
	Redeemer
	Refresh(ctx context.Context, refreshToken models.Secret, origin models.Origin) (*tokens.IssuedSecrets, error)
	Introspect(ctx context.Context, actor models.Actor, token models.Secret, hint string) (tokens.Introspection, error)
	Revoke(ctx context.Context, token models.Secret, origin models.Origin) (guess bool, err error)
	AuthenticateAPIKey(ctx context.Context, key models.Secret, origin models.Origin) (models.Actor, error)
	JWKS(ctx context.Context) ([]byte, error)
}

// Codes of RFC 6749 section 5.2.
const (
	CodeUnsupportedGrantType models.Code = "unsupported_grant_type"
	CodeInvalidScope         models.Code = "invalid_scope"
)

// Token is the token endpoint (RFC 6749 section 3.2).
func (h *OAuth) Token(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	if err := checkClient(c, form); err != nil {
		return err
	}
	grant, err := form.required("grant_type")
	if err != nil {
		return err
	}
	if form.Get("scope") != "" {
		return &models.Error{
			Kind: models.KindInvalid, Code: CodeInvalidScope,
			Message: "Access tokens have no scopes, so none can be asked for.", NextStep: "Leave the parameter scope out.",
		}
	}
	switch grant {
	case grantRefreshToken:
		return h.refresh(c, form)
	case grantRegistrationToken:
		return h.redeem(c, form)
	default:
		return &models.Error{
			Kind: models.KindInvalid, Code: CodeUnsupportedGrantType,
			Message: "Supported grant types: " + grantRefreshToken + ", " + grantRegistrationToken + ".",
		}
	}
}

func (h *OAuth) refresh(c echo.Context, form oauthForm) error {
	secret, err := form.required("refresh_token")
	if err != nil {
		return err
	}
	issued, err := h.Tokens.Refresh(c.Request().Context(), models.Secret(secret), web.Origin(c, models.ChannelOAuth))
	if err != nil {
		return h.Guess.Judge(c, err)
	}
	return answer(c, http.StatusOK, issuedSecretsOf(*issued))
}

// redeem is the extension grant (RFC 6749 section 4.5) that does what POST
// authTokens does.
func (h *OAuth) redeem(c echo.Context, form oauthForm) error {
	secret, err := form.required("registration_token")
	if err != nil {
		return err
	}
	var f faults
	r := tokens.RedeemRequest{
		Secret: models.Secret(secret), Origin: web.Origin(c, models.ChannelOAuth), IdempotencyKey: idempotencyKey(c, &f),
	}
	r.Faults = f.fields
	parameters := map[string]string{}
	for _, field := range models.ClaimedFields {
		if field.OAuthName != "" {
			*field.Of(&r.Claimed), parameters[field.Name] = form.Get(field.OAuthName), field.OAuthName
		}
	}
	issued, err := h.Tokens.Redeem(c.Request().Context(), r)
	if err != nil {
		return h.Guess.Judge(c, renamed(err, parameters))
	}
	markReplayed(c, issued)
	return answer(c, http.StatusOK, issuedSecretsOf(issued.IssuedSecrets))
}
