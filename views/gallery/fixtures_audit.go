package gallery

import (
	"strings"

	"muster/models"
	"muster/views"
	"muster/views/layout"
	"muster/views/ui"
)

func auditFixtures() []Page {
	list := views.AuditListPage{
		Page: AdminPage("Audit", layout.NavAudit), ClearURL: "/admin/audit", ExportAction: "/admin/audit/export",
		Actions: []ui.Option{{Value: "", Label: "Any action"}, {Value: "session.login", Label: "Signed in"}},
		Tabs:    []ui.Tab{{Label: "Everybody", URL: "/admin/audit", NoCount: true, Current: true}, {Label: "People", URL: "/admin/audit?kind=person", NoCount: true}},
	}
	none := list
	none.Filtered = true
	none.Form = views.AuditFilterForm{Query: `"><script>alert(1)</script>`, Actor: rtlName, From: "2026-11-01", Kind: "person", By: TokenID}
	none.Chips = []views.AuditChip{{Words: "actor", Value: rtlName, RemoveURL: "/admin/audit"}, {Words: "object", Value: longName, RemoveURL: "/admin/audit"}}
	many := list
	many.Paging = ui.Paging{NextURL: "/admin/audit?page=abc", Summary: "5 rows on this page"}
	token := layout.Link{Label: "Contoso rollout", URL: "/admin/registration-tokens/" + TokenID}
	many.Rows = []views.AuditRow{
		{
			ID: "1", When: minutesAgo, Who: "Ada Admin", Kind: models.ActorPerson, IP: "203.0.113.24", Before: "raised the count of", Object: token, After: " from 10 to 20",
			Differences: []views.Difference{{Field: "Count", From: "10", To: "20"}, {Field: "Note", From: "", To: longName}},
			Facts:       []views.AuditFact{{Label: "Request id", Value: TokenID, Mono: true}}, ByURL: "/admin/audit?by=1", AboutURL: "/admin/audit?object=" + TokenID,
		},
		{ID: "2", When: minutesAgo, Who: longName, Kind: models.ActorDevice, IP: "2001:0db8:85a3:0000:0000:8a2e:0370:7334", Before: "redeemed", Object: layout.Link{Label: longName, URL: token.URL}, ByURL: "/b"},
		{ID: "3", When: lastWeek, Who: rtlName, Kind: models.ActorAPIKey, Before: "deleted the auth token of", Object: layout.Link{Label: rtlLabel, URL: "/x"}, After: ": " + rtlName, ByURL: "/b"},
		{ID: "4", When: lastWeek, After: "tried to sign in, which did not work", IP: "198.51.100.7", ByURL: "/b"},
		{ID: "5", When: lastWeek, Who: "Muster", Kind: models.ActorSystem, Before: "made the signing key", Object: layout.Link{Label: "TcXGbsfPvit_ofrLqaKnDJdLqiT928JOiaE-AOM3ecg"}, ByURL: "/b"},
	}

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
		{"audit-empty", views.AuditList(list)},
		{"audit-none-match", views.AuditList(none)},
		{"audit-many", views.AuditList(many)},
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
