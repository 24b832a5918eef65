package desk

import (
	"cmp"
	"maps"
	"net/url"
	"time"

	"muster/models"
	"muster/seen"
	"muster/views/layout"
	"muster/views/paths"
	"muster/views/telling"
)

// InvestigatePage is one box for whatever a user reads out, and the refused
// attempt that a support code opens.
type InvestigatePage struct {
	layout.Page
	Now time.Time
	// Query is what was searched for, to change it; empty for a secret, and for who
	// may not see all of it. Typed is what they see of it, and ReadAs what it was
	// recognised as; both are empty when nothing was.
	Query, Typed, ReadAs string
	// Others is how many further e-mail addresses stood beside the one that was
	// searched for.
	Others int
	// Error says why nothing was found; empty when nothing was asked.
	Error string
	// Likely is what a mistyped secret most likely belongs to; may be nil.
	Likely  *Likely
	Attempt *telling.Attempt
	// Ask asks for what would let the attempt in. Requests and Notes are about it.
	Ask      Ask
	Requests Requests
	Notes    Notes
	// Results are the hits of a search, when there are several; a single hit is
	// opened.
	Results *Results
	// Desk is what waits; nil when something was asked.
	Desk *Desk
}

// Likely is a registration token or an auth token.
type Likely struct {
	RegistrationToken *seen.RegistrationToken
	AuthToken         *seen.AuthToken
}

// ResultKind is a kind of hit, as result addresses name it.
type ResultKind string

// The kinds of hits.
const (
	ResultRegistrationTokens ResultKind = "registrationTokens"
	ResultAuthTokens         ResultKind = "authTokens"
	ResultRefused            ResultKind = "refused"
	ResultNotes              ResultKind = "notes"
)

// ResultKinds lists all of them.
var ResultKinds = []ResultKind{ResultRegistrationTokens, ResultAuthTokens, ResultRefused, ResultNotes}

// Results are what a search found, by kind.
type Results struct {
	seen.Found
	// All is the only kind that is shown, then all of it; empty for every kind.
	All ResultKind
	// Address is that of the results, without All; Most is how many are all.
	Address url.Values
	Most    int
	// Labels are the labels of registration tokens, by id.
	Labels map[string]string
	// Noted are the notes, and where their tickets are.
	Noted []Note
}

// shows reports whether a kind has a section.
func (r *Results) shows(kind ResultKind, total models.Total) bool {
	return (r.All == "" || r.All == kind) && (total.Number > 0 || total.TooMany)
}

// allOf is the address that shows all of a kind.
func (r *Results) allOf(kind ResultKind) string {
	values := maps.Clone(r.Address)
	values.Set(paths.ParamAll, string(kind))
	return paths.Results(values)
}

// NotedPage is the page of what a note is about.
func NotedPage(n *seen.Note) string { return ObjectPage(n.ObjectKind, n.ObjectID) }

// ObjectPage is the page of what has a kind and an id or, for a refused attempt, a
// support code.
func ObjectPage(kind, id string) string {
	switch kind {
	case models.ObjectAuthToken:
		return paths.AuthToken(id)
	case models.ObjectRefusedAttempt:
		return paths.Attempt(id)
	default:
		return paths.RegistrationToken(id)
	}
}

// noteTitle is the text of a note, or the reference that is all of it.
func noteTitle(n *seen.Note) string { return cmp.Or(n.Text, n.Ticket) }

// noteAbout names the kind of what a note is about.
func noteAbout(n *seen.Note) string {
	switch n.ObjectKind {
	case models.ObjectAuthToken:
		return "an auth token"
	case models.ObjectRefusedAttempt:
		return "a refused attempt"
	default:
		return "a registration token"
	}
}

// InvestigateForm is what was pasted. It may be a secret, so it is never
// shown again.
type InvestigateForm struct {
	Query string `form:"query"`
}
