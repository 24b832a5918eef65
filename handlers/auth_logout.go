package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/internal/seal"
	"muster/models"
	"muster/views"
	"muster/views/layout"
)

// logout ends the session here first, then at the provider (OIDC RP-Initiated
// Logout 1.0). A provider that is down changes nothing about the former.
func (h *authHandler) logout(c echo.Context) error {
	web.ClearCookie(c, web.SessionCookie)
	c.Response().Header().Set("Clear-Site-Data", `"cache"`)
	session := sessionOf(c)
	if session == nil {
		return redirect(c, "/auth/signed-out")
	}
	ctx := c.Request().Context()
	event := h.auditEvent(c, models.AuditLogout, "person", session.Person().ActorID())
	if err := h.store.DeleteSession(ctx, session.Digest, event); err != nil {
		return err
	}
	h.live.EndSession(session.Digest)
	idToken, err := seal.Open(session.Secret, sealIDToken, session.SealedIDToken)
	if err != nil {
		return redirect(c, "/auth/signed-out")
	}
	target, ok := h.provider.LogoutURL(ctx, string(idToken), h.config.BaseURL+"/auth/signed-out", "")
	if !ok {
		return redirect(c, "/auth/signed-out")
	}
	return redirect(c, target)
}

// signedOut says that the session is over; the provider returns here, with
// parameters that change nothing.
func (h *authHandler) signedOut(c echo.Context) error {
	p := layout.Page{Title: "Signed out", DevMode: h.config.Dev}
	return render(c, http.StatusOK, views.SignedOut(views.SignedOutPage{Page: p, LoginURL: "/auth/login"}))
}

// home leads everybody to where their work is.
func (h *authHandler) home(c echo.Context) error {
	if actorOf(c).Can(models.PermissionRegistrationTokenRead) {
		return redirect(c, "/admin")
	}
	if sessionOf(c) != nil {
		return redirect(c, myURL)
	}
	p, err := h.page(c, "Welcome", layout.NavNone)
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.Home(views.HomePage{Page: p, RedeemURL: "/redeem", LoginURL: "/auth/login"}))
}
