package views

import (
	"slices"

	"muster/models"
	"muster/views/layout"
	"muster/views/ui"
)

// RegistrationTokenListPage shows registration tokens, narrowed by search and
// state.
type RegistrationTokenListPage struct {
	layout.Page
	// URL is this very list (search, state and page included, each encoded);
	// live updates reload from it. Empty means the address of the page.
	URL string
	// Query is the search text as typed (parameter q).
	Query string
	// Status is the state filter as in the URL (parameter status); the
	// search form carries it along.
	Status string
	// Sort is the chosen order (parameter sort) among Sorts.
	Sort  string
	Sorts []ui.Option
	Tabs  []ui.Tab
	Rows  []RegistrationTokenRow
	// Filtered tells that search or state narrow the list, for the empty
	// state.
	Filtered bool
	// ExportAction takes a POST for the whole list, as narrowed, as CSV.
	ExportAction string
	// ClearURL is the list without search and state.
	ClearURL string
	// Expires is the expiry filter as in the URL (parameter expires).
	Expires string
	// Chips are the filters beside state, on and off.
	Chips []ui.Chip
	// Columns are those to show beside label, used count and state;
	// ColumnsAction takes another choice.
	Columns       Columns
	ColumnsAction string
	// SelectionURL asks before selected rows change; empty when the actor
	// may not.
	SelectionURL string
	// NewURL leads to the form; empty when the actor may not create.
	NewURL string
	Paging ui.Paging
}

// RegistrationTokenRow is one row of the list.
type RegistrationTokenRow struct {
	ID           string
	URL          string
	Identifier   string
	Hint         string
	Customer     string // empty while there is only one
	Usage        ui.Usage
	Status       models.Status
	Expiry       ui.Moment
	LastRedeemed ui.Moment
	Created      ui.Moment
	CreatedBy    string
	RefID1       string
	RefID2       string
	// TurnedAway is how many were refused.
	TurnedAway int
}

// Columns are names of columns.
type Columns []string

func (c Columns) has(name string) bool { return slices.Contains(c, name) }

// RegistrationTokenColumns are those a person can choose, in their order.
func RegistrationTokenColumns() []ui.Option {
	return []ui.Option{
		{Value: "expiry", Label: "Expiry"}, {Value: "turned-away", Label: "Turned away"}, {Value: "last", Label: "Last redemption"},
		{Value: "references", Label: "References"}, {Value: "created", Label: "Created"}, {Value: "creator", Label: "Created by"},
	}
}

// UsualColumns are those of whoever has not chosen.
func UsualColumns() Columns { return Columns{"expiry", "last", "creator"} }
