package views

import (
	"muster/models"
	"muster/views/layout"
	"muster/views/ui"
)

// InvestigatePage is one box for whatever a user reads out, and the refused
// attempt that a support code opens.
type InvestigatePage struct {
	layout.Page
	Action string
	// Query is what was searched for; never a secret.
	Query string
	// Error says why nothing was found; empty when nothing was asked.
	Error   string
	Attempt *AttemptDetail
	// Results are several things that were found; one alone is opened.
	Results *InvestigateResults
}

// InvestigateResults are what a search found, by kind.
type InvestigateResults struct {
	// Kind says what the text was taken for; Most is how many of a kind are
	// shown.
	Kind               string
	Most               int
	RegistrationTokens []FoundRegistrationToken
	AuthTokens         []AuthTokenRow
	Refused            []RefusedRow
}

// FoundRegistrationToken is a registration token that a search found.
type FoundRegistrationToken struct {
	Link   layout.Link
	Hint   string
	Status models.Status
	Usage  ui.Usage
	Expiry ui.Moment
}

// InvestigateForm is what was pasted. It may be a secret, so it is never
// shown again.
type InvestigateForm struct {
	Query string `form:"query"`
}

// AttemptDetail is a refused attempt in full.
type AttemptDetail struct {
	SupportCode string
	When        ui.Moment
	// Reason is the true one, Advice what to do about it.
	Reason string
	Advice string
	Person ui.Person
	Host   string
	MAC    string
	IP     string
	Agent  string
	Label  string
	RefID1 string
	RefID2 string
	// RegistrationToken is nil when the secret matched nothing; Now says how
	// it stands by now.
	RegistrationToken *layout.Link
	Usage             ui.Usage
	Now               []string
	RequestID         string
	// Answer is what to write to the user.
	Answer string
}
