package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"muster/models"
	"muster/tokens"
)

// The grants of the token endpoint.
const (
	grantRefreshToken      = "refresh_token"
	grantRegistrationToken = "urn:muster:grant-type:registration-token"
)

// token is the token endpoint (RFC 6749 section 3.2).
func (h *oauthHandler) token(c echo.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	grant, err := form.required("grant_type")
	if err != nil {
		return err
	}
	switch grant {
	case grantRefreshToken:
		return h.refresh(c, form)
	case grantRegistrationToken:
		return h.redeem(c, form)
	default:
		return &models.Error{
			Kind: models.KindInvalid, Code: codeUnsupportedGrantType,
			Message: "Supported grant types: " + grantRefreshToken + ", " + grantRegistrationToken + ".",
		}
	}
}

func (h *oauthHandler) refresh(c echo.Context, form oauthForm) error {
	secret, err := form.required("refresh_token")
	if err != nil {
		return err
	}
	issued, err := h.tokens.Refresh(c.Request().Context(), models.Secret(secret), originOf(c, models.ChannelOAuth))
	if err != nil {
		return h.judgeGuess(c, err)
	}
	return answer(c, http.StatusOK, toIssuedSecrets(issued))
}

// redeem is the extension grant (RFC 6749 section 4.5) that does what POST
// authTokens does.
func (h *oauthHandler) redeem(c echo.Context, form oauthForm) error {
	secret, err := form.required("registration_token")
	if err != nil {
		return err
	}
	var f faults
	r := tokens.RedeemRequest{
		Secret: models.Secret(secret), Origin: originOf(c, models.ChannelOAuth), IdempotencyKey: idempotencyKey(c, &f),
	}
	r.Faults = f.fields
	parameters := map[string]string{}
	for _, field := range models.ClaimedFields {
		if field.OAuthName != "" {
			*field.Of(&r.Claimed), parameters[field.Name] = form.get(field.OAuthName), field.OAuthName
		}
	}
	issued, err := h.tokens.Redeem(c.Request().Context(), r)
	if err != nil {
		return h.judgeGuess(c, renamed(err, parameters))
	}
	if issued.Replayed {
		c.Response().Header().Set(headerIdempotencyReplayed, "true")
	}
	return answer(c, http.StatusOK, toIssuedSecrets(issued))
}
