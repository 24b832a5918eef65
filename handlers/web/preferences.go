package web

import (
	"time"

	"github.com/labstack/echo/v4"

	"muster/models"
)

// Preferences are what the caller chose; the zero value when they chose nothing or
// nobody is signed in.
func Preferences(c echo.Context) models.Preferences {
	if session := SessionOf(c); session != nil {
		return session.Preferences
	}
	return models.Preferences{}
}

// PageSize is how many rows a page of a list has for the caller.
func PageSize(c echo.Context) int { return Preferences(c).PageSize() }

// Zone is the caller's time zone: the one they chose, else the one their browser
// is in, else UTC.
func Zone(c echo.Context) *time.Location {
	zone, _ := zoneOf(c)
	return zone
}

// ZoneKnown reports whether the caller's time zone is known, so that UTC is not
// only for want of it.
func ZoneKnown(c echo.Context) bool {
	_, known := zoneOf(c)
	return known
}

func zoneOf(c echo.Context) (zone *time.Location, known bool) {
	name := Preferences(c).Zone
	if name == "" {
		name = CookieText(c, ZoneCookie)
	}
	zone, err := models.LoadZone(name)
	if err != nil {
		return time.UTC, false
	}
	return zone, true
}

// ViewersClock is a clock that shows each caller the time in their own zone: what is
// written as seen from that time is in the zone as well.
func ViewersClock(now func() time.Time) func(c echo.Context) time.Time {
	return func(c echo.Context) time.Time { return now().In(Zone(c)) }
}
