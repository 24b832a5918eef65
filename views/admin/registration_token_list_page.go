package admin

import (
	"slices"
	"time"

	"muster/seen"
	"muster/views/layout"
	"muster/views/ui"
)

// RegistrationTokenListPage shows registration tokens, narrowed by search and
// state.
type RegistrationTokenListPage struct {
	layout.Page
	// URL is this very list (search, state and page included, each encoded);
	// live updates reload from it.
	URL string
	// Query is the search text as typed (parameter q).
	Query string
	// Status is the state filter as in the URL (parameter status), Expires that
	// of the expiry; the search form carries them along.
	Status, Expires string
	// Sort is the chosen order (parameter sort) among Sorts.
	Sort  string
	Sorts []ui.Option
	Tabs  []ui.Tab
	// Chips are the filters beside state, on and off.
	Chips []ui.Chip
	Rows  []seen.RegistrationToken
	Now   time.Time
	// NamesCustomers tells that there are several.
	NamesCustomers bool
	// Filtered tells that search or state narrow the list, for the empty
	// state.
	Filtered bool
	// MayWrite tells that new ones can be made and selected ones changed.
	MayWrite bool
	// ExportAction takes a POST for the whole list, as narrowed, as CSV.
	ExportAction string
	// Columns are those to show beside label, used count and state;
	// ColumnsAction takes another choice.
	Columns       Columns
	ColumnsAction string
	Paging        ui.Paging
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
