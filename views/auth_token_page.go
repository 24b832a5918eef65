package views

import (
	"muster/models"
	"muster/views/layout"
	"muster/views/ui"
)

// AuthTokenListPage shows auth tokens across all registration tokens.
type AuthTokenListPage struct {
	layout.Page
	// URL is this very list, each value encoded; live updates reload from
	// it. Empty means the address of the page.
	URL   string
	Query string // parameter q
	State string // parameter state, carried along by the search form
	Tabs  []ui.Tab
	// RegistrationToken narrows the list to one; nil when it does not.
	// Label is its identifier, URL its page.
	RegistrationToken   *layout.Link
	RegistrationTokenID string // parameter registrationToken
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
	Rows      []AuthTokenRow
	Filtered  bool
	// ExportAction takes a POST for the whole list, as narrowed, as CSV.
	ExportAction string
	ClearURL     string
	// DeleteAction takes the selected ids (field "id", repeated) by GET and
	// shows the confirmation; empty when the actor may not delete.
	DeleteAction string
	// Match selects all of the list (field "match" of DeleteAction); empty
	// where they cannot be deleted at once.
	Match  string
	Paging ui.Paging
}

// AuthTokenRow is one row of the list.
type AuthTokenRow struct {
	ID                string
	URL               string
	Person            ui.Person
	Host              string
	MAC               string
	IP                string
	Identifier        string
	RegistrationToken layout.Link
	Created           ui.Moment
	LastSeen          ui.Moment
	State             models.AuthTokenState
}

// AuthTokenDeletePage asks before auth tokens are deleted.
type AuthTokenDeletePage struct {
	layout.Page
	// Number is how many would newly be deleted, also posted as "expected".
	Number         int
	People         int
	Devices        int
	AlreadyDeleted int
	// LastAccess is when the last of their access tokens runs out at the
	// latest; zero when all have.
	LastAccess ui.Moment
	// Names previews who is affected, the first fifteen; More counts the
	// others.
	Names []AuthTokenName
	More  int
	// RegistrationTokenDeleted and such never forbid a reclaim; NoReclaim
	// hides the choice where a count cannot be given back.
	NoReclaim bool
	// TooMany tells that so many cannot be deleted at once.
	TooMany bool
	// OneStays tells that each device keeps the auth token it used last.
	OneStays  bool
	Form      AuthTokenDeleteForm
	Errors    ui.FieldErrors
	Action    string
	CancelURL string
}

// AuthTokenName is one auth token of a preview.
type AuthTokenName struct {
	Person ui.Person
	Host   string
}

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
