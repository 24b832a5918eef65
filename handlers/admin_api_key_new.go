package handlers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"muster/models"
	"muster/views"
	"muster/views/layout"
)

// apiKeyFields tells which inputs of the form the service's fields came from.
var apiKeyFields = map[string]string{"role": "grant", "scopes": "scope", "expiresAt": "expiryPreset"}

// apiKeySettings is a form of a new API key, read.
type apiKeySettings struct {
	name    string
	role    models.Role
	scopes  []models.Scope
	expires *time.Time // nil is never
}

func (h *adminHandler) newAPIKey(c echo.Context) error {
	form := views.APIKeyForm{Grant: views.APIKeyGrantScopes, ExpiryPreset: views.APIKeyExpiryDefault}
	return h.renderNewAPIKey(c, form, formFailure{status: http.StatusOK})
}

func (h *adminHandler) createAPIKey(c echo.Context) error {
	var form views.APIKeyForm
	if err := bindForm(c, &form); err != nil {
		return err
	}
	settings, invalid := parseAPIKey(form, h.now().UTC())
	var key *models.APIKey
	var secret models.Secret
	err := h.once(c, form.Nonce, invalid, func(ctx context.Context) (string, error) {
		var err error
		key, secret, err = h.tokens.CreateAPIKey(ctx, actorOf(c), settings.name, settings.role, settings.scopes, settings.expires)
		if err != nil {
			return "", err
		}
		return key.ID, nil
	})
	if before, ok := errors.AsType[*madeBefore](err); ok {
		if key, err = h.store.APIKey(c.Request().Context(), before.id); err != nil {
			return err
		}
		return h.renderCreatedAPIKey(c, key, "")
	}
	if err != nil {
		failure, ok := asFormFailure(c, err, apiKeyFields)
		if !ok {
			return err
		}
		return h.renderNewAPIKey(c, form, failure)
	}
	return h.renderCreatedAPIKey(c, key, secret)
}

// parseAPIKey reads the form of a new API key.
func parseAPIKey(form views.APIKeyForm, now time.Time) (apiKeySettings, error) {
	var p formParser
	s := apiKeySettings{name: p.text("name", form.Name)}
	if s.name == "" {
		p.fail("name", "Say who or what will use the API key.")
	}
	for _, scope := range form.Scopes {
		s.scopes = append(s.scopes, models.Scope(scope))
	}
	switch {
	case form.Grant == views.APIKeyGrantScopes && len(s.scopes) == 0:
		p.fail("scopes", "Choose at least one thing the API key may do.")
	case form.Grant == views.APIKeyGrantScopes:
	case slices.ContainsFunc(views.APIKeyRoles, func(r views.APIKeyChoice) bool { return r.Value == form.Grant }):
		s.role = models.Role(form.Grant)
		if len(s.scopes) > 0 {
			p.fail("scopes", "Clear these, or choose “Only what I tick”: a role includes them already.")
		}
	default:
		p.fail("role", "Choose what the API key may do.")
	}
	s.expires = p.apiKeyExpiry(form.ExpiryPreset, now)
	return s, p.err()
}

// apiKeyExpiry reads the choice of an expiry; nil is never.
func (p *formParser) apiKeyExpiry(preset string, now time.Time) *time.Time {
	if preset == views.APIKeyExpiryNever {
		return nil
	}
	for _, option := range views.APIKeyExpiries {
		days, err := strconv.Atoi(strings.TrimSuffix(option.Value, "d"))
		if err == nil && option.Value == preset {
			t := now.Add(time.Duration(days) * day).Truncate(time.Second)
			return &t
		}
	}
	p.fail("expiresAt", "Choose one of the offered times.")
	return nil
}

// renderNewAPIKey shows the form, as typed, with a fresh nonce.
func (h *adminHandler) renderNewAPIKey(c echo.Context, form views.APIKeyForm, failure formFailure) error {
	frame, err := h.apiKeyPage(c, "New API key", layout.Link{Label: "New"})
	if err != nil {
		return err
	}
	if form.Nonce, err = h.newFormNonce(c); err != nil {
		return err
	}
	frame.Notices = append(frame.Notices, failure.notices...)
	return render(c, failure.status, views.APIKeyFormView(views.APIKeyFormPage{
		Page: frame, Form: form, Errors: failure.errors, Action: apiKeysURL, CancelURL: apiKeysURL,
	}))
}

// renderCreatedAPIKey answers the POST that made an API key with its secret:
// here and nowhere else. A form that was sent again gets none.
func (h *adminHandler) renderCreatedAPIKey(c echo.Context, key *models.APIKey, secret models.Secret) error {
	frame, err := h.apiKeyPage(c, "API key created", layout.Link{Label: "Created"})
	if err != nil {
		return err
	}
	p := views.APIKeyCreatedPage{
		Page: frame, Name: key.Name, Powers: apiKeyPowers(key), Expires: momentOfOptional(key.ExpiresAt, h.now().UTC()),
		AlreadyShown: secret == "", Secret: secret, ListURL: apiKeysURL, RevokeURL: apiKeyRevokeURL(key.ID),
	}
	if secret != "" {
		p.Curl = apiKeyCommand(h.config.BaseURL, key, secret)
	}
	return render(c, http.StatusOK, views.APIKeyCreated(p))
}

// apiKeyCommand is a first call that the key may make, ready to paste.
func apiKeyCommand(base string, key *models.APIKey, secret models.Secret) models.Secret {
	call := fmt.Sprintf("'%s/oauth2/introspect' --data-urlencode 'token=PASTE-A-TOKEN'", base)
	powers := key.Permissions()
	switch {
	case slices.Contains(powers, models.PermissionRegistrationTokenRead):
		call = fmt.Sprintf("'%s/token/api/v5/registrationTokens'", base)
	case slices.Contains(powers, models.PermissionAuthTokenRead):
		call = fmt.Sprintf("'%s/token/api/v5/authTokens'", base)
	}
	return models.Secret("curl -sS -H 'Authorization: Bearer " + secret.Reveal() + "' " + call)
}
