package gallery

import (
	"time"

	"muster/models"
	"muster/seen"
	"muster/views/admin"
	"muster/views/layout"
	"muster/views/ui"
)

// authTokens are one auth token for each of the people, in all states.
func authTokens() []seen.AuthToken {
	var rows []seen.AuthToken
	for i := range people {
		rows = append(rows, heldToken(i, nil))
	}
	return rows
}

func authTokenListFixtures() []Page {
	list := admin.AuthTokenListPage{Page: AdminPage("Auth tokens", layout.NavAuthTokens), Tabs: authTabs(), Now: now,
		Columns: ui.UsualAuthTokenColumns(), ColumnsAction: "/columns", Criterion: criterionForm(models.AuthTokenCriteria)}
	many := list
	many.Sorting = sorting
	many.Rows, many.Labels, many.MayDelete, many.Filtered = authTokens(), map[string]string{TokenID: "Rollout Berlin"}, true, true
	many.RegistrationToken = new(tokenOf("Rollout Berlin", 37, 100))
	asks := many
	asks.Page, asks.MayDelete, asks.MayAsk = helpdesk(list.Page), false, true
	none := list
	none.Filtered, none.Query = true, "nobody"
	return []Page{
		{"auth-tokens-empty", admin.AuthTokenList(list)},
		{"auth-tokens-none-match", admin.AuthTokenList(none)},
		{"auth-tokens-many", admin.AuthTokenList(many)},
		{"auth-tokens-helpdesk", admin.AuthTokenList(asks)},
	}
}

func authTokenDeleteFixtures() []Page {
	page := detailPage("Delete", layout.NavAuthTokens, "Auth tokens")
	bulk := admin.AuthTokenDeletePage{
		Form: admin.AuthTokenDeleteForm{IDs: []string{authID, authID + "2"}}, Now: now, LastAccess: now.Add(13 * time.Minute),
		Counted: models.AuthTokenDeletionResult{Matched: 13, Deleted: 12, People: 9, Devices: 11, AlreadyDeleted: 1}, Preview: authTokens(), CancelURL: "/c",
	}
	single := bulk
	single.Counted, single.Preview = models.AuthTokenDeletionResult{Matched: 1, Deleted: 1, People: 1, Devices: 1}, bulk.Preview[:1]
	single.Errors = ui.FieldErrors{"reason": "The reason has 501 characters; at most 500 are allowed."}
	tooMany := bulk
	tooMany.TooMany, tooMany.Counted.Deleted = true, 48_112
	surplus := bulk
	surplus.OneStays, surplus.Form = true, admin.AuthTokenDeleteForm{Match: "state=surplus", ReturnCount: "true"}
	surplus.Kept, surplus.KeptNumber = bulk.Preview[:2], 11
	machine := surplus
	machine.Counted = models.AuthTokenDeletionResult{Matched: 4, Deleted: 4, Devices: 1}
	machine.Preview, machine.Kept, machine.KeptNumber, machine.LastAccess = bulk.Preview[4:5], bulk.Preview[4:5], 1, time.Time{}
	giveBack := single
	giveBack.Counted, giveBack.Late, giveBack.Errors = models.AuthTokenDeletionResult{Matched: 1, AlreadyDeleted: 1}, 1, nil
	edit := admin.AuthTokenEditPage{
		Page: detailPage("Edit", layout.NavAuthTokens, "Auth tokens"), Token: &bulk.Preview[0], Form: admin.AuthTokenForm{Identifier: "Desk 4"},
		Conflict: &admin.Conflict{Who: "Bea", What: "changed the label", At: ui.MomentOf(now, now), Fields: []ui.Difference{{Field: "Label", From: longName, To: "Desk 4"}}},
	}
	edit.Notices = []layout.Notice{savedMeanwhile}
	nothing := admin.AuthTokenDeletePage{CancelURL: "/c"}
	return []Page{
		{"auth-token-edit-conflict", admin.AuthTokenEdit(edit)},
		{"auth-token-delete-many", admin.Question(page, admin.AuthTokenDelete(bulk))},
		{"auth-token-delete-surplus", admin.Question(page, admin.AuthTokenDelete(surplus))},
		{"auth-token-delete-of-nobody", admin.Question(page, admin.AuthTokenDelete(machine))},
		{"auth-token-delete-too-many", admin.Question(page, admin.AuthTokenDelete(tooMany))},
		{"auth-token-delete-one", admin.Question(page, admin.AuthTokenDelete(single))},
		{"auth-token-delete-give-back", admin.Question(page, admin.AuthTokenDelete(giveBack))},
		{"auth-token-delete-nothing", admin.Question(page, admin.AuthTokenDelete(nothing))},
	}
}
