package telling

import (
	"time"

	"muster/seen"
	"muster/views/ui"
	"muster/views/words"
)

// What happened to a count, apart from [CountEdited], in the chart and its table.
const (
	CountCreated   = "Created"
	CountTaken     = "Redeemed"
	CountGivenBack = "Count given back"
	CountExpires   = "Expiry"
	CountNow       = "Now"
)

// CountEdited says how an edit changed a count.
func CountEdited(from, to int) string {
	return "Count changed from " + ui.Number(from) + " to " + ui.Number(to)
}

// At adds when it happened.
func At(what string, at, now time.Time) string { return what + ", " + words.InSentence(at, now) }

// Uses names the uses in a period.
func Uses(from, to, now time.Time) string { return "Uses of " + Period(from, to, now) }

// BurstUses names the uses in a burst that a finding reports.
func BurstUses(f *seen.Finding, from, to, now time.Time) string {
	return plural(f.Counts, "use") + " in a burst: " + Period(from, to, now)
}

// CountsLeft is the whole chart in words.
func CountsLeft(from, to time.Time, left, count int, now time.Time) string {
	return "Counts left over time, from " + words.InSentence(from, now) + " to " + words.InSentence(to, now) + ". " +
		ui.Number(left) + " of " + ui.Number(count) + " " + agree(left, "is", "are") + " left."
}

// Period is a period in words; either end may be zero.
func Period(from, to, now time.Time) string {
	const day, clock = "2 Jan 2006, ", "15:04:05"
	begins := func(layout string) string { return words.Format(from, now, layout) }
	switch {
	case to.IsZero():
		return "Since " + words.InSentence(from, now)
	case from.IsZero():
		return "Before " + words.InSentence(to, now)
	case begins(day) == words.Format(to, now, day):
		return begins(day+clock) + " to " + words.Format(to, now, clock+" MST")
	}
	return begins(day+"15:04") + " to " + words.InSentence(to, now)
}
