package gallery

import (
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"muster/models"
	"muster/models/lists"
	"muster/seen"
	"muster/views/admin"
	"muster/views/layout"
	"muster/views/telling"
	"muster/views/ui"
)

// tokenOf is a registration token with a label, changed by edits; it expires in
// a month.
func tokenOf(label string, used, count int, edits ...func(*models.RegistrationToken)) seen.RegistrationToken {
	t := models.RegistrationToken{
		ID: TokenID, Identifier: label, Hint: hint, Count: count, UsedCount: used, ExpiresAt: now.AddDate(0, 0, 30),
		CreatedBy: "Ada Admin", CreatedAt: now.AddDate(0, 0, -7), LastRedeemedAt: new(now.Add(-2 * time.Minute)),
	}
	for _, edit := range edits {
		edit(&t)
	}
	return viewer.RegistrationToken(&t)
}

func expiring(days int) func(*models.RegistrationToken) {
	return func(t *models.RegistrationToken) { t.ExpiresAt = now.AddDate(0, 0, days) }
}

func switchedOff(t *models.RegistrationToken) { t.DisabledAt = new(now.Add(-time.Hour)) }
func gone(t *models.RegistrationToken)        { t.DeletedAt = new(now.Add(-time.Hour)) }
func unused(t *models.RegistrationToken)      { t.LastRedeemedAt = nil }

func criterionForm(fields []models.SearchField) ui.CriterionForm {
	return ui.CriterionForm{Action: "/list", Fields: telling.CriterionFields(fields), Comparisons: telling.Comparisons()}
}

// sorting has headings to sort by.
var sorting = ui.Sorting{
	"label": {URL: "/list?sort=label"}, "remaining": {URL: "/list?sort=remaining"}, "created": {URL: "/list?sort=created&order=asc", Direction: ui.Descending},
	"person": {URL: "/list?sort=person"}, "redeemed": {URL: "/list?sort=redeemed&order=asc", Direction: ui.Descending},
}

// inUTC is what the forms say of their dates.
var inUTC = admin.ExpiryBounds{Zone: "UTC"}

// manyTokens are registration tokens in all states.
func manyTokens() []seen.RegistrationToken {
	rows := []seen.RegistrationToken{
		tokenOf("Rollout Berlin", 37, 100),
		tokenOf("Training room", 9, 10, expiring(3)),
		tokenOf("Contoso rollout Q4", 200, 200),
		tokenOf("Pilot group", 13, 20, expiring(-7)),
		tokenOf(rtlLabel, 4, 1_000_000, switchedOff),
		tokenOf(longName, 1, 3, gone),
		tokenOf("Kiosks Hamburg", 0, 25, unused),
		tokenOf("Field laptops", 812, 1500),
	}
	for i := range rows {
		rows[i].ID = TokenID[:24] + strconv.Itoa(11+i)
	}
	return rows
}

// savedMeanwhile is said where somebody else saved first.
var savedMeanwhile = layout.Notice{
	Tone: layout.NoticeWarning, Text: "Somebody else saved a change while this form was open, so nothing was saved now.",
	Next: "Compare both below. Saving again keeps what the form holds.",
}

func tokenTabs(counts ...int) []ui.Tab {
	var tabs []ui.Tab
	for i, label := range []string{"All", "Active", "Exhausted", "Expired", "Disabled", "Deleted"} {
		tabs = append(tabs, ui.Tab{Label: label, Count: counts[i], URL: "/admin/registration-tokens?status=" + strings.ToLower(label), Current: i == 0})
	}
	return tabs
}

func belowTokens(title string) layout.Page {
	return detailPage(title, layout.NavRegistrationTokens, "Registration tokens")
}

