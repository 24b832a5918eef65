package admin

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	views "muster/views/admin"
	"muster/views/paths"
)

// ConfirmRevoke asks before an API key is revoked.
func (h *APIKeys) ConfirmRevoke(c echo.Context) error {
	key, err := h.Read.APIKey(c.Request().Context(), web.Viewer(c), c.Param("id"))
	if err != nil {
		return err
	}
	frame, err := h.page(c, "Revoke API key", "Revoke")
	if err != nil {
		return err
	}
	p := views.APIKeyRevokePage{Page: frame, Key: *key, Now: h.Now().UTC()}
	return web.RenderPart(c, http.StatusOK, views.APIKeyRevoke(p), views.APIKeyRevokeConfirm(p))
}

// Revoke revokes an API key.
func (h *APIKeys) Revoke(c echo.Context) error {
	ctx := c.Request().Context()
	key, err := h.Read.APIKey(ctx, web.Viewer(c), c.Param("id"))
	if err != nil {
		return err
	}
	if err := h.Tokens.RevokeAPIKey(ctx, web.Actor(c), key.ID); err != nil {
		return err
	}
	notice := "The API key “" + key.Name + "” is revoked: it is refused from now on."
	if key.RevokedAt != nil {
		notice = "Nothing changed: the API key “" + key.Name + "” was revoked already."
	}
	return h.Frame.Done(c, paths.APIKeys, notice)
}
