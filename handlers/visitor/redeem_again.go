package visitor

import (
	"encoding/json"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/internal/seal"
	"muster/models"
	"muster/tokens"
	"muster/views/paths"
)

const (
	// sealRedemption is the purpose for which a redemption is sealed.
	sealRedemption = "redemption"
	// maxRedemptionCookie is the longest cookie that is read, in bytes.
	maxRedemptionCookie = 1000
)

// redemption is what opens the kept answer of a redemption (rule 8). The browser that
// redeemed has it sealed, until it is closed: so reload and Back show the auth token
// again, and nothing that is stored there shows it without this server.
type redemption struct {
	Secret string `json:"secret"`
	Key    string `json:"key"`
}

// remember lets this browser see the answer to the request again.
func (h *Redeem) remember(c echo.Context, r tokens.RedeemRequest) error {
	plain, err := json.Marshal(redemption{r.Secret.Reveal(), r.IdempotencyKey})
	if err != nil {
		return err
	}
	sealed, err := seal.Seal(h.MasterKey, sealRedemption, plain)
	if err != nil {
		return err
	}
	web.SetSecretCookie(c, web.RedemptionCookie, sealed, 0)
	return nil
}

// remembered is what this browser redeemed last, if it can be shown again and whoever
// redeemed it is still signed in, or nobody was and is; else nil.
func (h *Redeem) remembered(c echo.Context) (*tokens.IssuedAuthToken, error) {
	sealed := web.CookieBytes(c, web.RedemptionCookie, maxRedemptionCookie)
	if sealed == nil {
		return nil, nil
	}
	plain, err := seal.Open(h.MasterKey, sealRedemption, sealed)
	if err != nil {
		web.ClearCookie(c, web.RedemptionCookie)
		return nil, nil
	}
	var r redemption
	if err := json.Unmarshal(plain, &r); err != nil {
		return nil, err
	}
	var by models.VerifiedIdentity
	if s := web.SessionOf(c); s != nil {
		by = s.Person()
	}
	issued, err := h.Tokens.IssuedBefore(c.Request().Context(), models.Secret(r.Secret), r.Key, by)
	switch models.ErrorKind(err) {
	case models.KindNotFound:
		web.ClearCookie(c, web.RedemptionCookie)
		return nil, nil
	case models.KindForbidden:
		return nil, nil
	}
	return issued, err
}

// Forget makes this browser forget what it redeemed.
func (*Redeem) Forget(c echo.Context) error {
	web.ClearCookie(c, web.RedemptionCookie)
	return web.Redirect(c, paths.Redeem)
}
