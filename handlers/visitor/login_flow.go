package visitor

import (
	"bytes"
	"encoding/json"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/internal/rp"
	"muster/internal/seal"
	"muster/models"
)

const (
	// sealLoginFlow is the purpose a started login is sealed for.
	sealLoginFlow = "login flow"
	// loginFlowLife is how long somebody may take to log in.
	loginFlowLife = 10 * time.Minute
	// maxLoginCookie bounds what is looked at, in bytes; browsers keep 4,096
	// with name and attributes.
	maxLoginCookie = 3800
)

// startedLogin is a login on its way. It lives sealed in a cookie of the
// browser that started it and nowhere else: starting one costs the database
// nothing, and no other browser can finish it.
type startedLogin struct {
	Flow    rp.Flow   `json:"flow"`
	Expires time.Time `json:"expires"`
}

// keepFlow hands the flow to the browser.
func (h *Login) keepFlow(c echo.Context, flow rp.Flow) error {
	var plain bytes.Buffer
	encoder := json.NewEncoder(&plain)
	encoder.SetEscapeHTML(false) // an escaped & takes six bytes of the cookie
	if err := encoder.Encode(startedLogin{Flow: flow, Expires: h.Now().UTC().Add(loginFlowLife)}); err != nil {
		return err
	}
	sealed, err := seal.Seal(h.MasterKey, sealLoginFlow, plain.Bytes())
	if err != nil {
		return err
	}
	web.SetSecretCookie(c, web.LoginCookie, sealed, loginFlowLife)
	return nil
}

// genuineFlow returns the login that this browser started here and that the
// callback answers. What is no genuine one leaves no trace: anybody may send it.
func (h *Login) genuineFlow(c echo.Context) (startedLogin, error) {
	var login startedLogin
	sealed := web.CookieBytes(c, web.LoginCookie, maxLoginCookie)
	if sealed == nil {
		return login, lostLogin()
	}
	plain, err := seal.Open(h.MasterKey, sealLoginFlow, sealed)
	if err != nil {
		return login, lostLogin().WithCause(err)
	}
	if err := json.Unmarshal(plain, &login); err != nil {
		return login, err
	}
	if !h.Now().Before(login.Expires) || !login.Flow.Answers(c.QueryParams()) {
		return login, lostLogin()
	}
	return login, nil
}

// spendFlow makes the login serve once, whichever replica is asked: a copied
// callback address and cookie open no second session.
func (h *Login) spendFlow(c echo.Context, login startedLogin) error {
	err := h.Sessions.SpendLoginFlow(c.Request().Context(), web.SecretDigest([]byte(login.Flow.State)), login.Expires)
	if models.ErrorKind(err) == models.KindConflict {
		return lostLogin().WithCause(err)
	}
	return err
}

func lostLogin() *models.Error {
	lost := models.Unauthenticated("This sign-in was not started here, took too long, or was finished already.")
	lost.NextStep = "Start again from the sign-in page."
	return lost
}
