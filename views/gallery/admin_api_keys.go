package gallery

import (
	"strconv"
	"strings"

	"muster/models"
	"muster/seen"
	"muster/views/admin"
	"muster/views/layout"
	"muster/views/ui"
)

// apiKeys are API keys in all states.
func apiKeys() []seen.APIKey {
	rows := []models.APIKey{
		{Name: "Licence server Berlin", ScopeList: "introspect", CreatedBy: "Ada Admin", ExpiresAt: new(now.AddDate(0, 0, 30)), LastUsedAt: &twoMinutesAgo},
		{Name: longName, ScopeList: "registration-tokens:read registration-tokens:write", CreatedBy: longName, ExpiresAt: new(now.AddDate(0, 0, 3))},
		{Name: rtlName, Role: models.RoleAdmin, CreatedBy: "command line", ExpiresAt: &aWeekAgo, LastUsedAt: &aWeekAgo},
		{Name: "Old script", Role: models.RoleHelpdesk, CreatedBy: "Ada Admin", RevokedAt: &twoMinutesAgo, RevokedBy: "Ada Admin"},
	}
	keys := make([]seen.APIKey, len(rows))
	for i := range rows {
		rows[i].ID, rows[i].CreatedAt = TokenID+strconv.Itoa(i+1), aWeekAgo
		keys[i] = viewer.APIKey(&rows[i])
	}
	return keys
}

func apiKeyFixtures() []Page {
	keys, below := apiKeys(), func(title string) layout.Page { return detailPage(title, layout.NavAPIKeys, "API keys") }
	list := AdminPage("API keys", layout.NavAPIKeys)
	form := admin.APIKeyForm{Grant: admin.APIKeyGrantScopes, ExpiryPreset: admin.APIKeyExpiryDefault, Nonce: "n"}
	invalid := admin.APIKeyForm{Name: longName, Grant: "admin", Scopes: []string{"introspect"}, ExpiryPreset: admin.APIKeyExpiryNever}
	errors := ui.FieldErrors{"name": "The name has 321 characters; at most 255 are allowed.", "scope": "Clear these, or choose “Only what I tick”.", "grant": "Choose what the API key may do."}
	created := admin.APIKeyCreatedPage{
		Page: below("API key created"), Key: keys[0], Now: now,
		Secret: models.Secret("mak_" + strings.Repeat("k", 65)), Curl: "curl -H 'Authorization: Bearer mak_' http://127.0.0.1:8080/",
	}
	return []Page{
		{"api-keys-empty", admin.APIKeyList(list, nil, nil, now)},
		{"api-keys-many", admin.APIKeyList(list, keys, nil, now)},
		{"api-key-new", admin.APIKeyNew(below("New API key"), form, nil)},
		{"api-key-invalid", admin.APIKeyNew(below("New API key"), invalid, errors)},
		{"api-key-created", admin.APIKeyCreated(created)},
		{"api-key-created-again", admin.APIKeyCreated(admin.APIKeyCreatedPage{Page: created.Page, Key: keys[0], Now: now})},
		{"api-key-revoke", admin.Question(below("Revoke API key"), admin.APIKeyRevoke(keys[0], now))},
		{"api-key-revoked", admin.Question(below("Revoke API key"), admin.APIKeyRevoke(keys[3], now))},
	}
}
