package web

import (
	"strings"
	"testing"
	"time"

	"muster/models"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	loaded, err := models.LoadZone(name)
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

func TestParseDateTime_ReadsAClockOfTheZone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, raw, first, last string }{
		{"UTC", "2026-12-31T23:59", "2026-12-31T23:59:00Z", ""},
		{"Europe/Berlin", "2026-12-31T23:59:58", "2026-12-31T22:59:58Z", ""},
		{"Europe/Berlin", "2026-12-31T23:59:58-03:00", "2027-01-01T02:59:58Z", ""},
		{"Asia/Kolkata", "2026-12-31T23:59", "2026-12-31T18:29:00Z", ""},
		{"Pacific/Auckland", "2026-12-31T23:59", "2026-12-31T10:59:00Z", ""},
		{"America/St_Johns", "2026-12-31T23:59", "2027-01-01T03:29:00Z", ""},
		// Clocks go back: 02:00 to 03:00 comes twice.
		{"Europe/Berlin", "2026-10-25T01:59", "2026-10-24T23:59:00Z", ""},
		{"Europe/Berlin", "2026-10-25T02:00", "2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z"},
		{"Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"},
		{"Europe/Berlin", "2026-10-25T03:00", "2026-10-25T02:00:00Z", ""},
		{"America/St_Johns", "2026-11-01T01:30", "2026-11-01T04:00:00Z", "2026-11-01T05:00:00Z"},
		{"Pacific/Auckland", "2026-04-05T02:30", "2026-04-04T13:30:00Z", "2026-04-04T14:30:00Z"},
		// Clocks go forward: 02:00 to 03:00 never comes.
		{"Europe/Berlin", "2026-03-29T01:59", "2026-03-29T00:59:00Z", ""},
		{"Europe/Berlin", "2026-03-29T02:00", "", ""},
		{"Europe/Berlin", "2026-03-29T02:30", "", ""},
		{"Europe/Berlin", "2026-03-29T03:00", "2026-03-29T01:00:00Z", ""},
		{"Pacific/Auckland", "2026-09-27T02:30", "", ""},
		{"UTC", "tomorrow", "", ""},
		{"UTC", "0000-01-01T00:00", "", ""},
	} {
		in := zone(t, c.zone)
		first, last, ok := ParseDateTime(c.raw, in)
		if ok != (c.first != "") {
			t.Errorf("%s in %s is read: %v", c.raw, c.zone, ok)
			continue
		}
		if !ok {
			continue
		}
		if c.last == "" {
			c.last = c.first
		}
		if first.Format(time.RFC3339) != c.first || last.Format(time.RFC3339) != c.last {
			t.Errorf("%s in %s is %v to %v, want %s to %s", c.raw, c.zone, first, last, c.first, c.last)
		}
		again, _, _ := ParseDateTime(FormatDateTime(first, in), in)
		if !again.Equal(first) {
			t.Errorf("%s in %s comes back as %v", c.raw, c.zone, again)
		}
	}
}

func TestParseDay_IsTheDayOfTheZoneHoweverLongItIs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		zone, raw, from string
		hours           float64
	}{
		{"UTC", "2026-11-23", "2026-11-23T00:00:00Z", 24},
		{"Pacific/Auckland", "2026-11-24", "2026-11-23T11:00:00Z", 24},
		{"Asia/Kolkata", "2026-11-24", "2026-11-23T18:30:00Z", 24},
		{"America/St_Johns", "2026-11-24", "2026-11-24T03:30:00Z", 24},
		{"Europe/Berlin", "2026-10-25", "2026-10-24T22:00:00Z", 25},
		{"Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z", 23},
		// Clocks go forward at midnight: the day begins at 01:00.
		{"Africa/Cairo", "2026-04-24", "2026-04-23T22:00:00Z", 23},
		// Midnight comes twice: the day begins with the first.
		{"America/Havana", "2026-11-01", "2026-11-01T04:00:00Z", 25},
	} {
		from, to, ok := ParseDay(c.raw, zone(t, c.zone))
		if !ok || from.Format(time.RFC3339) != c.from || to.Sub(from).Hours() != c.hours {
			t.Errorf("%s in %s is %v to %v, %v", c.raw, c.zone, from, to, ok)
		}
	}
	for _, raw := range []string{"", "2026-02-30", "2026-11-23T00:00"} {
		if _, _, ok := ParseDay(raw, time.UTC); ok {
			t.Errorf("%q is a day", raw)
		}
	}
}

func TestDateTimeFault_TellsWhatIsNoTimeFromWhatClocksLeaveOut(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for raw, want := range map[string]string{
		"": "Give the date and time in Europe/Berlin", "tomorrow": "Give the date and time", "2026-03-29T02:30": "Clocks in Europe/Berlin never show this time",
	} {
		if got := DateTimeFault(raw, berlin); !strings.HasPrefix(got, want) {
			t.Errorf("of %q: %s", raw, got)
		}
	}
}
