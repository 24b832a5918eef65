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
func At(what string, at time.Time) string { return what + ", " + words.InSentence(at) }

// Uses names the uses in a period.
func Uses(from, to time.Time) string { return "Uses of " + Period(from, to) }

// BurstUses names the uses in a burst that a finding reports.
func BurstUses(f *seen.Finding, from, to time.Time) string {
	return plural(f.Counts, "use") + " in a burst: " + Period(from, to)
}

// CountsLeft is the whole chart in words.
func CountsLeft(from, to time.Time, left, count int) string {
	return "Counts left over time, from " + words.InSentence(from) + " to " + words.InSentence(to) + ". " +
		ui.Number(left) + " of " + ui.Number(count) + " " + agree(left, "is", "are") + " left."
}

// Period is a period in words; either end may be zero.
func Period(from, to time.Time) string {
	const day, clock = "2 Jan 2006, ", "15:04:05"
	from, to = from.UTC(), to.UTC()
	switch {
	case to.IsZero():
		return "Since " + words.InSentence(from)
	case from.IsZero():
		return "Before " + words.InSentence(to)
	case from.Format(day) == to.Format(day):
		return from.Format(day+clock) + " to " + to.Format(clock+" MST")
	}
	return from.Format(day+"15:04") + " to " + words.InSentence(to)
}
