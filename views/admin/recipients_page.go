package admin

import (
	"time"

	"muster/models"
	"muster/models/lists"
	"muster/seen"
	"muster/views/layout"
	"muster/views/ui"
)

// RecipientsForm is the form as it was sent: a list of people who get a
// registration token each, and what all of those have in common.
type RecipientsForm struct {
	TermsForm
	Recipients string `form:"recipients"`
	// ListChoices say how the list is read.
	ListChoices
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
	LeftOut       []lists.Problem
	LeftOutNumber int
	Reading       *ListReading
}

// RecipientsReplaceForm is the confirmation as it was sent. Of the terms, only the
// expiry can be chosen.
type RecipientsReplaceForm struct {
	TermsForm
	// IDs are the selected registration tokens, in one field: a form may have few.
	IDs string `form:"ids"`
	// Expected is how many registration tokens the question announced.
	Expected string `form:"expected"`
}

// RecipientsReplacePage asks before the selected registration tokens are replaced
// for the same recipients.
type RecipientsReplacePage struct {
	layout.Page
	Form   RecipientsReplaceForm
	Errors ui.FieldErrors
	ExpiryBounds
	// Number is how many would be replaced, Counts how many counts remain of them
	// together; Left is how many stay as they are.
	Number, Counts, Left int
	// Shown holds the first of those that would be replaced.
	Shown []seen.RegistrationToken
}
