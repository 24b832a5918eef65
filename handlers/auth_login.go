package handlers

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"

	"github.com/labstack/echo/v4"

	"muster/internal/rp"
	"muster/internal/seal"
	"muster/models"
)

// authHandler logs people in and out, and leads them to where their work is.
type authHandler struct{ *Server }

// sealLoginFlow is the purpose a started login is sealed for.
const sealLoginFlow = "login flow"

// localPath is what may be returned to: a path of ours, which no browser
// reads as another host (SECURITY R53).
var localPath = regexp.MustCompile(`^/[A-Za-z0-9_-][A-Za-z0-9_/-]*$`)

// returnPath checks where to go after login; "/" for anything doubtful.
func returnPath(raw string) string {
	target, err := url.Parse(raw)
	if err != nil || target.IsAbs() || target.Host != "" || target.User != nil || target.Opaque != "" ||
		len(raw) > 2000 || !localPath.MatchString(target.Path) || target.RawPath != "" {
		return "/"
	}
	clean := url.URL{Path: target.Path, RawQuery: target.Query().Encode()}
	return clean.String()
}

// login starts the authorization code flow (OIDC Core 3.1, with PKCE). The
// flow is kept sealed under the secret of a cookie, so another browser cannot
// finish it.
func (h *authHandler) login(c echo.Context) error {
	returnTo := returnPath(c.FormValue("return_to"))
	if c.Request().Host != h.host {
		// The provider returns to the configured address; start there.
		return c.Redirect(http.StatusSeeOther, h.config.BaseURL+"/auth/login?return_to="+url.QueryEscape(returnTo))
	}
	ctx, now := c.Request().Context(), h.now().UTC()
	flow, err := rp.NewFlow(returnTo)
	if err != nil {
		return err
	}
	target, err := h.provider.AuthCodeURL(ctx, flow)
	if err != nil {
		return err
	}
	plain, err := json.Marshal(flow)
	if err != nil {
		return err
	}
	secret, digest := newCookieSecret()
	sealed, err := seal.Seal(secret, sealLoginFlow, plain)
	if err != nil {
		return err
	}
	err = h.store.CreateLoginFlow(ctx, &models.LoginFlow{Digest: digest, Sealed: sealed, ExpiresAt: now.Add(loginFlowLife)})
	if err != nil {
		return err
	}
	setCookie(c, loginCookie, secret, loginFlowLife)
	noStore(c)
	return c.Redirect(http.StatusSeeOther, target)
}

// takeFlow returns the login this browser started, once.
func (h *authHandler) takeFlow(c echo.Context) (rp.Flow, error) {
	var flow rp.Flow
	lost := models.Unauthenticated("This sign-in was not started here, took too long, or was finished already.")
	lost.NextStep = "Start again from the sign-in page."
	secret := cookieSecret(c, loginCookie)
	clearCookie(c, loginCookie)
	if secret == nil {
		return flow, lost
	}
	kept, err := h.store.TakeLoginFlow(c.Request().Context(), secretDigest(secret), h.now().UTC())
	if models.ErrorKind(err) == models.KindNotFound {
		return flow, lost
	}
	if err != nil {
		return flow, err
	}
	plain, err := seal.Open(secret, sealLoginFlow, kept.Sealed)
	if err != nil {
		return flow, lost.WithCause(err)
	}
	return flow, json.Unmarshal(plain, &flow)
}
