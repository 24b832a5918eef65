package handlers

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"muster/models"
	"muster/views"
	"muster/views/layout"
)

const apiKeysURL = "/admin/api-keys"

// apiKeyEndsSoon is when an expiry starts to ask for attention.
const apiKeyEndsSoon = 7 * day

// apiKeyPage starts a page below the list; trail leads there.
func (h *adminHandler) apiKeyPage(c echo.Context, title string, trail ...layout.Link) (layout.Page, error) {
	p, err := h.page(c, title, layout.NavAPIKeys)
	p.Breadcrumbs = append([]layout.Link{{Label: "API keys", URL: apiKeysURL}}, trail...)
	return p, err
}

func (h *adminHandler) listAPIKeys(c echo.Context) error {
	keys, err := h.store.APIKeys(c.Request().Context())
	if err != nil {
		return err
	}
	frame, err := h.page(c, "API keys", layout.NavAPIKeys)
	if err != nil {
		return err
	}
	p := views.APIKeyListPage{Page: frame, NewURL: apiKeysURL + "/new"}
	now := h.now().UTC()
	for i := range keys {
		p.Rows = append(p.Rows, apiKeyRow(&keys[i], now))
	}
	return render(c, http.StatusOK, views.APIKeyList(p))
}

func apiKeyRow(k *models.APIKey, now time.Time) views.APIKeyRow {
	row := views.APIKeyRow{
		ID: k.ID, Name: k.Name, Powers: apiKeyPowers(k), State: apiKeyState(k, now),
		CreatedBy: k.CreatedBy, Created: momentOf(k.CreatedAt, now),
		Expires: momentOfOptional(k.ExpiresAt, now), LastUsed: momentOfOptional(k.LastUsedAt, now),
		Revoked: momentOfOptional(k.RevokedAt, now), RevokedBy: k.RevokedBy,
	}
	if k.RevokedAt == nil {
		row.RevokeURL = apiKeyRevokeURL(k.ID)
	}
	return row
}

func apiKeyRevokeURL(id string) string { return apiKeysURL + "/" + id + "/revoke" }

// apiKeyPowers says in words what a key allows.
func apiKeyPowers(k *models.APIKey) []string {
	for _, choice := range views.APIKeyRoles {
		if k.Role != models.RoleNone && string(k.Role) == choice.Value {
			return []string{choice.Label}
		}
	}
	var powers []string
	for _, scope := range k.Scopes() {
		words := string(scope)
		for _, choice := range views.APIKeyScopes {
			if choice.Value == string(scope) {
				words = choice.Label
			}
		}
		powers = append(powers, words)
	}
	return powers
}

func apiKeyState(k *models.APIKey, now time.Time) views.APIKeyState {
	switch {
	case k.RevokedAt != nil:
		return views.APIKeyRevoked
	case !k.Usable(now):
		return views.APIKeyExpired
	case k.ExpiresAt != nil && k.ExpiresAt.Sub(now) <= apiKeyEndsSoon:
		return views.APIKeyEndsSoon
	default:
		return views.APIKeyActive
	}
}
