package admin

import (
	"time"

	"muster/models"
	"muster/seen"
	"muster/views/layout"
	"muster/views/ui"
)

// RequestListPage is the queue of requests, or a list of those that are decided.
type RequestListPage struct {
	layout.Page
	// URL is the address of the list; live updates ask it for what changed.
	URL  string
	Tabs []ui.Tab
	New  ui.NewRows
	// RegistrationToken narrows the list to one; nil when it does not.
	RegistrationToken *seen.RegistrationToken
	Rows              []RequestRow
	// Open means that the list holds only what waits for a decision.
	Open      bool
	MayDecide bool
	Now       time.Time
	Sorting   ui.Sorting
	Paging    ui.Paging
}

// RequestRow is a request, and where its ticket and its registration token are.
type RequestRow struct {
	seen.Request
	Ticket, RegistrationToken layout.Link
}

// RequestForm is what somebody asks for, as it was sent.
type RequestForm struct {
	RegistrationToken string `form:"registrationToken"`
	Remedy            string `form:"remedy"`
	Finding           string `form:"finding"`
	// IDs are auth tokens that were selected one by one.
	IDs   []string `form:"id"`
	Count string   `form:"count"`
	// ExpirationDate is a datetime-local value in Zone, as in [TermsForm].
	ExpirationDate string `form:"expirationDate"`
	Zone           string `form:"zone"`
	ReturnCount    string `form:"returnCount"`
	Reason         string `form:"reason"`
	Ticket         string `form:"ticket"`
}

// NewRequestPage asks an administrator for a remedy.
type NewRequestPage struct {
	layout.Page
	Token *seen.RegistrationToken
	Now   time.Time
	// Remedy is what is asked for, with its present number.
	Remedy models.RequestedRemedy
	// Late is how many of its auth tokens are deleted already, so that only their
	// count is given back.
	Late int
	// Found says whose auth tokens it is about; empty for others.
	Found string
	Affected
	Form   RequestForm
	Errors ui.FieldErrors
	ExpiryBounds
	CancelURL string
}

// Affected are the auth tokens that a deletion acts on.
type Affected struct {
	// Acted and Kept hold the first of those that it acts on, and of those that the
	// devices of a finding hold afterwards; the numbers are how many there are.
	Acted, Kept             []seen.AuthToken
	ActedNumber, KeptNumber int
}

// RequestPage is one request: what it asks for, what that would do now, and the
// decision.
type RequestPage struct {
	layout.Page
	RequestRow
	Token *seen.RegistrationToken
	Now   time.Time
	// Standing says how far it has come.
	Standing string
	// Count is the number by now, nil where there is none or it is not known;
	// Changed means that it is another one than was asked for.
	Count   *int
	Changed bool
	// Left means that there is something left to do.
	Left bool
	// Deletion is what it would delete and give back now; nil where it does neither or
	// that is not known.
	Deletion *models.AuthTokenDeletionResult
	// Verdict says what became of the counts, and Waiting how many people were turned
	// away and have nothing yet: what a decision goes by.
	Verdict string
	Waiting int
	// Successor is what an approved replacement made; nil for others.
	Successor *layout.Link
	// Effect says what approving it would do now.
	Effect string
	Affected
	MayDecide, MayWithdraw bool
	// Building means that the present numbers are not known yet.
	Building bool
	Answer   RequestAnswer
	Errors   ui.FieldErrors
}

// RequestAnswer is a decision as it was sent.
type RequestAnswer struct {
	// Shown is the number that the page showed and that was asked for; empty when the
	// page said that it has changed. Count is the number to approve.
	Shown string `form:"shown"`
	// Before is the count of the registration token that the page showed.
	Before string `form:"before"`
	Count  string `form:"count"`
	Reason string `form:"reason"`
	// Nonce makes the form of a replacement good for one successor.
	Nonce string `form:"nonce"`
}

// declineReason is the field for why a request is declined.
func declineReason(p RequestPage) ui.Input {
	in := ui.Input{Name: "reason", Label: "Why not", Value: p.Answer.Reason, Error: p.Errors["reason"], MaxLength: models.MaxReasonLength, Rows: 3}
	if in.Error == "" {
		in.Hint = "Whoever asked reads it."
	}
	return in
}