func tokenFixtures() []Page {
	list := admin.RegistrationTokenListPage{
		Page: AdminPage("Registration tokens", layout.NavRegistrationTokens), Tabs: tokenTabs(0, 0, 0, 0, 0, 0), Now: now,
		MayWrite: true, Columns: admin.UsualColumns(), ColumnsAction: "/columns", ExportAction: "/export",
		Criterion: criterionForm(models.RegistrationTokenCriteria),
	}
	none := list
	none.Filtered, none.Query, none.Tabs = true, `"><script>alert(1)</script>`, tokenTabs(12, 4, 3, 3, 1, 1)
	many := list
	many.Tabs, many.Rows = tokenTabs(12, 4, 3, 3, 1, 1), manyTokens()
	many.Paging = ui.Paging{NextURL: "/admin/registration-tokens?page=abc", Summary: ui.Extent(0, 8, 1_000, true)}
	many.Sorting, many.New = sorting, ui.NewRows{Number: 1, URL: "/list"}
	many.Notices = []layout.Notice{{Tone: layout.NoticeSuccess, Text: "8 registration tokens disabled. 1 was left as it is; it could not be redeemed anyway.", Undo: "01jxn5"}}
	many.Selection = admin.Selection{IDs: []string{many.Rows[1].ID, many.Rows[2].ID, TokenID}, Here: []string{many.Rows[1].ID, many.Rows[2].ID}, Rows: len(many.Rows), ClearURL: "/list"}
	one := list
	one.Tabs, one.Rows, one.MayWrite = tokenTabs(1, 1, 0, 0, 0, 0), many.Rows[:1], false

	form := admin.RegistrationTokenFormPage{
		Page: belowTokens("New registration token"), Form: admin.RegistrationTokenForm{TermsForm: admin.TermsForm{Count: "25", ExpiryPreset: "30d", Nonce: "n1"}},
		ExpiryBounds: inUTC,
	}
	invalid := form
	invalid.Form = admin.RegistrationTokenForm{TermsForm: admin.TermsForm{Count: "many", ExpiryPreset: admin.ExpiryCustom, ExpirationDate: "2020-01-01T00:00", Note: "n", Nonce: "n2"}, Identifier: rtlLabel}
	invalid.Errors = ui.FieldErrors{"count": "The count must be a whole number from 1 to 1,000,000.", "expirationDate": "The expiry must lie at least 1 minute ahead.", "customer": "There is no such customer."}
	edit := form
	edit.Page, edit.Editing = belowTokens("Edit"), new(tokenOf("Rollout Berlin", 37, 100))
	edit.Form = admin.RegistrationTokenForm{TermsForm: admin.TermsForm{Count: "100", ExpiryPreset: admin.ExpiryCustom, ExpirationDate: "2026-12-23T23:59", Note: "For the move to the new office."}, Identifier: "Rollout Berlin"}

	editTwice := edit
	editTwice.Notices = []layout.Notice{savedMeanwhile}
	editTwice.Conflict = &admin.Conflict{Who: longName, What: "changed the count and the note", At: ui.MomentOf(now.Add(-2*time.Minute), now), Fields: []ui.Difference{
		{Field: "Count", From: "120", To: "100"}, {Field: "Expiry", From: "31 Jan 2027, 23:59 UTC", To: "23 Dec 2026, 23:59 UTC"},
		{Field: "Label", From: rtlLabel, To: longName}, {Field: "Note", From: "", To: "For the move to the new office.\nAsk Ada."},
	}}
	editSame := edit
	editSame.Conflict = &admin.Conflict{}
	admission := admin.AdmissionPage{
		Page: belowTokens("Who may redeem"), Token: tokenOf("Rollout Berlin", 37, 100, func(t *models.RegistrationToken) { t.ExpectedCount = 3 }),
		Form:   admin.AdmissionForm{Mode: "replace", Expected: "ana\nada@example.com;Ada\n@", OnlyExpected: "true", Networks: "192.0.2.0/24"},
		Errors: ui.FieldErrors{"expected": "Line 3 (“@”): “@” is not an e-mail address."},
	}
	admissionTwice := admission
	admissionTwice.Errors, admissionTwice.Notices = nil, editTwice.Notices
	admissionTwice.Conflict = &admin.Conflict{Who: "Bea", What: "changed who may redeem it: 1 added", At: editTwice.Conflict.At, Fields: []ui.Difference{
		{Field: "List", From: "3 entries, only here: " + longName, To: "2 entries"}, {Field: "Sign-in required", From: "on", To: "off"}, {Field: "Networks", From: "", To: "192.0.2.0/24"},
	}}

	created := admin.RegistrationTokenCreatedPage{
		Page: belowTokens("Registration token created"), Token: tokenOf("Rollout Berlin", 0, 25), Now: now, Secret: Secret,
		RedeemURL: "http://127.0.0.1:8080/redeem#" + Secret,
		Curl:      "curl -X POST http://127.0.0.1:8080/token/api/v5/authTokens -H 'Authorization: Bearer " + Secret + `' -H 'Content-Type: application/json' -d '{"authToken":{"systemUserName":"jane","fqdn":"laptop-17.example.com"}}'`,
	}
	again := admin.RegistrationTokenCreatedPage{Page: created.Page, Token: created.Token, Now: now}

	expired := tokenOf("Pilot group", 13, 20, expiring(-7))
	return []Page{
		{"tokens-empty", admin.RegistrationTokenList(list)},
		{"tokens-none-match", admin.RegistrationTokenList(none)},
		{"tokens-one-helpdesk", admin.RegistrationTokenList(one)},
		{"tokens-many", admin.RegistrationTokenList(many)},
		{"token-new", admin.RegistrationTokenFormView(form)},
		{"token-invalid", admin.RegistrationTokenFormView(invalid)},
		{"token-edit", admin.RegistrationTokenFormView(edit)},
		{"token-created", admin.RegistrationTokenCreated(created)},
		{"token-created-again", admin.RegistrationTokenCreated(again)},
		{"token-replace", admin.RegistrationTokenReplace(admin.RegistrationTokenReplacePage{
			Page: belowTokens("Replace"), Old: expired, Now: now, Form: admin.TermsForm{Count: "7", ExpiryPreset: "30d", Nonce: "n3"}, ExpiryBounds: inUTC,
		})},
		{"token-delete", admin.Question(belowTokens("Delete"), admin.RegistrationTokenDelete(expired, 12, admin.RegistrationTokenDeleteForm{Choice: admin.AuthTokensKept}, nil))},
		{"token-delete-unused", admin.Question(belowTokens("Delete"), admin.RegistrationTokenDelete(tokenOf(longName, 0, 3, unused), 0, admin.RegistrationTokenDeleteForm{}, nil))},
		{"token-admission-read", readAdmission()},
		{"token-admission", admin.Admission(admission)},
		{"token-admission-conflict", admin.Admission(admissionTwice)},
		{"token-edit-conflict", admin.RegistrationTokenFormView(editTwice)},
		{"token-edit-same", admin.RegistrationTokenFormView(editSame)},
	}
}

