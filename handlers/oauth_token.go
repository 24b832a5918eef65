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

// oauthFields are the parameters of the registration token grant by the names
// the token service uses.
var oauthFields = map[string]string{
	"systemUserName": "system_user_name", "fqdn": "fqdn", "macAddress": "mac_address", "identifier": "identifier",
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
		Secret: models.Secret(secret),
		Claimed: models.ClaimedIdentity{
			SystemUserName: form.get("system_user_name"), FQDN: form.get("fqdn"),
			MACAddress: form.get("mac_address"), Identifier: form.get("identifier"),
		},
		Origin:         originOf(c, models.ChannelOAuth),
		IdempotencyKey: idempotencyKey(c, &f),
	}
	r.Faults = f.fields
	issued, err := h.tokens.Redeem(c.Request().Context(), r)
	if err != nil {
		return h.judgeGuess(c, renamed(err, oauthFields))
	}
	if issued.Replayed {
		c.Response().Header().Set(headerIdempotencyReplayed, "true")
	}
	return answer(c, http.StatusOK, toIssuedSecrets(issued))
}
