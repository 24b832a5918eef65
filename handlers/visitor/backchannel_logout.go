package visitor

import (
	"log/slog"
	"net/http"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
)

// BackChannelLogout ends the sessions of somebody who logged out at the provider, which
// says so itself (OIDC Back-Channel Logout 1.0). Every replica reads sessions anew for
// each request, so they end on all of them. The reason of a refusal is for the log.
func (h *Login) BackChannelLogout(c echo.Context) error {
	var form struct {
		LogoutToken string `form:"logout_token"`
	}
	if err := web.BindForm(c, &form); err != nil {
		return err
	}
	ctx := c.Request().Context()
	logout, err := h.Provider.VerifyLogoutToken(ctx, form.LogoutToken)
	if err == nil {
		err = h.endOfProvider(c, logout)
	}
	if kind := models.ErrorKind(err); err != nil && (kind == models.KindUnauthenticated || kind == models.KindConflict) {
		h.Logger.LogAttrs(ctx, slog.LevelWarn, "logout of the provider refused",
			slog.String(web.LogRequestID, web.RequestID(c)), slog.String(web.LogIP, c.RealIP()), slog.Any(web.LogError, err))
		return web.BadRequest("The logout token is not valid.")
	}
	if err != nil {
		return err
	}
	web.NoStore(c)
	return c.NoContent(http.StatusOK)
}

func (h *Login) endOfProvider(c echo.Context, logout models.ProviderLogout) error {
	event := web.AuditEvent(c, h.Now(), models.AuditLogout, "person", "", map[string]any{"reason": models.EndedByProvider})
	ended, err := h.Sessions.EndProviderSessions(c.Request().Context(), logout, event)
	for _, digest := range ended {
		h.EndStreams(digest)
	}
	return err
}
