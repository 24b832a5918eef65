package admin

import (
	"muster/seen"
	"muster/views/ui"
)

// What can be done to selected registration tokens.
const (
	SelectionDisable = "disable"
	SelectionDelete  = "delete"
)

// RegistrationTokenSelectionForm is the form as it was sent.
type RegistrationTokenSelectionForm struct {
	IDs []string `form:"id"`
	// Action is SelectionDisable or SelectionDelete.
	Action string `form:"action"`
	RegistrationTokenDeleteForm
}

// RegistrationTokenSelectionPage asks before several registration tokens are
// disabled or deleted.
type RegistrationTokenSelectionPage struct {
	Form   RegistrationTokenSelectionForm
	Errors ui.FieldErrors
	// Number is how many would change, Left how many stay as they are.
	Number, Left int
	// LiveAuthTokens is how many live auth tokens they have in all.
	LiveAuthTokens int
	// Preview holds the first of those that would change.
	Preview []seen.RegistrationToken
}

func (p RegistrationTokenSelectionPage) deletes() bool { return p.Form.Action == SelectionDelete }

func (p RegistrationTokenSelectionPage) number() string {
	return ui.Plural(p.Number, "registration token", "registration tokens")
}

// more is how many the preview leaves out.
func (p RegistrationTokenSelectionPage) more() int { return p.Number - len(p.Preview) }
