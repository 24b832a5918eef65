package admin

import (
	"slices"
	"time"

	"muster/seen"
	"muster/views/layout"
	"muster/views/ui"
)

// RegistrationTokenListPage shows registration tokens, filtered by search and
// state.
type RegistrationTokenListPage struct {
	layout.Page
	// URL is the address of the list; live updates reload from it.
	URL string
	// Query is the search text as typed (parameter q).
	Query string
	// Status and Expires are the filters of those parameters; the search form
	// keeps them.
	Status, Expires string
	// Sort is the chosen one of Sorts (parameter sort).
	Sort  string
	Sorts []ui.Option
	Tabs  []ui.Tab
	// Chips are the other filters, on and off.
	Chips []ui.Chip
	Rows  []seen.RegistrationToken
	Now   time.Time
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
	Columns       Columns
	ColumnsAction string
	Paging        ui.Paging
	Selection     Selection
}

// Columns are names of columns.
type Columns []string

func (c Columns) has(name string) bool { return slices.Contains(c, name) }

// chosen are the columns to show, in their order.
func (c Columns) chosen() []ui.Option {
	return slices.DeleteFunc(RegistrationTokenColumns(), func(o ui.Option) bool { return !c.has(o.Value) })
}

// RegistrationTokenColumns are the columns a person can choose, in their order.
func RegistrationTokenColumns() []ui.Option {
	return []ui.Option{
		{Value: "expiry", Label: "Expiry"}, {Value: "turned-away", Label: "Turned away"}, {Value: "last", Label: "Last redemption"},
		{Value: "references", Label: "References"}, {Value: "created", Label: "Created"}, {Value: "creator", Label: "Created by"},
	}
}

// UsualColumns are shown to people who have not chosen any.
func UsualColumns() Columns { return Columns{"expiry", "last", "creator"} }