// readAdmission is a list that was read: an export with columns, typed lines, one
// that cannot be used.
func readAdmission() templ.Component {
	form := admin.AdmissionForm{Mode: "add", OnlyExpected: "true", Expected: "anna.weber\njane.miller@contoso.example\n@\n\n" +
		"Rechnername;Benutzer;Raum;Bemerkung\nLT-0417;" + longName + ";2.14;am Fenster\n;" + rtlName + ";2.15;\n"}
	list := lists.ReadExpected(form.Expected, lists.Choices{})
	return admin.Admission(admin.AdmissionPage{
		Page: belowTokens("Who may redeem"), Token: tokenOf("Rollout Berlin", 37, 100), Form: form,
		Reading: admin.ExpectedReading(&list, lists.Choices{}, true, false),
		Errors:  ui.FieldErrors{"expected": "Line 3 (“@”): “@” is not an e-mail address. Change the list, or go on without."},
	})
}

func recipientFixtures() []Page {
	form := admin.RecipientsPage{Page: belowTokens("One per recipient"), Form: admin.RecipientsForm{TermsForm: admin.TermsForm{Count: "1", ExpiryPreset: "30d", Nonce: "n"}}, ExpiryBounds: inUTC}
	invalid := form
	invalid.Form.Count = "many"
	invalid.Errors = ui.FieldErrors{"recipients": "Give at least one name or e-mail address.", "count": "The count must be a whole number from 1 to 1,000,000."}
	checked := form
	checked.Form.Recipients = "Ada <ada@contoso.example>\n" + rtlName + "\n" + longName
	sheet := lists.ReadRecipients("Nachname;Vorname;E-Mail;Firma\nWeber;Anna;anna@contoso.example;Contoso", lists.Choices{})
	checked.Check = &admin.RecipientsCheck{
		Reading: admin.RecipientsReading(&sheet),
		Number:  3, Counts: 3, ExpiresAt: now.AddDate(0, 0, 30), Now: now,
		Shown:   []models.Recipient{{Name: "Ada", Email: "ada@contoso.example", Line: 1}, {Name: rtlName, Line: 2}, {Name: longName, Line: 3}},
		LeftOut: []lists.Problem{{Line: 4, Text: longName, Message: "Stands in line 3 already."}, {Line: 5, Text: "ada@@contoso", Message: "This is not an e-mail address."}}, LeftOutNumber: 2,
	}
	replacing := admin.RecipientsReplacePage{
		Page: form.Page, Form: admin.RecipientsReplaceForm{TermsForm: form.Form.TermsForm, IDs: TokenID}, Number: 52, Counts: 61, Left: 1,
		Shown: []seen.RegistrationToken{tokenOf("Ada <ada@contoso.example>", 0, 1), tokenOf(rtlName, 1, 2), tokenOf(longName, 0, 1)},
	}
	return []Page{
		{"recipients", admin.Recipients(form)},
		{"recipients-invalid", admin.Recipients(invalid)},
		{"recipients-checked", admin.Recipients(checked)},
		{"recipients-made", admin.RecipientsCreated(form.Page)},
		{"recipients-replace", admin.RecipientsReplace(replacing)},
		{"recipients-replace-nothing", admin.RecipientsReplace(admin.RecipientsReplacePage{Page: form.Page, Left: 2})},
	}
}

