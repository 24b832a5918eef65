package desk

import (
	"time"

	"muster/seen"
	"muster/views/layout"
	"muster/views/telling"
)

// InvestigatePage is one box for whatever a user reads out, and the refused
// attempt that a support code opens.
type InvestigatePage struct {
	layout.Page
	Now time.Time
	// Query is what was searched for; never a secret.
	Query string
	// Error says why nothing was found; empty when nothing was asked.
	Error   string
	Attempt *telling.Attempt
	// Ask asks for what would let the attempt in. Requests and Notes are about it.
	Ask      Ask
	Requests Requests
	Notes    Notes
	// Results are the hits of a search, when there are several; a single hit is
	// opened.
	Results *Results
}

// Results are what a search found, by kind.
type Results struct {
	seen.Found
	// Kind says what the text was recognised as; Most is how many of each kind
	// are shown.
	Kind string
	Most int
	// Labels are the labels of registration tokens, by id.
	Labels map[string]string
}

// InvestigateForm is what was pasted. It may be a secret, so it is never
// shown again.
type InvestigateForm struct {
	Query string `form:"query"`
}
