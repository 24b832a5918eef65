package models

import "slices"

// Preferences are how a person wants pages to be shown. Empty fields are not chosen.
type Preferences struct {
	// Zone is the IANA name of a time zone.
	Zone string
	// Language is that of the pages for end users, a BCP 47 tag.
	Language string
	// Theme is one of the Themes.
	Theme string
	// Rows is how many rows a page of a list has, one of the RowChoices.
	Rows int
}

// Theme names: the colours of the system, light and dark.
const (
	ThemeSystem = "system"
	ThemeLight  = "light"
	ThemeDark   = "dark"
)

// Themes are those to choose from.
var Themes = []string{ThemeSystem, ThemeLight, ThemeDark}

// RowChoices are how many rows a page of a list can have.
var RowChoices = []int{25, 50, 100}

// DefaultRows is for who chose nothing.
const DefaultRows = 50

// Faults are what is wrong with them; none where nothing is. An empty field is right.
func (p Preferences) Faults() []FieldError {
	var faults []FieldError
	if _, err := LoadZone(p.Zone); err != nil && p.Zone != "" {
		faults = append(faults, FieldError{Field: "zone", Message: "There is no such time zone."})
	}
	if p.Theme != "" && !slices.Contains(Themes, p.Theme) {
		faults = append(faults, FieldError{Field: "theme", Message: "Choose one of the colours offered."})
	}
	if p.Rows != 0 && !slices.Contains(RowChoices, p.Rows) {
		faults = append(faults, FieldError{Field: "rows", Message: "Choose one of the numbers of rows offered."})
	}
	return faults
}

// PageSize is how many rows a page of a list has.
func (p Preferences) PageSize() int {
	if slices.Contains(RowChoices, p.Rows) {
		return p.Rows
	}
	return DefaultRows
}
