package views

import (
	"muster/views/layout"
	"muster/views/ui"
)

// InvestigatePage is one box for whatever a user reads out, and the refused
// attempt that a support code opens.
type InvestigatePage struct {
	layout.Page
	Action string
	// Error says why nothing was found; empty when nothing was asked.
	Error   string
	Attempt *AttemptDetail
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
}
