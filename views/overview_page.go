package views

import (
	"muster/views/layout"
	"muster/views/ui"
)

// OverviewPage is where administrators and the helpdesk begin.
type OverviewPage struct {
	layout.Page
	Figures []Figure
	// Fresh tells that there is no registration token yet.
	Fresh  bool
	NewURL string // empty when the actor may not create
	// Attention are the most urgent ones; MoreURL leads to all of them, and
	// More says how many are not shown.
	Attention []AttentionRow
	More      int
	MoreURL   string
	Activity  []ActivityRow
}

// Figure is one number with what it is a number of.
type Figure struct {
	Label string
	Value int
	// Of is the limit or the whole; empty when there is none.
	Of  string
	URL string // empty when it leads nowhere
	// Spark are the numbers of the days before, oldest first; SparkLabel
	// says it in words.
	Spark      []int
	SparkLabel string
}

// AttentionRow is a sentence and one thing to do.
type AttentionRow struct {
	Identifier string
	URL        string
	// Sentence goes on after the identifier.
	Sentence string
	// Since ends the sentence with a time; may be zero.
	Since     ui.Moment
	Usage     ui.Usage
	ActionURL string
	Action    string
}

// ActivityRow is a redemption or a refused attempt.
type ActivityRow struct {
	Refused bool
	Person  ui.Person
	Host    string
	URL     string
	// RegistrationToken is where it was redeemed; a label alone for an
	// unknown secret.
	RegistrationToken layout.Link
	Reason            string // of a refusal
	When              ui.Moment
}
