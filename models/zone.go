package models

import (
	_ "embed"
	"errors"
	"path"
	"strings"
	"sync"
	"time"
)

// zones has a name for each time zone of each country (zone.tab of the IANA
// database, which is in the public domain), after UTC.
//
//go:embed zones.txt
var zones string

// Zones are the names of time zones to choose from, UTC first. [LoadZone] knows more:
// older names of the same, which browsers report.
func Zones() []string { return strings.Fields(zones) }

// maxZoneLength is longer than any name of a time zone.
const maxZoneLength = 64

var errNoZone = errors.New("models: not the name of a time zone")

// loadedZones are those that were found; there are only so many.
var loadedZones sync.Map

// LoadZone finds a time zone by its IANA name. The local zone of the server is
// none, since it means another on each machine.
func LoadZone(name string) (*time.Location, error) {
	if loaded, ok := loadedZones.Load(name); ok {
		return loaded.(*time.Location), nil
	}
	if name == "" || name == "Local" || len(name) > maxZoneLength || path.Clean(name) != name || strings.ContainsFunc(name, outsideZoneName) {
		return nil, errNoZone
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, err
	}
	loadedZones.Store(name, zone)
	return zone, nil
}

func outsideZoneName(r rune) bool {
	letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
	return !letter && (r < '0' || r > '9') && !strings.ContainsRune("/_+-", r)
}
