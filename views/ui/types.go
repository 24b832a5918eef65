// Package ui holds the building blocks of the pages: buttons, fields, badges,
// tables, meters, times, icons. Every input is ready to show.
package ui

import "muster/models"

// Moment is a point in time, ready to show. The zero value shows as "never".
type Moment struct {
	// Machine is RFC 3339 in UTC, for the datetime attribute.
	Machine string
	// Exact is for people, with its zone: "23 Dec 2026, 23:59:59 CET".
	Exact string
	// Hover is Exact with the same in UTC, where that is another text: logs, files
	// and REST have that one. Its day stands there once.
	Hover string
	// Relative is what is shown until the script refines it: "in 3 days".
	Relative string
}

// IsZero reports whether there is no time.
func (m Moment) IsZero() bool { return m.Machine == "" }

// Usage is a used count against its limit.
type Usage struct {
	// RegistrationTokenID makes the element id of the live fragment.
	RegistrationTokenID string
	Used                int
	Count               int
	// Status colours the meter.
	Status models.Status
}

// FieldErrors maps a form field's name to a full sentence.
type FieldErrors map[string]string

// Option is one choice of a select.
type Option struct {
	Value string
	Label string
}

// Tab is one state filter of a list.
type Tab struct {
	Label string
	Count int
	// Of is how many there can be; 0 for no such number.
	Of      int
	URL     string
	Current bool
	// More says that there are more than Count.
	More bool
	// NoCount hides the count where it was not computed.
	NoCount bool
}

// Paging leads through a list by key.
type Paging struct {
	// FirstURL is set on every page but the first.
	FirstURL string
	// NextURL is empty on the last page.
	NextURL string
	// Summary is like "1–50 of 1,234"; may be empty.
	Summary string
}

// Order is what the heading of a column does: a click on it sorts the list.
type Order struct {
	URL string
	// Direction is [Ascending] or [Descending], empty while the list is sorted otherwise.
	Direction string
}

// The directions, as aria-sort has them.
const (
	Ascending  = "ascending"
	Descending = "descending"
)

// Sorting are the orders of a list, by name; a column that has none cannot be sorted by.
type Sorting map[string]Order

// NewRows are rows that came since a list was made.
type NewRows struct {
	Number int
	More   bool // than Number
	// URL is the list that has them.
	URL string
}

// CriterionForm adds a criterion to a list: parameters field, how and value.
type CriterionForm struct {
	Action              string
	Fields, Comparisons []Option
	// Kept are the other parameters, by name (Label) and value.
	Kept []Option
}

// Chip is a filter that a click turns on or off.
type Chip struct {
	Label string
	On    bool
	// URL is the list with the filter the other way.
	URL string
}
