package visitor

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/internal/seal"
	"muster/models"
	"muster/views/layout"
	"muster/views/paths"
	views "muster/views/visitor"
)

// Logout ends the session here, then at the provider (OIDC RP-Initiated Logout
// 1.0). The first works even if the provider is down.
func (h *Login) Logout(c echo.Context) error {
	web.ClearCookie(c, web.SessionCookie)
	web.ClearCookie(c, web.RecentCookie)
	c.Response().Header().Set("Clear-Site-Data", `"cache"`)
	session := web.SessionOf(c)
	if session == nil {
		return web.Redirect(c, paths.SignedOut)
	}
	ctx := c.Request().Context()
	event := web.AuditEvent(c, h.Now(), models.AuditLogout, "person", session.Person().ActorID(), nil)
	if err := h.Sessions.DeleteSession(ctx, session.Digest, event); err != nil {
		return err
	}
	h.EndStreams(session.Digest)
	// One that does not open is missed by nobody but a provider that then asks.
	idToken, _ := seal.Open(session.Secret, sealIDToken, session.SealedIDToken)
	target, ok := h.Provider.LogoutURL(ctx, string(idToken), h.address(paths.SignedOut), "")
	if !ok {
		return web.Redirect(c, paths.SignedOutOnlyHere)
	}
	return Onward(c, h.Frame, target, "onward.out")
}

// SignedOut says that the session has ended. The provider returns here; its
// parameters are ignored.
func (h *Login) SignedOut(c echo.Context) error {
	return web.Render(c, http.StatusOK, views.SignedOut(views.SignedOutPage{
		Page:     layout.Page{Title: "Signed out", DevMode: h.Frame.Dev},
		OnlyHere: c.Request().URL.RequestURI() == paths.SignedOutOnlyHere,
	}))
}
