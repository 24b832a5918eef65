package words_test

import (
	"context"
	"testing"
	"time"

	"muster/views/words"
)

func TestRelativeTime_RoundsToTheNearestUnit(t *testing.T) {
	t.Parallel()
	const (
		day  = 24 * time.Hour
		year = 365 * day
	)
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		ahead time.Duration
		want  string
	}{
		{0, "just now"},
		{time.Second, "in a moment"},
		{-44 * time.Second, "just now"},
		{-45 * time.Second, "1 min ago"},
		{-2 * time.Minute, "2 min ago"},
		{89 * time.Second, "in 1 min"},
		{59*time.Minute + 29*time.Second, "in 59 min"},
		{59*time.Minute + 31*time.Second, "in 1 hour"},
		{-23 * time.Hour, "23 hours ago"},
		{23*time.Hour + 31*time.Minute, "in 1 day"},
		{3 * day, "in 3 days"},
		{30*day - time.Second, "in 30 days"},
		{-59 * day, "59 days ago"},
		{60 * day, "in 2 months"},
		{366 * day, "in 12 months"},
		{-3 * year, "3 years ago"},
	} {
		if got := words.RelativeTime(t.Context(), now.Add(c.ahead), now); got != c.want {
			t.Errorf("%v: %q, want %q", c.ahead, got, c.want)
		}
	}
}

func TestInSentence_IsInTheZoneOfNowAndNamesIt(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	for zone, want := range map[string]string{
		"UTC": "23 Nov 2026, 10:00 UTC", "Europe/Berlin": "23 Nov 2026, 11:00 CET", "Asia/Kolkata": "23 Nov 2026, 15:30 IST",
		"Pacific/Auckland": "23 Nov 2026, 23:00 NZDT", "America/St_Johns": "23 Nov 2026, 06:30 NST",
		// This one has no abbreviation.
		"America/Sao_Paulo": "23 Nov 2026, 07:00 UTC-03:00",
	} {
		if got := words.InSentence(at, time.Time{}.In(location(t, zone))); got != want {
			t.Errorf("%s: %q, want %q", zone, got, want)
		}
	}
	berlin := time.Time{}.In(location(t, "Europe/Berlin"))
	for utc, want := range map[string]string{
		"2026-10-25T00:30:00Z": "25 Oct 2026, 02:30 CEST", "2026-10-25T01:30:00Z": "25 Oct 2026, 02:30 CET",
		"2026-03-29T00:59:00Z": "29 Mar 2026, 01:59 CET", "2026-03-29T01:00:00Z": "29 Mar 2026, 03:00 CEST",
	} {
		at, err := time.Parse(time.RFC3339, utc)
		if got := words.InSentence(at, berlin); err != nil || got != want {
			t.Errorf("%s: %q, want %q, %v", utc, got, want, err)
		}
	}
	if got := words.Date(words.In(t.Context(), "de"), at, berlin); got != "23.11.2026, 11:00 MEZ" && got != "23.11.2026, 11:00 CET" {
		t.Errorf("in German: %q", got)
	}
	german := words.In(context.Background(), "de")
	if got := words.Span(german, 48*time.Hour); got != "2 Tagen" {
		t.Errorf("a span in German: %q", got)
	}
}

func TestRezoned_WritesTheTimesOfAMessageAnew(t *testing.T) {
	t.Parallel()
	berlin := time.Time{}.In(location(t, "Europe/Berlin"))
	for message, want := range map[string]string{
		"It expired on 24 Oct 2026, 23:30 UTC, 3 of 5 unused.": "It expired on 25 Oct 2026, 01:30 CEST, 3 of 5 unused.",
		"From 1 Jan 2026, 23:30 UTC to 2 Jan 2026, 00:00 UTC":  "From 2 Jan 2026, 00:30 CET to 2 Jan 2026, 01:00 CET",
		"No time: 99 Foo 2026, 10:00 UTC.":                     "No time: 99 Foo 2026, 10:00 UTC.",
		"":                                                     "",
	} {
		if got := words.Rezoned(message, berlin); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func location(t *testing.T, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}
