package views

import (
	"muster/models"
	"muster/views/layout"
	"muster/views/ui"
)

// RegistrationTokenDetailPage tells everything about one registration token.
type RegistrationTokenDetailPage struct {
	layout.Page
	ID         string
	Identifier string
	Hint       string
	Customer   string // empty while there is only one
	Usage      ui.Usage
	Status     models.Status
	// Reasons explain the state, one sentence each, all that hold; empty
	// for an active one.
	Reasons []RegistrationTokenReason
	Expiry  ui.Moment
	// Expired tells whether Expiry has passed.
	Expired      bool
	LastRedeemed ui.Moment
	CreatedBy    string
	Created      ui.Moment
	Updated      ui.Moment
	RefID1       string
	RefID2       string
	Note         string
	// Replaces and ReplacedBy link the chain of replacements; nil when
	// there is none.
	Replaces   *layout.Link
	ReplacedBy *layout.Link

	// The actions; an empty URL hides one. DisableURL and EnableURL take a
	// POST, the others lead to a page.
	EditURL    string
	DisableURL string
	EnableURL  string
	ReplaceURL string
	DeleteURL  string
	// AuthTokensURL lists its auth tokens; may be empty.
	AuthTokensURL string

	// Verdict says what became of the counts; empty while there is nothing to
	// say.
	Verdict []VerdictRow
	// VerdictNote says what it was judged by, when that is not all; may be
	// empty.
	VerdictNote string
	// BurnDown is nil while there is nothing to see.
	BurnDown *BurnDown
	// URL is this very page, the tab included.
	URL  string
	Tabs []ui.Tab
	// What the current tab shows: Uses, Refused, Expected with Try, or when
	// all are nil the Changes.
	Uses     *RegistrationTokenUsesSection
	Refused  *RegistrationTokenRefusedSection
	Expected *RegistrationTokenExpectedSection
	Try      AdmissionTry
	Changes  []ChangeRow
}

// RegistrationTokenReason is one state that holds, explained.
type RegistrationTokenReason struct {
	Status models.Status
	Text   string
}

// RegistrationTokenUsesSection is "who used it"; also a fragment of its own.
type RegistrationTokenUsesSection struct {
	RegistrationTokenID string
	// URL reloads this section (a page of it included); it may answer the
	// whole page or the section alone.
	URL   string
	Total int
	// GroupBy are the ways to look at them; Chips what narrows them, Narrowed
	// that something does, ClearURL all again.
	GroupBy  []ui.Tab
	Chips    []ui.Chip
	Narrowed bool
	ClearURL string
	// SelectURL is the list where their auth tokens can be deleted; may be
	// empty.
	SelectURL string
	// By is what the Groups share; without it there are Rows.
	By     models.Facet
	Groups []UseGroupRow
	Rows   []UseRow
	Paging ui.Paging
}

// UseGroupRow is the uses that have one thing in common.
type UseGroupRow struct {
	// Unknown tells that none has it. Person is set in groups by person,
	// Value in the others.
	Unknown bool
	Person  ui.Person
	Value   string
	// Uses is how many there are, Surplus how many counts more than one for
	// each device.
	Uses, Surplus                   int
	Live, Ended, Deleted, Reclaimed int
	People, Devices                 int
	First, Last                     ui.Moment
	// URL lists them; SurplusURL is where the surplus can be deleted, may be
	// empty.
	URL, SurplusURL string
}

// UseRow is one redemption with what became of its auth token.
type UseRow struct {
	AuthTokenID string
	// URL opens the auth token; empty when the actor may not.
	URL       string
	UseNumber int // 0 where it is not told
	Person    ui.Person
	Host      string
	MAC       string
	IP        string
	When      ui.Moment
	LastSeen  ui.Moment
	State     models.AuthTokenState
	Reclaimed bool
	// Unexpected tells that there is a list of the expected, and it is not on
	// it.
	Unexpected bool
}

// RegistrationTokenRefusedSection is "turned away"; also a fragment of its
// own.
type RegistrationTokenRefusedSection struct {
	RegistrationTokenID string
	URL                 string
	// Total counts all refused attempts, stored or not.
	Total  int
	Rows   []RefusedRow
	Paging ui.Paging
	// Waiting are those of them who have nothing yet; RaiseURL takes a POST
	// that lets them in, empty when the actor may not.
	Waiting  []WaitingRow
	RaiseURL string
}

// RefusedRow is one refused attempt.
type RefusedRow struct {
	When   ui.Moment
	Person ui.Person
	Host   string
	IP     string
	// Reason in words: "Count used up".
	Reason      string
	SupportCode string
	// URL opens the attempt.
	URL string
}

// ChangeRow is one event of the audit trail.
type ChangeRow struct {
	When ui.Moment
	Who  string
	// What in words: "Raised the count".
	What        string
	Differences []Difference
}

// Difference is one changed field.
type Difference struct {
	Field string
	From  string
	To    string
}
