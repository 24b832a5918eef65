package words

import (
	"context"
	"math"
	"regexp"
	"strings"
	"time"
)

const (
	day   = 24 * time.Hour
	month = 30 * day
	year  = 365 * day
)

// Format writes a time in the zone of now, which is that of who reads it. A zone
// without an abbreviation of its own is written by its distance: "UTC-03:00".
func Format(t, now time.Time, layout string) string {
	t = t.In(now.Location())
	if name, _ := t.Zone(); strings.HasPrefix(name, "+") || strings.HasPrefix(name, "-") {
		layout = strings.Replace(layout, "MST", "UTC-07:00", 1)
	}
	return t.Format(layout)
}

// Date shows a time inside a sentence, to the minute, with the zone of now.
func Date(ctx context.Context, t, now time.Time) string {
	return Format(t, now, Say(ctx, "time.format"))
}

// InSentence is [Date] in English: "23 Nov 2026, 10:00 CET". Administrators'
// pages and REST speak no other language.
func InSentence(t, now time.Time) string { return Date(context.Background(), t, now) }

// timeInUTC is a time as services write it into their messages.
var timeInUTC = regexp.MustCompile(`\b\d{1,2} [A-Z][a-z]{2} \d{4}, \d{2}:\d{2} UTC\b`)

// Rezoned is a message of a service with its times in the zone of now. Services write
// UTC, since REST answers the same messages.
func Rezoned(message string, now time.Time) string {
	return timeInUTC.ReplaceAllStringFunc(message, func(text string) string {
		t, err := time.Parse("2 Jan 2006, 15:04 MST", text)
		if err != nil {
			return text
		}
		return InSentence(t, now)
	})
}

// RelativeTime says how far t lies from now, rounded to the nearest unit:
// "in 3 days", "2 min ago". The script keeps it fresh.
func RelativeTime(ctx context.Context, t, now time.Time) string {
	distance := t.Sub(now).Abs()
	future := t.After(now)
	switch {
	case distance < 45*time.Second && future:
		return Say(ctx, "time.in_a_moment")
	case distance < 45*time.Second:
		return Say(ctx, "time.just_now")
	case future:
		return Say(ctx, "time.in", Data{"Span": Span(ctx, distance)})
	default:
		return Say(ctx, "time.ago", Data{"Span": Span(ctx, distance)})
	}
}

// Span is a length of time in the largest unit that is exact enough, at least a
// minute.
func Span(ctx context.Context, d time.Duration) string {
	in := func(unit time.Duration) int { return int(math.Round(float64(d) / float64(unit))) }
	minutes := max(1, in(time.Minute))
	switch {
	case minutes < 60:
		return Count(ctx, "time.minutes", minutes)
	case in(time.Hour) < 24:
		return Count(ctx, "time.hours", in(time.Hour))
	case in(day) < 60:
		return Count(ctx, "time.days", in(day))
	case in(month) < 24:
		return Count(ctx, "time.months", in(month))
	default:
		return Count(ctx, "time.years", in(year))
	}
}
