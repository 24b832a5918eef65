package views

import (
	"muster/views/layout"
	"muster/views/ui"
)

// RegistrationTokenSelectionForm is what was chosen and typed, raw.
type RegistrationTokenSelectionForm struct {
	IDs []string `form:"id"`
	// Action is disable or delete.
	Action string `form:"action"`
	// Choice says what becomes of the live auth tokens: keep or delete.
	Choice   string `form:"authTokens"`
	Reason   string `form:"reason"`
	Expected string `form:"expected"`
}

// RegistrationTokenSelectionPage asks before several registration tokens are
// disabled or deleted.
type RegistrationTokenSelectionPage struct {
	layout.Page
	IDs    []string
	Form   RegistrationTokenSelectionForm
	Errors ui.FieldErrors
	// Number is how many would change, Left how many stay as they are, More
	// how many Names leaves out.
	Number, Left, More int
	// LiveAuthTokens is how many live auth tokens they have in all.
	LiveAuthTokens int
	Names          []RegistrationTokenName
	Action         string
	CancelURL      string
}

// RegistrationTokenName is one of the affected.
type RegistrationTokenName struct {
	Identifier string
	Usage      ui.Usage
}

func (p RegistrationTokenSelectionPage) deletes() bool { return p.Form.Action == "delete" }

func (p RegistrationTokenSelectionPage) number() string {
	return ui.Plural(p.Number, "registration token", "registration tokens")
}
