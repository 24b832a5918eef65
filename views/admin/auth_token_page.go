package admin

import (
	"time"

	"muster/models"
	"muster/seen"
	"muster/views/layout"
	"muster/views/ui"
)

// AuthTokenListPage shows auth tokens across all registration tokens.
type AuthTokenListPage struct {
	layout.Page
	// URL is this very list, each value encoded; live updates reload from it.
	URL   string
	Query string // parameter q
	State string // parameter state, carried along by the search form
	Tabs  []ui.Tab
	// RegistrationToken narrows the list to one; nil when it does not.
	RegistrationToken *seen.RegistrationToken
	// Chips are what narrows it besides; Hidden carries that along, by name
	// (Label) and value.
	Chips  []ui.Chip
	Hidden []ui.Option
	// From and To bound when they were redeemed, for date and time inputs in
	// UTC; empty for no bound.
	From, To string
	// Days is how long the lens looks back (parameter days), DaysLabel the
	// words before it; 0 where that does not matter.
	Days      int
	DaysLabel string
	Rows      []seen.AuthToken
	// Labels are those of their registration tokens, by id.
	Labels   map[string]string
	Now      time.Time
	Filtered bool
	// ExportAction takes a POST for the whole list, as narrowed, as CSV.
	ExportAction string
	// MayDelete tells that rows can be selected and deleted.
	MayDelete bool
	// Match selects all of the list to be deleted (field match); empty where
	// they cannot be deleted at once.
	Match  string
	Paging ui.Paging
}

// AuthTokenDeletePage asks before auth tokens are deleted.
type AuthTokenDeletePage struct {
	layout.Page
	// Counted is what a deletion would do now.
	Counted models.AuthTokenDeletionResult
	// LastAccess is when the last of their access tokens runs out at the
	// latest; zero when all have.
	LastAccess time.Time
	// Preview are the first of those who are affected.
	Preview []seen.AuthToken
	Now     time.Time
	// TooMany tells that so many cannot be deleted at once.
	TooMany bool
	// OneStays tells that each device keeps the auth token it used last.
	OneStays  bool
	Form      AuthTokenDeleteForm
	Errors    ui.FieldErrors
	CancelURL string
}

// more is how many the preview leaves out.
func (p AuthTokenDeletePage) more() int { return max(0, p.Counted.Deleted-len(p.Preview)) }

// AuthTokenDeleteForm is what was typed, raw.
type AuthTokenDeleteForm struct {
	// IDs are the selected ones; Match is the query of the list that shows
	// them, when all of it is to go.
	IDs      []string `form:"id"`
	Match    string   `form:"match"`
	Expected string   `form:"expected"`
	Reason   string   `form:"reason"`
	// ReturnCount is "true" when the counts are given back.
	ReturnCount string `form:"returnCount"`
}
