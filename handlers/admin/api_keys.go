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

// APIKeys are the pages of API keys.
type APIKeys struct {
	Read   APIKeyReader
	Tokens APIKeyService
	Forms  *OneTimeForms
	Frame  *web.Frame
	Now    func() time.Time
	// BaseURL is the public address, for the call that a new key is shown with.
	BaseURL string
}

// APIKeyReader reads API keys.
type APIKeyReader interface {
	APIKeys(ctx context.Context, v seen.Viewer) ([]seen.APIKey, error)
	APIKey(ctx context.Context, v seen.Viewer, id string) (*seen.APIKey, error)
}

// APIKeyService makes and revokes API keys.
type APIKeyService interface {
	CreateAPIKey(ctx context.Context, actor models.Actor, name string, role models.Role, scopes []models.Scope, expiresAt *time.Time) (*models.APIKey, models.Secret, error)
	RevokeAPIKey(ctx context.Context, actor models.Actor, id string) error
}

// page starts a page below the list.
func (h *APIKeys) page(c echo.Context, title, crumb string) (layout.Page, error) {
	list := layout.Link{Label: "API keys", URL: paths.APIKeys}
	return h.Frame.Below(c, list, title, layout.NavAPIKeys, layout.Link{Label: crumb})
}

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
	return web.Render(c, http.StatusOK, views.APIKeyList(views.APIKeyListPage{Page: frame, Rows: keys, Now: h.Now().UTC()}))
}
