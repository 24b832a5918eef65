package admin

import (
	"time"

	"muster/models"
	"muster/views/layout"
	"muster/views/ui"
)

// RecipientsForm is what was typed, raw: a list of people who get a
// registration token each, and what is common to those.
type RecipientsForm struct {
	Recipients string `form:"recipients"`
	// Count is that of each registration token.
	Count          string `form:"count"`
	ExpiryPreset   string `form:"expiryPreset"`
	ExpirationDate string `form:"expirationDate"`
	Note           string `form:"note"`
	RefID1         string `form:"refId1"`
	RefID2         string `form:"refId2"`
	Nonce          string `form:"nonce"`
	// Expected is how many registration tokens the check announced.
	Expected string `form:"expected"`
}

// RecipientsPage asks for the list, and after the check shows what was read.
type RecipientsPage struct {
	layout.Page
	Form   RecipientsForm
	Errors ui.FieldErrors
	ExpiryBounds
	// Check is nil before the list was checked.
	Check *RecipientsCheck
}

// RecipientsCheck is the list as it was read. The long lists are cut.
type RecipientsCheck struct {
	// Number is how many registration tokens would be made, Counts their
	// counts together.
	Number, Counts int
	ExpiresAt, Now time.Time
	Shown          []models.Recipient
	// LeftOut are duplicates and lines that cannot be read.
	LeftOut       []models.RecipientProblem
	LeftOutNumber int
}
