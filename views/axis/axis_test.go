package axis_test

import (
	"math"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // zones on machines without them

	"muster/views/axis"
)

func at(t *testing.T, zone, text string) time.Time {
	t.Helper()
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := time.ParseInLocation("2006-01-02 15:04:05", text, loc)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func TestTicks_AreRoundInTheZoneOfTheViewer(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		zone, from, to, want string
	}{
		"ten seconds":                {"UTC", "2026-11-23 10:00:03", "2026-11-23 10:00:13", "10:00:04/23 Nov 2026 10:00:06 10:00:08 10:00:10 10:00:12"},
		"an hour":                    {"UTC", "2026-11-23 10:07:00", "2026-11-23 11:03:00", "10:10/23 Nov 2026 10:20 10:30 10:40 10:50 11:00"},
		"over midnight":              {"UTC", "2026-11-23 20:01:00", "2026-11-24 02:30:00", "22:00/23 Nov 2026 00:00/24 Nov 2026 02:00"},
		"a zone at half an hour":     {"Asia/Kolkata", "2026-11-23 09:50:00", "2026-11-23 15:10:00", "10:00/23 Nov 2026 11:00 12:00 13:00 14:00 15:00"},
		"a clock put forward":        {"Europe/Berlin", "2026-03-29 00:10:00", "2026-03-29 06:10:00", "01:00/29 Mar 2026 03:00 04:00 05:00 06:00"},
		"a clock put back":           {"Europe/Berlin", "2026-10-25 00:10:00", "2026-10-25 05:00:00", "01:00/25 Oct 2026 02:00 03:00 04:00 05:00"},
		"days over a clock put back": {"Europe/Berlin", "2026-10-23 09:00:00", "2026-10-27 09:00:00", "24 Oct/2026 25 Oct 26 Oct 27 Oct"},
		"a month, on Mondays":        {"UTC", "2026-11-20 08:00:00", "2026-12-20 08:00:00", "23 Nov/2026 30 Nov 7 Dec 14 Dec"},
		"a year":                     {"UTC", "2026-03-11 00:00:00", "2027-03-10 00:00:00", "Apr/2026 Jul Oct Jan/2027"},
		"twenty years":               {"UTC", "2026-03-11 00:00:00", "2046-03-10 00:00:00", "2030 2035 2040 2045"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			from, to := at(t, c.zone, c.from), at(t, c.zone, c.to)
			var got []string
			place := -1.0
			for _, tick := range axis.New(from.UTC(), to.UTC()).Ticks(from.Location(), 6) {
				text := tick.Label
				if tick.Under != "" {
					text += "/" + tick.Under
				}
				got = append(got, text)
				if tick.Place <= place || tick.Place > 1 {
					t.Errorf("%s stands at %g after %g", text, tick.Place, place)
				}
				place = tick.Place
			}
			if told := strings.Join(got, " "); told != c.want {
				t.Errorf("the ticks are\n%s, want\n%s", told, c.want)
			}
		})
	}
}

func TestScale_KeepsTheOrderOverItsBreaks(t *testing.T) {
	t.Parallel()
	from := at(t, "UTC", "2026-11-23 10:00:00")
	s := axis.New(from, from.Add(10*time.Second), from.Add(time.Hour), from.Add(365*24*time.Hour))
	if n := len(s.Breaks()); n != 2 {
		t.Fatalf("%d breaks", n)
	}
	place := -1.0
	for _, after := range []time.Duration{0, 5 * time.Second, 10 * time.Second, time.Minute, time.Hour, 24 * time.Hour, 365 * 24 * time.Hour} {
		if at := s.At(from.Add(after)); at <= place || at > 1 {
			t.Errorf("%s stands at %g after %g", after, at, place)
		} else {
			place = at
		}
	}
	if got := s.At(from.Add(5 * time.Second)); math.Abs(got-0.35) > 0.01 {
		t.Errorf("the middle of what is in proportion stands at %g", got)
	}
	if s.At(from.Add(-time.Hour)) != s.At(from) || s.At(from.Add(1e6*time.Hour)) != s.At(from.Add(365*24*time.Hour)) {
		t.Error("what lies outside does not stand at the nearer end")
	}
}
