package admin

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	views "muster/views/admin"
	"muster/views/layout"
	"muster/views/paths"
)

// ConfirmRevoke asks before an API key is revoked.
func (h *APIKeys) ConfirmRevoke(c echo.Context) error {
	key, err := h.Read.APIKey(c.Request().Context(), web.Viewer(c), c.Param("id"))
	if err != nil {
		return err
	}
	frame, err := h.Frame.Below(c, apiKeysLink, "Revoke API key", layout.NavAPIKeys, layout.Link{Label: "Revoke"})
	if err != nil {
		return err
	}
	question := views.APIKeyRevoke(*key, h.Now(c))
	return web.RenderPart(c, http.StatusOK, views.Question(frame, question), question)
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
	notice := "The API key “" + key.Name + "” was revoked. It is refused from now on."
	if key.RevokedAt != nil {
		notice = "Nothing changed: the API key “" + key.Name + "” was already revoked."
	}
	return h.Frame.Done(c, paths.APIKeys, notice)
}
