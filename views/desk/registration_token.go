package desk

import (
	"time"

	"muster/seen"
	"muster/views/layout"
	"muster/views/telling"
	"muster/views/ui"
)

// RegistrationTokenPage tells everything about one registration token.
type RegistrationTokenPage struct {
	layout.Page
	Token    *seen.RegistrationToken
	Now      time.Time
	Customer string // empty while there is only one
	// Replaces and ReplacedBy link the chain of replacements; nil when there
	// is none.
	Replaces, ReplacedBy *layout.Link
	Actions              Actions
	// Reasons explain the state, all that hold; none for an active one.
	Reasons []telling.StatusReason
	// Findings say what became of the counts; none while there is nothing to
	// say.
	Findings []Finding
	// BurnDown is nil while there is nothing to see.
	BurnDown *BurnDown
	// URL is this very page, the tab included.
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

// Actions are what this person may do with it as it stands.
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

// Section is a tab that is paged and reloads by itself.
type Section struct {
	Token *seen.RegistrationToken
	Now   time.Time
	// URL reloads this section (a page of it included); it may answer the
	// whole page or the section alone.
	URL    string
	Paging ui.Paging
}

// Refused is "turned away"; also a fragment of its own.
type Refused struct {
	Section
	Rows []seen.RefusedAttempt
	// Waiting are those of them who have nothing yet; MayRaise tells that this
	// person may let them in.
	Waiting  []seen.Waiting
	MayRaise bool
}

// Finding is one thing that became of the counts, and where to mend it.
type Finding struct {
	telling.Finding
	// Calm tells that nobody has to do anything.
	Calm bool
	// URL is where its remedy leads; empty where there is none.
	URL string
}
