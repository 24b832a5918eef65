package desk

import (
	"time"

	"muster/seen"
	"muster/views/layout"
	"muster/views/telling"
	"muster/views/ui"
)

// RegistrationTokenPage is the page of one registration token.
type RegistrationTokenPage struct {
	layout.Page
	Token    *seen.RegistrationToken
	Now      time.Time
	Customer string // empty while there is only one
	// Replaces and ReplacedBy link the chain of replacements; nil when there
	// is none.
	Replaces, ReplacedBy *layout.Link
	Actions              Actions
	// Reasons explain the state, every one that holds; empty while it is
	// active.
	Reasons []telling.StatusReason
	// Findings say what became of the counts; none while there is nothing to
	// say.
	Findings []Finding
	// BurnDown is nil while there is nothing to see.
	BurnDown *BurnDown
	// URL is this page, its tab included.
	URL  string
	Tabs []ui.Tab
	// What the current tab shows: Uses, Refused, Expected with the Tester, or
	// when all are nil the Changes.
	Uses     *Uses
	Refused  *Refused
	Expected *Expected
	Tester   Tester
	Changes  []seen.AuditEvent
}

// Actions are what this person may do with it in its present state.
type Actions struct{ Edit, Enable, Disable, Replace, Delete bool }

// mayAct tells whether this person may change the registration token at all.
func (a Actions) mayAct() bool { return a.Delete }

// The tabs: parameter section of the page, and part of the ids of elements.
const (
	SectionUses     = "uses"
	SectionRefused  = "refused"
	SectionExpected = "expected"
	SectionChanges  = "changes"
)

// Section is a tab that is paged and reloads itself.
type Section struct {
	Token *seen.RegistrationToken
	Now   time.Time
	// URL reloads this section at its current page; the answer may be the whole
	// page or the section alone.
	URL    string
	Paging ui.Paging
}

// Refused is the tab "Turned away"; also a fragment of its own.
type Refused struct {
	Section
	Rows []seen.RefusedAttempt
	// Waiting are those who still have no auth token; MayRaise tells whether
	// this person may raise the count for them.
	Waiting  []seen.Waiting
	MayRaise bool
}

// Finding is one explanation of what became of the counts, and where its remedy
// is.
type Finding struct {
	telling.Finding
	// Calm means that nobody has to do anything.
	Calm bool
	// URL is where its remedy leads, DeletionURL asks about its Deletion; of no
	// meaning where there is none.
	URL, DeletionURL string
}
