package desk

import (
	"cmp"
	"slices"
	"time"

	"muster/models"
	"muster/seen"
	views "muster/views/desk"
	"muster/views/telling"
	"muster/views/ui"
)

// burnRows limits the rows of the table behind the drawing.
const burnRows = 8

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
