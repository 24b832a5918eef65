package desk

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"muster/handlers/listing"
	"muster/models"
	"muster/seen"
	views "muster/views/desk"
	"muster/views/telling"
	"muster/views/ui"
)

const (
	// burnParts is how many stretches the drawing is cut into.
	burnParts = 24
	// burnRows limits the rows of the table behind the drawing.
	burnRows = 24
)

// burnStep is a moment at which something changed; used and count are those
// after it.
type burnStep struct {
	at          time.Time
	used, count int
	mark        string // says what an edit or a reclaim did; empty for a use
	givenBack   bool
}

// burnSteps puts uses, reclaims and edits of the count in order. The edits are
// among events, which are newest first.
func burnSteps(t *seen.RegistrationToken, b models.BurnDown, events []seen.AuditEvent) []burnStep {
	type change struct {
		burnStep
		uses, back int // totals after it; -1 when it does not tell
	}
	var changes []change
	for _, u := range b.Uses {
		changes = append(changes, change{burnStep{at: u.RedeemedAt}, u.UseNumber, -1})
	}
	for _, g := range b.Reclaims {
		changes = append(changes, change{burnStep{at: g.ReclaimedAt, mark: telling.CountGivenBack, givenBack: true}, -1, g.Number})
	}
	count := t.Count
	for i := range events {
		if from, to, edited := telling.CountEdit(&events[i]); edited {
			count = from // ends as the count before the first edit
			changes = append(changes, change{burnStep{at: events[i].OccurredAt, count: to, mark: telling.CountEdited(from, to)}, -1, -1})
		}
	}
	slices.SortStableFunc(changes, func(a, b change) int { return a.at.Compare(b.at) })
	steps := []burnStep{{at: t.CreatedAt, count: count}}
	uses, back := 0, 0
	for _, c := range changes {
		uses, back = max(uses, c.uses), max(back, c.back)
		if c.count > 0 {
			count = c.count
		}
		c.used, c.count = max(0, uses-back), count
		steps = append(steps, c.burnStep)
	}
	return steps
}

// burnDown draws how the counts were used; nil while there is nothing to see.
func burnDown(t *seen.RegistrationToken, b models.BurnDown, events []seen.AuditEvent, found []seen.Finding, now time.Time) *views.BurnDown {
	steps := burnSteps(t, b, events)
	if len(steps) < 2 {
		return nil
	}
	from, to := t.CreatedAt, burnEnd(t, steps, now)
	most := 1
	for _, s := range steps {
		most = max(most, s.count)
	}
	x := func(at time.Time) float64 {
		return views.BurnWidth * min(1, max(0, at.Sub(from).Seconds()/to.Sub(from).Seconds()))
	}
	y := func(n int) float64 { return views.BurnHeight * (1 - float64(max(0, n))/float64(most)) }
	chart := &views.BurnDown{
		Most: ui.Number(most), From: ui.MomentOf(from, now), To: ui.MomentOf(to, now),
	}
	end := now
	if t.ExpiresAt.Before(end) {
		end = t.ExpiresAt
	}
	last := steps[len(steps)-1]
	if last.at.After(end) {
		end = last.at
	}
	chart.Line, chart.Limit = burnPaths(steps, end, x, y)
	chart.Area = chart.Line + fmt.Sprintf("V%d H0 Z", views.BurnHeight)
	for _, s := range steps {
		if s.mark != "" {
			chart.Marks = append(chart.Marks, views.BurnMark{
				X: coordinate(x(s.at)), Title: telling.At(s.mark, s.at, now), GivenBack: s.givenBack,
			})
		}
	}
	if !t.ExpiresAt.After(to) {
		chart.Expiry = &views.BurnMark{X: coordinate(x(t.ExpiresAt)), Title: telling.At(telling.CountExpires, t.ExpiresAt, now)}
	}
	for i := range found {
		if f := &found[i]; f.Kind == models.FindingBurst || f.Kind == models.FindingRetryLoop {
			n := listing.Within(f.From, f.To)
			chart.Bursts = append(chart.Bursts, burnStretch(t.ID, n, x, telling.BurstUses(f, n.From, n.To, now)))
		}
	}
	chart.Stretches = burnStretches(t.ID, from, end, now, x)
	chart.Rows = burnTable(steps, now)
	chart.Summary = telling.CountsLeft(from, end, last.count-last.used, last.count, now)
	return chart
}

