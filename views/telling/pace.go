package telling

import (
	"time"

	"muster/models"
	"muster/seen"
	"muster/views/ui"
)

// PaceEnd is when the counts of t end at the pace of the past week: the last one is
// taken, or t expires with some left. Zero while there is no pace.
func PaceEnd(t *seen.RegistrationToken, v *seen.Verdict, now time.Time) (at time.Time, left int) {
	switch {
	case v.RunsOut.IsZero() || t.Status(now) != models.StatusActive:
		return time.Time{}, 0
	case !v.RunsOut.After(t.ExpiresAt):
		return v.RunsOut, 0
	}
	n := t.RemainingCount()
	taken := float64(n) * float64(t.ExpiresAt.Sub(now)) / float64(v.RunsOut.Sub(now))
	return t.ExpiresAt, n - int(taken)
}

// Pace says how fast the counts of t go and what comes of it; empty where nobody can
// redeem it.
func Pace(t *seen.RegistrationToken, v *seen.Verdict, now time.Time) string {
	if t.Status(now) != models.StatusActive {
		return ""
	}
	at, left := PaceEnd(t, v, now)
	recent := plural(v.Recent, "count") + " went in the past week"
	switch {
	case v.Recent == 0:
		return "No count went in the past week."
	case at.IsZero():
		return recent + ": too few or too close together for a forecast."
	case left == 0:
		return recent + ". At this pace the last one goes on " + dayOf(at, now) + ", before it expires."
	}
	return recent + ". At this pace " + ui.Number(left) + " " + agree(left, "is", "are") + " left when it expires."
}

// dayOf is the day of a time in the viewer's zone; the time of day where it is today.
func dayOf(at, now time.Time) string {
	const day = "2 Jan 2006"
	at = at.In(now.Location())
	if at.Format(day) == now.Format(day) {
		return at.Format(day + ", 15:04 MST")
	}
	return at.Format(day)
}

// ExpiryMark labels the expiry in a chart.
func ExpiryMark(at, now time.Time) string {
	if at.After(now) {
		return "Expires " + dayOf(at, now)
	}
	return "Expired " + dayOf(at, now)
}

// TodayMark labels the present in a chart of something of that age.
func TodayMark(age time.Duration) string {
	if age < 24*time.Hour {
		return "Now"
	}
	return "Today"
}
