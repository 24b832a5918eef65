package gallery

import (
	"strings"

	"muster/models"
	"muster/views"
	"muster/views/layout"
	"muster/views/ui"
)

func auditFixtures() []Page {
	keys := views.APIKeyListPage{Page: AdminPage("API keys", layout.NavAPIKeys), NewURL: "/admin/api-keys/new"}
	all := keys
	all.Rows = []views.APIKeyRow{
		{ID: TokenID, Name: "Licence server Berlin", Powers: []string{"Ask whether a token is live (introspection)"}, State: views.APIKeyActive, CreatedBy: "Ada Admin", Created: lastWeek, Expires: inMonth, LastUsed: minutesAgo, RevokeURL: "/r"},
		{ID: TokenID + "2", Name: longName, Powers: []string{"See registration tokens", "Create, change and delete registration tokens"}, State: views.APIKeyEndsSoon, CreatedBy: longName, Created: lastWeek, Expires: inThreeDays, RevokeURL: "/r"},
		{ID: TokenID + "3", Name: rtlName, Powers: []string{"Everything an administrator may do"}, State: views.APIKeyExpired, CreatedBy: "command line", Created: lastWeek, Expires: lastWeek, LastUsed: lastWeek, RevokeURL: "/r"},
		{ID: TokenID + "4", Name: "Old script", Powers: []string{"See everything, addresses masked"}, State: views.APIKeyRevoked, CreatedBy: "Ada Admin", Created: lastWeek, Revoked: minutesAgo, RevokedBy: "Ada Admin"},
	}
	form := views.APIKeyFormPage{
		Page: detailPage("New API key", layout.NavAPIKeys, "API keys"), Action: "/admin/api-keys", CancelURL: "/admin/api-keys",
		Form: views.APIKeyForm{Grant: views.APIKeyGrantScopes, ExpiryPreset: views.APIKeyExpiryDefault, Nonce: "n"},
	}
	invalid := form
	invalid.Form = views.APIKeyForm{Name: longName, Grant: "admin", Scopes: []string{"introspect"}, ExpiryPreset: views.APIKeyExpiryNever}
	invalid.Errors = ui.FieldErrors{"name": "The name has 321 characters; at most 255 are allowed.", "scope": "Clear these, or choose “Only what I tick”.", "grant": "Choose what the API key may do."}
	created := views.APIKeyCreatedPage{
		Page: detailPage("API key created", layout.NavAPIKeys, "API keys"), Name: "Licence server Berlin", Powers: all.Rows[1].Powers, Expires: inMonth,
		Secret: models.Secret("mak_" + strings.Repeat("k", 65)), Curl: "curl -H 'Authorization: Bearer mak_' http://127.0.0.1:8080/", ListURL: "/admin/api-keys", RevokeURL: "/r",
	}
	again := created
	again.AlreadyShown, again.Secret, again.Curl = true, "", ""
	revoke := views.APIKeyRevokePage{Page: detailPage("Revoke API key", layout.NavAPIKeys, "API keys"), Row: all.Rows[0], Action: "/r", CancelURL: "/admin/api-keys"}
	revoked := revoke
	revoked.Row = all.Rows[3]

	return []Page{
		{"api-keys-empty", views.APIKeyList(keys)},
		{"api-keys-many", views.APIKeyList(all)},
		{"api-key-new", views.APIKeyFormView(form)},
		{"api-key-invalid", views.APIKeyFormView(invalid)},
		{"api-key-created", views.APIKeyCreated(created)},
		{"api-key-created-again", views.APIKeyCreated(again)},
		{"api-key-revoke", views.APIKeyRevoke(revoke)},
		{"api-key-revoked", views.APIKeyRevoke(revoked)},
	}
}
