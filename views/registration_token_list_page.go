package views

import (
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
	CreatedBy    string
}

// RegistrationTokenLive is what a live update carries of one registration
// token: its usage and its state, as the list and the detail page show them.
type RegistrationTokenLive struct {
	Usage  ui.Usage
	Status models.Status
}
