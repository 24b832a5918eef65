package models

import (
	"errors"
	"slices"
	"strings"
	"time"
)

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

// PageSize is how many rows a page of a list has.
func (p Preferences) PageSize() int {
	if slices.Contains(RowChoices, p.Rows) {
		return p.Rows
	}
	return DefaultRows
}

// maxZoneLength is longer than any name of a time zone.
const maxZoneLength = 64

var errNoZone = errors.New("models: not the name of a time zone")

// LoadZone finds a time zone by its IANA name. The local zone of the server is
// none, since it means another on each machine.
func LoadZone(name string) (*time.Location, error) {
	if name == "" || name == "Local" || len(name) > maxZoneLength || strings.ContainsFunc(name, outsideZoneName) {
		return nil, errNoZone
	}
	return time.LoadLocation(name)
}

func outsideZoneName(r rune) bool {
	letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
	return !letter && (r < '0' || r > '9') && !strings.ContainsRune("/_+-", r)
}
