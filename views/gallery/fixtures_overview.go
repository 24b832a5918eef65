package gallery

import (
	"muster/models"
	"muster/views"
	"muster/views/layout"
	"muster/views/ui"
)

func overviewFixtures() []Page {
	fresh := views.OverviewPage{Page: AdminPage("Overview", layout.NavOverview), Fresh: true, NewURL: "/admin/registration-tokens/new"}
	calm := fresh
	calm.Fresh = false
	calm.Figures = []views.Figure{
		{Label: "Active registration tokens", Value: 4, Of: "12", URL: "/admin/registration-tokens?status=active"},
		{Label: "Redeemed today", Value: 0, Spark: []int{0, 0, 0, 0, 0, 0, 0}, SparkLabel: "Nothing in the last 7 days"},
		{Label: "Turned away today", Value: 0},
		{Label: "Need attention", Value: 0},
	}
	busy := calm
	busy.Figures = []views.Figure{
		{Label: "Active registration tokens", Value: 1_204, Of: "12,000", URL: "/admin/registration-tokens?status=active"},
		{Label: "Redeemed today", Value: 1_000_000, Spark: []int{3, 5, 2, 8, 13, 4, 21}, SparkLabel: "From 3 to 21 a day in the last 7 days"},
		{Label: "Turned away today", Value: 38, Spark: []int{0, 0, 1, 0, 2, 0, 38}, SparkLabel: "From 0 to 38 a day in the last 7 days"},
		{Label: "Need attention", Value: 25},
	}
	for _, name := range []string{"Contoso rollout Q4", rtlLabel, longName} {
		busy.Attention = append(busy.Attention, views.AttentionRow{
			Identifier: name, URL: tokenURL, Sentence: "has 4 of 200 left and 38 people turned away since", Since: minutesAgo,
			Usage: ui.Usage{RegistrationTokenID: TokenID[:25] + ui.Number(len(busy.Attention)), Used: 196, Count: 200, Status: models.StatusActive}, Action: "Raise the count", ActionURL: "/e",
		})
	}
	busy.More, busy.MoreURL = 22, "/admin/registration-tokens?sort=urgent"
	for i, p := range people {
		row := views.ActivityRow{Person: p.person, Host: p.host, URL: "/admin/auth-tokens/" + authID, RegistrationToken: layout.Link{Label: "Rollout Berlin", URL: tokenURL}, When: minutesAgo}
		if i%2 == 1 {
			row.Refused, row.Reason, row.URL = true, "Count used up", "/admin/investigate?code=K7Q4-M2QX"
		}
		busy.Activity = append(busy.Activity, row)
	}
	return []Page{
		{"overview-fresh", views.Overview(fresh)},
		{"overview-calm", views.Overview(calm)},
		{"overview-busy", views.Overview(busy)},
	}
}

func recipientFixtures() []Page {
	form := views.RecipientsPage{
		Page: detailPage("One per recipient", layout.NavRegistrationTokens, "Registration tokens"), CheckURL: "/check", CancelURL: "/admin/registration-tokens",
		Form: views.RecipientsForm{Count: "1", ExpiryPreset: "30d", Nonce: "n"},
	}
	invalid := form
	invalid.Form.Count = "many"
	invalid.Errors = ui.FieldErrors{"recipients": "Give at least one name or e-mail address.", "count": "The count must be a whole number from 1 to 1,000,000."}
	checked := form
	checked.Form.Recipients = "Ada <ada@contoso.example>\n" + rtlName + "\n" + longName
	checked.Check = &views.RecipientsCheck{
		CreateURL: "/create", Number: 3, Counts: 3, Expiry: inMonth,
		Shown:   []models.Recipient{{Name: "Ada", Email: "ada@contoso.example", Line: 1}, {Name: rtlName, Line: 2}, {Name: longName, Line: 3}},
		LeftOut: []models.RecipientProblem{{Line: 4, Text: longName, Message: "Stands in line 3 already."}, {Line: 5, Text: "ada@@contoso", Message: "This is no e-mail address."}}, LeftOutNumber: 2,
	}
	made := views.RecipientsMadePage{Page: form.Page, ListURL: "/admin/registration-tokens", NewURL: "/admin/registration-tokens/new/recipients"}
	return []Page{
		{"recipients", views.Recipients(form)},
		{"recipients-invalid", views.Recipients(invalid)},
		{"recipients-checked", views.Recipients(checked)},
		{"recipients-made", views.RecipientsMade(made)},
	}
}

// questionFixtures ask before registration tokens are disabled or deleted.
func questionFixtures() []Page {
	disable := views.RegistrationTokenDisablePage{Page: detailPage("Disable", layout.NavRegistrationTokens, "Registration tokens"), Identifier: longName, Action: "/d", CancelURL: "/c"}
	invalid := disable
	invalid.Identifier, invalid.Errors = rtlLabel, ui.FieldErrors{"reason": "The reason has 501 characters; at most 500 are allowed."}
	several := views.RegistrationTokenSelectionPage{
		Page: disable.Page, IDs: []string{TokenID}, Form: views.RegistrationTokenSelectionForm{Action: "delete", Choice: "keep"}, Number: 12, Left: 2, More: 9, LiveAuthTokens: 1_204, Action: "/s", CancelURL: "/c",
	}
	for _, name := range []string{"Rollout Berlin", rtlLabel, longName} {
		several.Names = append(several.Names, views.RegistrationTokenName{Identifier: name, Usage: ui.Usage{Used: 37, Count: 100, Status: models.StatusActive}})
	}
	switchOff := several
	switchOff.Form.Action = "disable"
	nothing := views.RegistrationTokenSelectionPage{Page: disable.Page, Form: switchOff.Form, Action: "/s", CancelURL: "/c"}
	return []Page{
		{"token-disable", views.RegistrationTokenDisable(disable)},
		{"token-disable-invalid", views.RegistrationTokenDisable(invalid)},
		{"tokens-delete-many", views.RegistrationTokenSelection(several)},
		{"tokens-disable-many", views.RegistrationTokenSelection(switchOff)},
		{"tokens-disable-nothing", views.RegistrationTokenSelection(nothing)},
	}
}
