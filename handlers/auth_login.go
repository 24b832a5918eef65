package handlers

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/internal/rp"
	"muster/models"
)

// authHandler logs people in and out, and leads them to where their work is.
type authHandler struct{ *Server }

// codeMisdirected is a request whose Host header a proxy has changed.
const codeMisdirected models.Code = "misdirected"

// login starts the authorization code flow (OIDC Core 3.1, with PKCE).
func (h *authHandler) login(c echo.Context) error {
	returnTo := web.ReturnPath(c.FormValue("return_to"))
	if !web.SameHost(h.base, c.Request().Host) {
		return h.loginElsewhere(c, returnTo)
	}
	flow, err := rp.NewFlow(returnTo)
	if err != nil {
		return err
	}
	target, err := h.provider.AuthCodeURL(c.Request().Context(), flow)
	if err != nil {
		return err
	}
	if err := h.keepFlow(c, flow); err != nil {
		return err
	}
	noStore(c)
	return c.Redirect(http.StatusSeeOther, target)
}

// paramAtBase marks a sign-in that was sent to the configured address.
const paramAtBase = "at_base"

// loginElsewhere sends a sign-in that came under another name to the
// configured address, where the provider returns to. Once: if it arrives
// under another name again, a proxy changes the name, and a second redirect
// would go on forever.
func (h *authHandler) loginElsewhere(c echo.Context, returnTo string) error {
	if c.QueryParam(paramAtBase) == "" {
		noStore(c)
		query := url.Values{"return_to": {returnTo}, paramAtBase: {"1"}}
		return c.Redirect(http.StatusSeeOther, h.config.BaseURL+"/auth/login?"+query.Encode())
	}
	misdirected := &models.Error{
		Kind: models.KindInvalid, Code: codeMisdirected,
		Message: fmt.Sprintf("Sign-in is set up for %s, but this request arrived for the host %q.", h.config.BaseURL, shortHost(c.Request().Host)),
		NextStep: "Tell the administrator: the proxy in front of Muster must pass the Host header on unchanged " +
			"(nginx: proxy_set_header Host $host), and MUSTER_BASE_URL must be the address that people open.",
	}
	return &echo.HTTPError{Code: http.StatusMisdirectedRequest, Message: misdirected.Message, Internal: misdirected}
}

// shortHost keeps a made-up host name from filling the page.
func shortHost(host string) string { return host[:min(len(host), 100)] }
