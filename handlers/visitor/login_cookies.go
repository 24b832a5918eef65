package visitor

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/views/paths"
)

const (
	// codeNoCookie marks a browser that keeps no cookie.
	codeNoCookie models.Code = "no_cookie"
	// paramChecked has the time when a cookie was set to see whether it comes
	// back, in Unix seconds.
	paramChecked = "checked"
	// checkLife is how long that cookie lives.
	checkLife = time.Minute
)

// withoutFlow answers a callback with which no started login came: the browser has
// lost it since or keeps no cookie at all. A cookie and one more request tell
// which.
func (h *Login) withoutFlow(c echo.Context) error {
	now := h.Now()
	checked, err := strconv.ParseInt(c.QueryParam(paramChecked), 10, 64)
	if err != nil {
		web.SetCookie(c, web.CheckCookie, "kept", checkLife)
		query := url.Values{paramChecked: {strconv.FormatInt(now.Unix(), 10)}}
		web.NoStore(c)
		return c.Redirect(http.StatusSeeOther, paths.Callback+"?"+query.Encode())
	}
	if web.CookieText(c, web.CheckCookie) != "" || !now.Before(time.Unix(checked, 0).Add(checkLife)) {
		return lostLogin()
	}
	return h.keepsNoCookie(c)
}

func (h *Login) keepsNoCookie(c echo.Context) error {
	refused := models.Unauthenticated("Your browser kept no cookie for this site, and without one it cannot stay signed in.")
	refused.Code = codeNoCookie
	refused.NextStep = "Allow cookies for this site in the settings of the browser, then open " + h.address("") + " and sign in again."
	if !web.IsDevelopment(c) {
		refused.NextStep += " Open it with https://: over plain http:// the browser keeps none."
	}
	return refused
}
