package web

import (
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"muster/models"
	"muster/views/words"
)

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

// Rezoned is a message of a service with its times in the caller's zone.
func Rezoned(c echo.Context, message string) string {
	return words.Rezoned(message, time.Time{}.In(Zone(c)))
}

// ZoneOfForm is the zone that the times of a form were typed in: the one it named,
// since the caller may have chosen another meanwhile, else that of now.
func ZoneOfForm(name string, now time.Time) *time.Location {
	if zone, err := models.LoadZone(name); err == nil {
		return zone
	}
	return now.Location()
}

// Browsers send a date and time in these forms; seconds only if set.
const (
	dateTimeLocal        = "2006-01-02T15:04"
	dateTimeLocalSeconds = "2006-01-02T15:04:05"
)

// FormatDateTime is the value of a date and time input in a zone.
func FormatDateTime(t time.Time, zone *time.Location) string {
	if t = t.In(zone); t.Second() != 0 {
		return t.Format(dateTimeLocalSeconds)
	}
	return t.Format(dateTimeLocal)
}

// ParseDateTime reads the value of a date and time input in a zone, or a time with
// its own (RFC 3339). Where clocks go back a reading can mean two times: the first and
// the last of them are the same otherwise. Where they go forward some readings mean
// none, which is not ok, like what is no time.
func ParseDateTime(raw string, zone *time.Location) (first, last time.Time, ok bool) {
	raw = strings.TrimSpace(raw)
	if t, err := time.Parse(time.RFC3339, raw); err == nil {
		return t.UTC(), t.UTC(), inRange(t)
	}
	for _, layout := range []string{dateTimeLocal, dateTimeLocalSeconds} {
		if wall, err := time.Parse(layout, raw); err == nil && inRange(wall) {
			first, last = reading(wall, zone)
			return first, last, !first.IsZero()
		}
	}
	return first, last, false
}

// DateTimeFault says what is wrong with a text that [ParseDateTime] does not take.
func DateTimeFault(raw string, zone *time.Location) string {
	if _, _, readable := ParseDateTime(raw, time.UTC); readable {
		return "Clocks in " + zone.String() + " never show this time: when they go forward, they leave out an hour."
	}
	return "Give the date and time in " + zone.String() + ", like 2026-12-31T23:59."
}

// ParseDay reads the value of a date input: when that day begins in a zone, and when
// it is over.
func ParseDay(raw string, zone *time.Location) (from, to time.Time, ok bool) {
	day, err := time.Parse(time.DateOnly, strings.TrimSpace(raw))
	if err != nil || !inRange(day) {
		return from, to, false
	}
	return midnight(day, zone), midnight(day.AddDate(0, 0, 1), zone), true
}

// midnight is when the day begins that wall shows in UTC.
func midnight(wall time.Time, zone *time.Location) time.Time {
	if first, _ := reading(wall, zone); !first.IsZero() {
		return first
	}
	return wall.Add(-offset(wall.Add(-Day), zone)).UTC() // clocks go forward at midnight, which is that moment
}

// reading is when clocks in a zone read what wall shows in UTC: the first and the last
// time; zero when they never do.
func reading(wall time.Time, zone *time.Location) (first, last time.Time) {
	for _, around := range []time.Duration{-Day, Day} {
		t := wall.Add(-offset(wall.Add(around), zone))
		if !t.Add(offset(t, zone)).Equal(wall) {
			continue
		}
		if first.IsZero() {
			first = t
		}
		last = t
	}
	return first.UTC(), last.UTC()
}

// offset is how far a zone is ahead of UTC at t.
func offset(t time.Time, zone *time.Location) time.Duration {
	_, seconds := t.In(zone).Zone()
	return time.Duration(seconds) * time.Second
}

func inRange(t time.Time) bool { return t.Year() > 0 && t.Year() < 10_000 }
