package telling

import (
	"time"

	"muster/seen"
	"muster/views/ui"
	"muster/views/words"
)

// What happened to a count, beside [CountEdited], in the drawing and in the
// table behind it.
const (
	CountCreated   = "Created"
	CountTaken     = "Redeemed"
	CountGivenBack = "Count given back"
	CountExpires   = "Expiry"
)

// CountEdited says what an edit made of a count.
func CountEdited(from, to int) string {
	return "Count changed from " + ui.Number(from) + " to " + ui.Number(to)
}

// At adds when it happened.
func At(what string, at time.Time) string { return what + ", " + words.InSentence(at) }

// Uses names the uses of a stretch of time.
func Uses(from, to time.Time) string { return "Uses of " + Stretch(from, to) }

// BurstUses names the uses that a finding says came at once.
func BurstUses(f *seen.Finding, from, to time.Time) string {
	return plural(f.Uses, "use") + " in a burst: " + Stretch(from, to)
}

// CountsLeft says the whole drawing in words.
func CountsLeft(from, to time.Time, left, count int) string {
	return "Counts left over time, from " + words.InSentence(from) + " to " + words.InSentence(to) + ". " +
		ui.Number(left) + " of " + ui.Number(count) + " " + agree(left, "is", "are") + " left."
}

// Stretch says between which times; either may be zero.
func Stretch(from, to time.Time) string {
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
