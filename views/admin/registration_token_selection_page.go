package admin

import (
	"time"

	"muster/seen"
	"muster/views/layout"
	"muster/views/ui"
)

// What can be done to selected registration tokens.
const (
	SelectionDisable = "disable"
	SelectionDelete  = "delete"
)

// RegistrationTokenSelectionForm is what was chosen and typed, raw.
type RegistrationTokenSelectionForm struct {
	IDs []string `form:"id"`
	// Action is one of the above.
	Action string `form:"action"`
	RegistrationTokenDeleteForm
}

// RegistrationTokenSelectionPage asks before several registration tokens are
// disabled or deleted.
type RegistrationTokenSelectionPage struct {
	layout.Page
	Form   RegistrationTokenSelectionForm
	Errors ui.FieldErrors
	// Number is how many would change, Left how many stay as they are.
	Number, Left int
	// LiveAuthTokens is how many live auth tokens they have in all.
	LiveAuthTokens int
	// Preview are the first of those who would change.
	Preview []seen.RegistrationToken
	Now     time.Time
}

func (p RegistrationTokenSelectionPage) deletes() bool { return p.Form.Action == SelectionDelete }

func (p RegistrationTokenSelectionPage) number() string {
	return ui.Plural(p.Number, "registration token", "registration tokens")
}

// more is how many the preview leaves out.
func (p RegistrationTokenSelectionPage) more() int { return p.Number - len(p.Preview) }
