package admin

import (
	"net/url"
	"strings"
	"time"

	"muster/models"
	"muster/seen"
	"muster/views/paths"
	"muster/views/ui"
)

// What can be done to selected registration tokens.
const (
	SelectionDisable = "disable"
	SelectionDelete  = "delete"
	SelectionExtend  = "extend"
	SelectionRaise   = "raise"
)

// RegistrationTokenSelectionForm is the form as it was sent.
type RegistrationTokenSelectionForm struct {
	IDs []string `form:"id"`
	// Action is one of the constants.
	Action string `form:"action"`
	// Each is extended by Days, unless ExpirationDate says until when.
	Days           string `form:"days"`
	ExpirationDate string `form:"expirationDate"`
	// Zone is the one that ExpirationDate is in.
	Zone string `form:"zone"`
	// By is by how many counts each is raised.
	By string `form:"by"`
	// Version is the joint version of all of them, as they were when the form was shown.
	Version string `form:"version"`
	RegistrationTokenDeleteForm
}

// Known reports whether the action is one that there is.
func (f RegistrationTokenSelectionForm) Known() bool {
	return f.Action == SelectionDisable || f.Action == SelectionDelete || f.Edits()
}

// Edits reports whether the action sets values, and asks for them.
func (f RegistrationTokenSelectionForm) Edits() bool {
	return f.Action == SelectionExtend || f.Action == SelectionRaise
}

// Done says after their number what was done to them.
func (f RegistrationTokenSelectionForm) Done() string {
	switch {
	case f.Action == SelectionRaise:
		return " raised by " + f.By
	case f.ExpirationDate != "":
		return " extended"
	default:
		return " extended by " + f.Days + " days"
	}
}

// RegistrationTokenSelectionPage asks before several registration tokens are
// changed or deleted.
type RegistrationTokenSelectionPage struct {
	Form   RegistrationTokenSelectionForm
	Errors ui.FieldErrors
	Now    time.Time
	// Number is how many would change, Left how many stay as they are; LeftOut says
	// why, for an action that sets values.
	Number, Left int
	LeftOut      string
	// LiveAuthTokens is how many live auth tokens they have in all.
	LiveAuthTokens int
	// Preview holds the first of those that would change.
	Preview []SelectedRegistrationToken
}

// SelectedRegistrationToken is one of several, and what an action that sets values
// makes of it.
type SelectedRegistrationToken struct {
	seen.RegistrationToken
	After models.RegistrationTokenChange
}

func (p RegistrationTokenSelectionPage) deletes() bool { return p.Form.Action == SelectionDelete }

func (p RegistrationTokenSelectionPage) number() string {
	return ui.Plural(p.Number, "registration token", "registration tokens")
}

// list is the list with the same selected.
func (p RegistrationTokenSelectionPage) list() string {
	ids := url.Values{"id": p.Form.IDs}
	return strings.TrimSuffix(paths.RegistrationTokens+"?"+ids.Encode(), "?")
}

// more is how many the preview leaves out.
func (p RegistrationTokenSelectionPage) more() int { return p.Number - len(p.Preview) }
