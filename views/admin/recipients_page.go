package admin

import (
	"time"

	"muster/models"
	"muster/views/layout"
	"muster/views/ui"
)

// RecipientsForm is the form as it was sent: a list of people who get a
// registration token each, and what all of those have in common.
type RecipientsForm struct {
	TermsForm
	Recipients string `form:"recipients"`
	// Expected is how many registration tokens the check announced.
	Expected string `form:"expected"`
}

// RecipientsPage asks for the list, then shows how it was read.
type RecipientsPage struct {
	layout.Page
	Form   RecipientsForm
	Errors ui.FieldErrors
	ExpiryBounds
	// Check is nil until the list was checked.
	Check *RecipientsCheck
}

// RecipientsCheck is the list as it was read. Long lists are cut.
type RecipientsCheck struct {
	// Number is how many registration tokens would be created, Counts the sum
	// of their counts.
	Number, Counts int
	ExpiresAt, Now time.Time
	Shown          []models.Recipient
	// LeftOut are duplicates and lines that cannot be read.
	LeftOut       []models.RecipientProblem
	LeftOutNumber int
}
