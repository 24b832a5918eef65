package visitor

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"slices"
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
	// maxStartedLogins is how many logins a browser may be in the middle of, in as
	// many tabs, and maxLoginCookies how many bytes of cookies they may take: proxies
	// refuse long headers.
	maxStartedLogins = 4
	maxLoginCookies  = 4096
)

// startedLogin is a login in progress. It exists only as a sealed cookie of the
// browser that started it: starting one writes nothing to the database, and no
// other browser can finish it.
type startedLogin struct {
	Flow    rp.Flow   `json:"flow"`
	Expires time.Time `json:"expires"`
	// Spent marks one that has opened its session. All that is left of its flow is
	// what says where a reload of the callback leads.
	Spent bool `json:"spent,omitempty"`
}

// flowCookie is the name of the cookie of the login with a state: each tab has its
// own.
func flowCookie(state string) string {
	return web.LoginCookie + "-" + hex.EncodeToString(web.SecretDigest([]byte(state))[:4])
}

// keepFlow stores the flow of a new login in the browser, instead of the oldest
// ones there when these become too many.
func (h *Login) keepFlow(c echo.Context, flow rp.Flow) error {
	sealed, err := h.sealed(startedLogin{Flow: flow, Expires: h.Now().UTC().Add(loginFlowLife)})
	if err != nil {
		return err
	}
	type started struct {
		name string
		size int
		ends time.Time
	}
	var others []started
	for _, name := range web.CookieNames(c, web.LoginCookie) {
		login, _ := h.opened(c, name) // one that does not open counts as the oldest
		others = append(others, started{name, len(web.CookieText(c, name)), login.Expires})
	}
	slices.SortFunc(others, func(a, b started) int { return b.ends.Compare(a.ends) })
	room := maxLoginCookies - base64.RawURLEncoding.EncodedLen(len(sealed))
	for i, other := range others {
		if room -= other.size; room < 0 || i >= maxStartedLogins-1 {
			web.ClearCookie(c, other.name)
		}
	}
	web.SetSecretCookie(c, flowCookie(flow.State), sealed, loginFlowLife)
	return nil
}

// keepSpent leaves in the browser where a finished login led.
func (h *Login) keepSpent(c echo.Context, login startedLogin) error {
	left := startedLogin{Flow: rp.Flow{State: login.Flow.State, ReturnTo: login.Flow.ReturnTo}, Expires: login.Expires, Spent: true}
	sealed, err := h.sealed(left)
	if err != nil {
		return err
	}
	web.SetSecretCookie(c, flowCookie(login.Flow.State), sealed, login.Expires.Sub(h.Now()))
	return nil
}

func (h *Login) sealed(login startedLogin) ([]byte, error) {
	var plain bytes.Buffer
	encoder := json.NewEncoder(&plain)
	encoder.SetEscapeHTML(false) // an escaped & takes six bytes of the cookie
	if err := encoder.Encode(login); err != nil {
		return nil, err
	}
	return seal.Seal(h.MasterKey, sealLoginFlow, plain.Bytes())
}

// opened is the login in a cookie.
func (h *Login) opened(c echo.Context, name string) (login startedLogin, err error) {
	sealed := web.CookieBytes(c, name, maxLoginCookie)
	if sealed == nil {
		return login, lostLogin()
	}
	plain, err := seal.Open(h.MasterKey, sealLoginFlow, sealed)
	if err != nil {
		return login, lostLogin().WithCause(err)
	}
	return login, json.Unmarshal(plain, &login)
}

// genuineFlow returns the login that this browser started here and that the
// callback answers. Anything else leaves no trace, because anybody can send it.
func (h *Login) genuineFlow(c echo.Context) (startedLogin, error) {
	login, err := h.opened(c, flowCookie(c.QueryParam("state")))
	if err != nil {
		return startedLogin{}, err
	}
	if !h.Now().Before(login.Expires) || !login.Flow.Answers(c.QueryParams()) {
		return startedLogin{}, lostLogin()
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
