package gallery

import (
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

	return []Page{
		{"audit-empty", views.AuditList(list)},
		{"audit-none-match", views.AuditList(none)},
		{"audit-many", views.AuditList(many)},
	}
}

func myFixtures() []Page {
	page := layout.Page{Title: "Your auth tokens", Current: layout.NavMy, Actor: &layout.Actor{Name: "Uma User"}}
	empty := views.MyPage{Page: page, RedeemURL: "/redeem"}
	full := empty
	full.AdminURL, full.Paging = "/admin", ui.Paging{NextURL: "/my?page=abc"}
	for i, p := range people {
		row := views.MyRow{ID: authID[:25] + string(rune('0'+i)), Host: p.host, User: p.person.Name, State: authStates[i], Created: lastWeek, LastSeen: minutesAgo, DeleteURL: "/d"}
		if row.State == models.AuthTokenDeleted {
			row.Deleted, row.DeletedBy, row.DeleteURL = minutesAgo, longName, ""
		}
		full.Rows = append(full.Rows, row)
	}
	ask := views.MyDeletePage{Page: page, Row: full.Rows[0], Action: "/d", CancelURL: "/my"}
	invalid := ask
	invalid.Errors = ui.FieldErrors{"reason": "The reason has 501 characters; at most 500 are allowed."}
	gone := ask
	gone.Row = full.Rows[4]
	signedIn := views.RedeemPage{Page: page, Action: "/redeem", MyURL: "/my"}
	signedIn.Title, signedIn.Current = "Redeem", layout.NavRedeem
	return []Page{
		{"my-empty", views.My(empty)},
		{"my-many", views.My(full)},
		{"my-delete", views.MyDelete(ask)},
		{"my-delete-invalid", views.MyDelete(invalid)},
		{"my-deleted", views.MyDelete(gone)},
		{"redeem-signed-in", views.Redeem(signedIn)},
	}
}
