package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"muster/views"
	"muster/views/layout"
)

func (h *adminHandler) confirmRevokeAPIKey(c echo.Context) error {
	key, err := h.store.APIKey(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	frame, err := h.apiKeyPage(c, "Revoke API key", layout.Link{Label: "Revoke"})
	if err != nil {
		return err
	}
	p := views.APIKeyRevokePage{
		Page: frame, Row: apiKeyRow(key, h.now().UTC()), Action: apiKeyRevokeURL(key.ID), CancelURL: apiKeysURL,
	}
	return renderPart(c, http.StatusOK, views.APIKeyRevoke(p), views.APIKeyRevokeConfirm(p))
}

func (h *adminHandler) revokeAPIKey(c echo.Context) error {
	ctx := c.Request().Context()
	key, err := h.store.APIKey(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	if err := h.tokens.RevokeAPIKey(ctx, actorOf(c), key.ID); err != nil {
		return err
	}
	notice := "The API key “" + key.Name + "” is revoked: it is refused from now on."
	if key.RevokedAt != nil {
		notice = "Nothing changed: the API key “" + key.Name + "” was revoked already."
	}
	return h.done(c, apiKeysURL, notice)
}