// selectedTokens are the first of many that are chosen.
func selectedTokens() []admin.SelectedRegistrationToken {
	var all []admin.SelectedRegistrationToken
	for _, t := range manyTokens()[:6] {
		after := t.Unchanged()
		after.Count, after.ExpiresAt = after.Count+10, after.ExpiresAt.AddDate(0, 0, 30)
		all = append(all, admin.SelectedRegistrationToken{RegistrationToken: t, After: after})
	}
	return all
}

// questionFixtures ask before registration tokens are disabled or deleted.
func questionFixtures() []Page {
	page, deleting, extending, raising := belowTokens("Disable"), belowTokens("Delete"), belowTokens("Extend"), belowTokens("Raise")
	invalid := ui.FieldErrors{"reason": "The reason has 501 characters; at most 500 are allowed."}
	several := admin.RegistrationTokenSelectionPage{
		Form:   admin.RegistrationTokenSelectionForm{IDs: []string{TokenID}, Action: admin.SelectionDelete},
		Number: 12, Left: 2, LiveAuthTokens: 1_204, Preview: selectedTokens(),
	}
	switchOff := several
	switchOff.Form.Action = admin.SelectionDisable
	extend, raise := several, several
	extend.Form.Action, extend.Form.Days, extend.Now, extend.LeftOut = admin.SelectionExtend, "30", now, "2 stay as they are: 1 was replaced and 1 would last longer than is allowed."
	raise.Form.Action, raise.Form.By = admin.SelectionRaise, "10"
	longer, more := extend, raise
	longer.Form.Days, longer.Errors = "soon", ui.FieldErrors{"days": "Say by how many days to extend each, a whole number between 1 and 3,660."}
	longer.Number, longer.Preview, longer.LeftOut = 0, nil, ""
	more.Form.By = "12"
	again := raising
	again.Notices = []layout.Notice{{Tone: layout.NoticeWarning, Text: "Something changed in the meantime, so nothing was deleted or changed. These are the numbers now.", Next: "Check them and confirm again."}}
	nothing := admin.RegistrationTokenSelectionPage{Form: switchOff.Form}
	return []Page{
		{"token-disable", admin.Question(page, admin.RegistrationTokenDisable(tokenOf(longName, 1, 3), "", nil))},
		{"token-disable-invalid", admin.Question(page, admin.RegistrationTokenDisable(tokenOf(rtlLabel, 4, 20), "", invalid))},
		{"tokens-delete-many", admin.Question(deleting, admin.RegistrationTokenSelection(several))},
		{"tokens-disable-many", admin.Question(page, admin.RegistrationTokenSelection(switchOff))},
		{"tokens-extend-many", admin.Question(extending, admin.RegistrationTokenSelection(extend))},
		{"tokens-raise-many", admin.Question(raising, admin.RegistrationTokenSelection(raise))},
		{"tokens-extend-invalid", admin.Question(extending, admin.RegistrationTokenSelection(longer))},
		{"tokens-raise-changed", admin.Question(again, admin.RegistrationTokenSelection(more))},
		{"tokens-disable-nothing", admin.Question(page, admin.RegistrationTokenSelection(nothing))},
	}
}
