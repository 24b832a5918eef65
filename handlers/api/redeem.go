package api

import (
	"context"
	"errors"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/seen"
	"muster/tokens"
	"muster/views/paths"
)

// The headers of a retry (rule 8).
const (
	headerIdempotencyKey      = "Idempotency-Key"
	headerIdempotencyReplayed = "Idempotency-Replayed"
)

// Redeem serves devices that have no auth token yet.
type Redeem struct {
	Tokens Redeemer
	Now    func() time.Time
	Guess  web.Guess
}

// Redeemer trades registration tokens for auth tokens; see the token service.
type Redeemer interface {
	Redeem(ctx context.Context, r tokens.RedeemRequest) (*tokens.IssuedAuthToken, error)
}

type issuedAnswer struct {
	AuthToken authTokenJSON `json:"authToken"`
	issuedSecrets
}

// issuedSecrets is the token answer of RFC 6749 section 5.1.
type issuedSecrets struct {
	AccessToken  string `json:"access_token"`
	TokenType    string `json:"token_type"`
	ExpiresIn    int    `json:"expires_in"`
	RefreshToken string `json:"refresh_token"`
}

func issuedSecretsOf(issued tokens.IssuedSecrets) issuedSecrets {
	return issuedSecrets{
		AccessToken: issued.AccessToken.Reveal(), TokenType: "Bearer",
		ExpiresIn: int(issued.ExpiresIn / time.Second), RefreshToken: issued.RefreshToken.Reveal(),
	}
}

// Create trades a registration token for an auth token. The token service judges
// the credential before the body (rule 2), so it is handed the faults of the body
// as well.
func (h *Redeem) Create(c echo.Context) error {
	if err := web.OneCredential(c); err != nil {
		return err
	}
	_, credential, _ := web.Credential(c, "bearer", "basic")
	r := tokens.RedeemRequest{Secret: models.Secret(credential), Origin: web.Origin(c, models.ChannelREST)}
	var f faults
	readQuery(c, &f)
	r.IdempotencyKey = idempotencyKey(c, &f)
	body, err := readBody(c)
	if _, two := errors.AsType[*echo.HTTPError](err); two {
		return err
	}
	if err == nil {
		r.Claimed, err = decodeRedemption(body, &f)
	}
	r.Malformed, r.Faults = err, f.fields
	issued, err := h.Tokens.Redeem(c.Request().Context(), r)
	if err != nil {
		return h.Guess.Judge(c, err)
	}
	markReplayed(c, issued)
	// Nothing is masked for the device: the answer repeats what it has just reported.
	t := seen.Holder(issued.AuthToken.ID).AuthToken(issued.AuthToken)
	return created(c, paths.APIAuthToken(t.ID), issuedAnswer{authTokenJSONOf(&t, h.Now().UTC()), issuedSecretsOf(issued.IssuedSecrets)})
}

func markReplayed(c echo.Context, issued *tokens.IssuedAuthToken) {
	if issued.Replayed {
		c.Response().Header().Set(headerIdempotencyReplayed, "true")
	}
}

// idempotencyKey reads the key of a retry; empty when none is sent.
func idempotencyKey(c echo.Context, f *faults) string {
	values := c.Request().Header.Values(headerIdempotencyKey)
	switch {
	case len(values) == 0:
		return ""
	case len(values) > 1:
		f.add(tokens.IdempotencyKeyField, "The Idempotency-Key is given more than once.")
		return ""
	case values[0] == "":
		f.add(tokens.IdempotencyKeyField, "The Idempotency-Key must have 16 to 255 characters.")
		return ""
	}
	return values[0]
}

// decodeRedemption reads {"authToken":{…}}. The error is for a body that is not
// such an object; the faults are those of its members.
func decodeRedemption(body []byte, f *faults) (models.ClaimedIdentity, error) {
	var claimed models.ClaimedIdentity
	o, err := parseWrapped(body, wrapAuthToken, f)
	if err != nil {
		return claimed, err
	}
	for _, field := range models.ClaimedFields {
		if text := o.text(field.Name); text != nil {
			*field.Of(&claimed) = *text
		}
	}
	o.finish(madeByServer...)
	return claimed, nil
}
