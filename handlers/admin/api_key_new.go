package admin

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/seen"
	views "muster/views/admin"
	"muster/views/layout"
	"muster/views/paths"
)

// apiKeyFields renames the service's fields to the inputs they came from.
var apiKeyFields = map[string]string{"role": "grant", "scopes": "scope", "expiresAt": "expiryPreset"}

// apiKeySettings is what the form for a new API key asks for.
type apiKeySettings struct {
	name    string
	role    models.Role
	scopes  []models.Scope
	expires *time.Time // nil for never
}

// New shows the form for an API key.
func (h *APIKeys) New(c echo.Context) error {
	form := views.APIKeyForm{Grant: views.APIKeyGrantScopes, ExpiryPreset: views.APIKeyExpiryDefault}
	failed := web.Restore(c, &form)
	return h.renderNew(c, form, failed)
}

// Create creates an API key and answers with its secret.
func (h *APIKeys) Create(c echo.Context) error {
	var form views.APIKeyForm
	if err := web.BindForm(c, &form); err != nil {
		return err
	}
	settings, invalid := parseAPIKey(form, h.Now(c))
	var created *models.APIKey
	var secret models.Secret
	earlier, err := h.Forms.create(c, form.Nonce, invalid, func(ctx context.Context) (string, error) {
		var err error
		created, secret, err = h.Tokens.CreateAPIKey(ctx, web.Actor(c), settings.name, settings.role, settings.scopes, settings.expires)
		if err != nil {
			return "", err
		}
		return created.ID, nil
	})
	if err != nil {
		return h.renderNew(c, form, err)
	}
	if earlier != "" {
		return web.Redirect(c, paths.APIKeyCreated(earlier))
	}
	return h.renderCreated(c, web.Viewer(c).APIKey(created), secret)
}

// Created says that an API key was created, and that its secret is not shown again.
func (h *APIKeys) Created(c echo.Context) error {
	key, err := h.Read.APIKey(c.Request().Context(), web.Viewer(c), c.Param("id"))
	if err != nil {
		return err
	}
	return h.renderCreated(c, *key, "")
}

// parseAPIKey reads the form for a new API key.
func parseAPIKey(form views.APIKeyForm, now time.Time) (apiKeySettings, error) {
	var p formParser
	s := apiKeySettings{name: p.Text("name", form.Name)}
	if s.name == "" {
		p.Fail("name", "Say who or what will use the API key.")
	}
	for _, scope := range form.Scopes {
		s.scopes = append(s.scopes, models.Scope(scope))
	}
	switch {
	case form.Grant == views.APIKeyGrantScopes && len(s.scopes) == 0:
		p.Fail("scopes", "Choose at least one thing the API key may do.")
	case form.Grant == views.APIKeyGrantScopes:
	case slices.ContainsFunc(views.APIKeyRoles, func(r views.APIKeyChoice) bool { return r.Value == form.Grant }):
		s.role = models.Role(form.Grant)
		if len(s.scopes) > 0 {
			p.Fail("scopes", "Clear these, or choose “Only what I tick”: a role already includes them.")
		}
	default:
		p.Fail("role", "Choose what the API key may do.")
	}
	if form.ExpiryPreset != views.APIKeyExpiryNever {
		if s.expires = daysAhead(views.APIKeyExpiries, form.ExpiryPreset, now); s.expires == nil {
			p.Fail("expiresAt", "Choose one of the expiries offered.")
		}
	}
	return s, p.Err()
}

// renderNew shows the form, as typed, with a new nonce.
func (h *APIKeys) renderNew(c echo.Context, form views.APIKeyForm, failed error) error {
	frame, failure, err := formFrame(c, h.Frame, apiKeysLink, layout.NavAPIKeys, "New API key", failed, apiKeyFields, layout.Link{Label: "New"})
	if err != nil {
		return err
	}
	if form.Nonce, err = h.Forms.nonce(c); err != nil {
		return err
	}
	return web.RenderQuietly(c, failure.Status, views.APIKeyNew(frame, form, failure.Errors))
}

// renderCreated answers the POST that created an API key with its secret: here
// and nowhere else.
func (h *APIKeys) renderCreated(c echo.Context, key seen.APIKey, secret models.Secret) error {
	frame, err := h.Frame.Below(c, apiKeysLink, "API key created", layout.NavAPIKeys, layout.Link{Label: "Created"})
	if err != nil {
		return err
	}
	p := views.APIKeyCreatedPage{Page: frame, Key: key, Now: h.Now(c), Secret: secret}
	if secret != "" {
		p.Curl = apiKeyCommand(h.BaseURL, &key, secret)
	}
	return web.Render(c, http.StatusOK, views.APIKeyCreated(p))
}

// apiKeyCommand is a first call that the key may make, ready to paste.
func apiKeyCommand(base string, key *seen.APIKey, secret models.Secret) models.Secret {
	call := "'" + base + paths.OAuthIntrospect + "' --data-urlencode 'token=PASTE-A-TOKEN'"
	powers := key.Permissions()
	switch {
	case slices.Contains(powers, models.PermissionRegistrationTokenRead):
		call = "'" + base + paths.APIRegistrationTokens + "'"
	case slices.Contains(powers, models.PermissionAuthTokenRead):
		call = "'" + base + paths.APIAuthTokens + "'"
	}
	return models.Secret("curl -sS -H 'Authorization: Bearer " + secret.Reveal() + "' " + call)
}
