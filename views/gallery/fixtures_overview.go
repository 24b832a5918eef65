package gallery

import (
	"muster/models"
	"muster/views"
	"muster/views/layout"
	"muster/views/ui"
)

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