// burnEnd is where the drawing ends: at the expiry, but an expiry far away
// must not squeeze what happened into a corner.
func burnEnd(t *seen.RegistrationToken, steps []burnStep, now time.Time) time.Time {
	end := steps[len(steps)-1].at
	if end.Before(now) && now.Before(t.ExpiresAt) {
		end = now
	}
	past := max(end.Sub(t.CreatedAt), time.Minute)
	end = end.Add(past / 20)
	if t.ExpiresAt.After(end) && t.ExpiresAt.Sub(end) < 2*past {
		end = t.ExpiresAt.Add(past / 20)
	}
	if t.ExpiresAt.Before(now) && t.ExpiresAt.After(end) {
		end = t.ExpiresAt
	}
	return end
}

// burnPaths draws the counts left and the limit as steps.
func burnPaths(steps []burnStep, end time.Time, x func(time.Time) float64, y func(int) float64) (line, limit string) {
	var left, count strings.Builder
	for i, s := range steps {
		// Only the last of several steps at the same place can be seen.
		if i > 0 && i+1 < len(steps) && steps[i+1].count == s.count && s.count == steps[i-1].count && coordinate(x(steps[i+1].at)) == coordinate(x(s.at)) {
			continue
		}
		px, py, pc := coordinate(x(s.at)), coordinate(y(s.count-s.used)), coordinate(y(s.count))
		if i == 0 {
			left.WriteString("M" + px + " " + py)
			count.WriteString("M" + px + " " + pc)
			continue
		}
		left.WriteString("H" + px + "V" + py)
		if s.count != steps[i-1].count {
			count.WriteString("H" + px + "V" + pc)
		}
	}
	left.WriteString("H" + coordinate(x(end)))
	count.WriteString("H" + coordinate(views.BurnWidth))
	return left.String(), count.String()
}

// burnStretches cuts the time into parts; each links to the uses within it.
func burnStretches(id string, from, end, now time.Time, x func(time.Time) float64) []views.BurnStretch {
	length := max(end.Sub(from)/burnParts, time.Second)
	var parts []views.BurnStretch
	for at := from; at.Before(end); at = at.Add(length) {
		n := listing.Within(at, at.Add(length-time.Second))
		parts = append(parts, burnStretch(id, n, x, telling.Uses(n.From, n.To, now)))
	}
	return parts
}

// burnStretch is a part of the drawing, wide enough to be seen.
func burnStretch(id string, n listing.Narrowing, x func(time.Time) float64, title string) views.BurnStretch {
	const narrowest = 4
	left, right := x(n.From), x(n.To)
	if right-left < narrowest {
		left, right = max(0, (left+right-narrowest)/2), min(views.BurnWidth, (left+right+narrowest)/2)
	}
	return views.BurnStretch{X: coordinate(left), Width: coordinate(right - left), Title: title, URL: n.UsesURL(id) + "#uses-title"}
}

func coordinate(v float64) string {
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.1f", v), "0"), ".")
}

// burnTable lists the steps, thinned out.
func burnTable(steps []burnStep, now time.Time) []views.BurnRow {
	var rows []views.BurnRow
	every := max(1, (len(steps)+burnRows-1)/burnRows)
	for i, s := range steps {
		if i%every != 0 && i != len(steps)-1 && (s.mark == "" || s.givenBack) {
			continue
		}
		what := cmp.Or(s.mark, telling.CountTaken)
		if i == 0 {
			what = telling.CountCreated
		}
		rows = append(rows, views.BurnRow{When: ui.MomentOf(s.at, now), What: what, Used: s.used, Left: s.count - s.used, Count: s.count})
	}
	return rows
}
