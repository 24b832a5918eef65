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
	// and REST have that one.
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
	// NoCount hides the count where it was not computed.
	NoCount bool
}

// Paging leads through a list by key.
type Paging struct {
	// FirstURL is set on every page but the first.
	FirstURL string
	// NextURL is empty on the last page.
	NextURL string
	// Summary is like "50 rows on this page"; may be empty.
	Summary string
}

// Chip is a filter that a click turns on or off.
type Chip struct {
	Label string
	On    bool
	// URL is the list with the filter the other way.
	URL string
}
