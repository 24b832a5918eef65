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
	// sealLoginFlow is the purpose for which a started login is sealed.
	sealLoginFlow = "login flow"
	// loginFlowLife is how long a login may take.
	loginFlowLife = 10 * time.Minute
	// maxLoginCookie is the longest cookie that is read, in bytes; browsers keep
	// 4,096 with name and attributes.
	maxLoginCookie = 3800
)

// startedLogin is a login in progress. It exists only as a sealed cookie of the
// browser that started it: starting one writes nothing to the database, and no
// other browser can finish it.
type startedLogin struct {
	Flow    rp.Flow   `json:"flow"`
	Expires time.Time `json:"expires"`
}

// keepFlow stores the flow in the browser.
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
// callback answers. Anything else leaves no trace, because anybody can send it.
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

// spendFlow lets a login open one session, on any replica: a copied callback
// address and cookie open no second one.
func (h *Login) spendFlow(c echo.Context, login startedLogin) error {
	err := h.Sessions.SpendLoginFlow(c.Request().Context(), web.SecretDigest([]byte(login.Flow.State)), login.Expires)
	if models.ErrorKind(err) == models.KindConflict {
		return lostLogin().WithCause(err)
	}
	return err
}

func lostLogin() *models.Error {
	lost := models.Unauthenticated("This sign-in was not started here, took too long, or has already been used.")
	lost.NextStep = "Start again from the sign-in page."
	return lost
}
