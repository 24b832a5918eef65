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

func TestInSentence_IsEnglishInUTC(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.FixedZone("", 2*60*60))
	if got := words.InSentence(at); got != "23 Nov 2026, 10:00 UTC" {
		t.Errorf("got %q", got)
	}
	german := words.In(context.Background(), "de")
	if got := words.Span(german, 48*time.Hour); got != "2 Tagen" {
		t.Errorf("a span in German: %q", got)
	}
}
