package admin

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/seen"
	views "muster/views/admin"
	"muster/views/layout"
	"muster/views/paths"
)

// APIKeys serves the pages of API keys.
type APIKeys struct {
	Read   APIKeyReader
	Tokens APIKeyService
	Forms  *OneTimeForms
	Frame  *web.Frame
	Now    func(c echo.Context) time.Time
	// BaseURL is the public address, for the example call shown with a new key.
	BaseURL string
}

// APIKeyReader reads API keys.
type APIKeyReader interface {
	APIKeys(ctx context.Context, v seen.Viewer) ([]seen.APIKey, error)
	APIKey(ctx context.Context, v seen.Viewer, id string) (*seen.APIKey, error)
}

// APIKeyService creates and revokes API keys.
type APIKeyService interface {
	CreateAPIKey(ctx context.Context, actor models.Actor, name string, role models.Role, scopes []models.Scope, expiresAt *time.Time) (*models.APIKey, models.Secret, error)
	RevokeAPIKey(ctx context.Context, actor models.Actor, id string) error
}

var apiKeysLink = layout.Link{Label: "API keys", URL: paths.APIKeys}

// List shows all API keys.
func (h *APIKeys) List(c echo.Context) error {
	keys, err := h.Read.APIKeys(c.Request().Context(), web.Viewer(c))
	if err != nil {
		return err
	}
	frame, err := h.Frame.Page(c, "API keys", layout.NavAPIKeys)
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.APIKeyList(frame, keys, h.Now(c)))
}
