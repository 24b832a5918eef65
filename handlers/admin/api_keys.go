package admin

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/listing"
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

// apiKeyList is the list; it has one page.
var apiKeyList = listing.List{Path: paths.APIKeys, Sorts: []listing.Sort{
	{Value: "created", By: "createdAt", Descending: true},
	{Value: "name", By: "name"},
	{Value: "expires", By: "expiresAt"},
	{Value: "used", By: "lastUsedAt", Descending: true},
}}

// sortAPIKeys puts them in order. One that never expires does so after all others, one
// that was never used was so before all.
func sortAPIKeys(keys []seen.APIKey, by listing.Sort) {
	slices.SortStableFunc(keys, func(a, b seen.APIKey) int {
		if by.Descending {
			a, b = b, a
		}
		switch by.By {
		case "name":
			return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
		case "expiresAt":
			if (a.ExpiresAt == nil) != (b.ExpiresAt == nil) {
				return timeOf(b.ExpiresAt).Compare(timeOf(a.ExpiresAt))
			}
			return timeOf(a.ExpiresAt).Compare(timeOf(b.ExpiresAt))
		case "lastUsedAt":
			return timeOf(a.LastUsedAt).Compare(timeOf(b.LastUsedAt))
		default:
			return a.CreatedAt.Compare(b.CreatedAt)
		}
	})
}

// timeOf is the zero time for one that never comes.
func timeOf(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}

// List shows all API keys.
func (h *APIKeys) List(c echo.Context) error {
	q, err := apiKeyList.Read(c.QueryParams())
	if err != nil {
		return err
	}
	keys, err := h.Read.APIKeys(c.Request().Context(), web.Viewer(c))
	if err != nil {
		return err
	}
	sortAPIKeys(keys, q.Sort)
	frame, err := h.Frame.Page(c, "API keys", layout.NavAPIKeys)
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.APIKeyList(frame, keys, q.Sorting(), h.Now(c)))
}
