package handlers

import (
	"errors"
	"time"

	"github.com/labstack/echo/v4"

	"muster/models"
	"muster/tokens"
)

// The headers of a retry (PRODUCT rule 8).
const (
	headerIdempotencyKey      = "Idempotency-Key"
	headerIdempotencyReplayed = "Idempotency-Replayed"
)

// readOnlyRedemption are the members of an auth token that the server makes.
var readOnlyRedemption = []string{
	"id", "registrationTokenId", "customer", "verified", "ip", "userAgent", "creationDate", "lastSeenAt", "state",
	"deletedAt", "deletedBy", "deleteReason", "countReclaimed",
}

// redeem trades a registration token for an auth token. The token service
// judges the credential before the body (PRODUCT rule 2), so what is wrong
// with the latter goes along and is answered by it.
func (h *apiHandler) redeem(c echo.Context) error {
	if err := oneCredential(c); err != nil {
		return err
	}
	_, credential, _ := bearer(c, "bearer", "basic")
	r := tokens.RedeemRequest{Secret: models.Secret(credential), Origin: originOf(c, models.ChannelREST)}
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
	issued, err := h.tokens.Redeem(c.Request().Context(), r)
	if err != nil {
		return h.judgeGuess(c, err)
	}
	if issued.Replayed {
		c.Response().Header().Set(headerIdempotencyReplayed, "true")
	}
	return created(c, apiAuthTokensPath+"/"+issued.AuthToken.ID, apiIssued{
		AuthToken: toAPIAuthToken(holderOf(issued.AuthToken), issued.AuthToken, h.now().UTC()), issuedSecrets: toIssuedSecrets(issued),
	})
}

// holderOf is the one who just got the auth token: it sees what it said.
func holderOf(t *models.AuthToken) models.Actor {
	return models.Actor{Kind: models.ActorDevice, ID: t.ID, Permissions: []models.Permission{models.PermissionPersonalDataRead}}
}

func toIssuedSecrets(issued *tokens.IssuedAuthToken) issuedSecrets {
	return issuedSecrets{
		AccessToken: issued.AccessToken.Reveal(), TokenType: "Bearer",
		ExpiresIn: int(issued.ExpiresIn / time.Second), RefreshToken: issued.RefreshToken.Reveal(),
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

// decodeRedemption reads {"authToken":{…}}. The error is of a body that is no
// such object; what is wrong with its members is among the faults.
func decodeRedemption(body []byte, f *faults) (models.ClaimedIdentity, error) {
	var claimed models.ClaimedIdentity
	outer, err := parseObject(body, f)
	if err != nil {
		return claimed, err
	}
	o := outer.unwrap(wrapAuthToken)
	if o == nil {
		return claimed, f.err()
	}
	for _, field := range models.ClaimedFields {
		if text := o.text(field.Name); text != nil {
			*field.Of(&claimed) = *text
		}
	}
	o.finish(readOnlyRedemption...)
	return claimed, nil
}
