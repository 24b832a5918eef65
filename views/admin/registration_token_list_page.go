package admin

import (
	"time"

	"muster/seen"
	"muster/views/layout"
	"muster/views/ui"
)

// RegistrationTokenListPage shows registration tokens, filtered by search and
// state.
type RegistrationTokenListPage struct {
	layout.Page
	// URL is the address of the list; live updates ask it for what changed.
	URL string
	// New are rows that came since.
	New ui.NewRows
	// Query is the search text as typed (parameter q).
	Query string
	// Status is the filter of that parameter; the search form keeps it.
	Status  string
	Sorting ui.Sorting
	Tabs    []ui.Tab
	// Chips are the other filters, on and off.
	Chips []ui.Chip
	// Criterion adds one.
	Criterion ui.CriterionForm
	Rows      []seen.RegistrationToken
	Now       time.Time
	// NamesCustomers is set when there are several.
	NamesCustomers bool
	// Filtered is set when search or filters leave something out.
	Filtered bool
	// MayWrite allows creating and changing registration tokens.
	MayWrite bool
	// ExportAction is where a POST exports the whole filtered list as CSV.
	ExportAction string
	// Columns are shown beside label, used count and state; a POST to
	// ColumnsAction changes them.
	Columns       ui.Columns
	ColumnsAction string
	Paging        ui.Paging
	Selection     Selection
}

// RegistrationTokenColumns are the columns a person can choose, in their order.
func RegistrationTokenColumns() []ui.Option {
	return []ui.Option{
		{Value: "expiry", Label: "Expiry"}, {Value: "count", Label: "Count"}, {Value: "turned-away", Label: "Turned away"}, {Value: "last", Label: "Last redemption"},
		{Value: "references", Label: "References"}, {Value: "created", Label: "Created"}, {Value: "creator", Label: "Created by"},
	}
}

// UsualColumns are shown to people who have not chosen any.
func UsualColumns() ui.Columns { return ui.Columns{"expiry", "last", "creator"} }
