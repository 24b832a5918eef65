package desk

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"muster/handlers/listing"
	"muster/models"
	"muster/seen"
	"muster/views/axis"
	views "muster/views/desk"
	"muster/views/telling"
	"muster/views/ui"
)

const (
	// burnParts is how many stretches the drawing is cut into, burnTicks how many
	// round times it names at most.
	burnParts = 8
	burnTicks = 6
	// burnShort is the longest label of which a phone shows every second one: a date.
	burnShort = len("30 Nov")
	// burnLeast is the shortest time that it spreads out.
	burnLeast = 10 * time.Second
)

// burnDown draws how the counts were used, and how they will be if it goes on like
// that.
func burnDown(t *seen.RegistrationToken, b models.BurnDown, events []seen.AuditEvent, verdict *seen.Verdict, now time.Time) *views.BurnDown {
	steps := burnSteps(t, b, events)
	last := steps[len(steps)-1]
	end := latest(earliest(now, t.ExpiresAt), last.at)
	focus := burnFocus(t, steps, end, verdict.RunsOut)
	d := drawing{scale: axis.New(t.CreatedAt, focus, after(focus, now, t.ExpiresAt)...), most: 1}
	for _, s := range steps {
		d.most = max(d.most, s.count)
	}
	chart := &views.BurnDown{
		Levels: d.levels(), Breaks: percents(d.scale.Breaks()), Rows: burnTable(steps, now),
		Today:   d.pole(now, telling.TodayMark(now.Sub(t.CreatedAt)), telling.At(telling.CountNow, now, now)),
		Expiry:  d.pole(t.ExpiresAt, telling.ExpiryMark(t.ExpiresAt, now), telling.At(telling.CountExpires, t.ExpiresAt, now)),
		Summary: telling.CountsLeft(t.CreatedAt, end, last.count-last.used, last.count, now),
	}
	chart.Line, chart.Limit = d.paths(steps, end)
	chart.Area = chart.Line + fmt.Sprintf("V%d H%s Z", views.BurnHeight, d.x(t.CreatedAt))
	for i, tick := range d.scale.Ticks(now.Location(), burnTicks) {
		chart.Ticks = append(chart.Ticks, views.BurnTick{
			X: percent(tick.Place), Anchor: anchor(tick.Place), Label: tick.Label, Under: tick.Under,
			Title: ui.MomentOf(tick.At, now).Exact, Odd: i%2 == 1 || i%4 != 0 && len(tick.Label) > burnShort,
		})
	}
	for _, s := range steps {
		if s.mark != "" {
			chart.Marks = append(chart.Marks, views.BurnMark{X: d.x(s.at), Title: telling.At(s.mark, s.at, now), GivenBack: s.givenBack})
		}
	}
	if at, left := telling.PaceEnd(t, verdict, now); !at.IsZero() {
		chart.Pace = d.pace(now, t.RemainingCount(), at, left)
	}
	for i := range verdict.Findings {
		if f := &verdict.Findings[i]; f.Kind == models.FindingBurst || f.Kind == models.FindingRetryLoop {
			n := listing.Within(f.From, f.To)
			chart.Bursts = append(chart.Bursts, d.stretch(t.ID, n, telling.BurstUses(f, n.From, n.To, now)))
		}
	}
	chart.Stretches = d.stretches(t.ID, t.CreatedAt, earliest(end, focus), now)
	return chart
}

// burnFocus is the end of what is drawn in proportion: the present, or the expiry
// where that came first. What follows soon belongs to it; and where all counts went
// at once, the time since then does not.
func burnFocus(t *seen.RegistrationToken, steps []burnStep, end, runsOut time.Time) time.Time {
	last := steps[len(steps)-1]
	past := max(end.Sub(t.CreatedAt), burnLeast)
	if active := last.at.Sub(t.CreatedAt); last.used >= last.count && active < past/8 {
		return last.at.Add(max(active/4, burnLeast))
	}
	focus := t.CreatedAt.Add(past)
	for _, at := range []time.Time{t.ExpiresAt, runsOut} {
		if at.After(focus) && at.Sub(focus) <= 2*past && !at.After(t.ExpiresAt) {
			return at
		}
	}
	return focus
}

// after are those of the times that come after t, in order.
func after(t time.Time, times ...time.Time) []time.Time {
	times = slices.DeleteFunc(times, func(at time.Time) bool { return !at.After(t) })
	slices.SortFunc(times, time.Time.Compare)
	return times
}

func earliest(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// drawing places times and counts on the drawing.
type drawing struct {
	scale axis.Scale
	most  int // the top
}

func (d drawing) place(at time.Time) float64 { return views.BurnWidth * d.scale.At(at) }

func (d drawing) x(at time.Time) string { return coordinate(d.place(at)) }

func (d drawing) y(n float64) string {
	return coordinate(views.BurnHeight * (1 - max(0, n)/float64(d.most)))
}

// levels are the round counts beside the drawing, between none and its top.
func (d drawing) levels() []views.BurnLevel {
	level := func(n int) views.BurnLevel { return views.BurnLevel{Y: d.y(float64(n)), Label: ui.Number(n)} }
	levels := []views.BurnLevel{level(0)}
	step := roundStep(d.most)
	for n := step; d.most-n > d.most/8; n += step { // the top needs room for its label
		levels = append(levels, level(n))
	}
	return append(levels, level(d.most))
}

// roundStep cuts a number into at most four parts that are round.
func roundStep(most int) int {
	for ten := 1; ; ten *= 10 {
		for _, round := range []int{1, 2, 5} {
			if step := round * ten; most <= 4*step {
				return step
			}
		}
	}
}

// pole is a line over the whole height, with a label above it.
func (d drawing) pole(at time.Time, label, title string) views.BurnPole {
	place := d.scale.At(at)
	return views.BurnPole{X: percent(place), Anchor: anchor(place), Label: label, Title: title}
}

// pace goes from what is left now to what is left in the end; it bends where the
// axis changes its proportion.
func (d drawing) pace(from time.Time, left int, to time.Time, rest int) string {
	path := "M" + d.x(from) + " " + d.y(float64(left))
	add := func(at time.Time) {
		part := float64(at.Sub(from)) / float64(to.Sub(from))
		path += "L" + d.x(at) + " " + d.y(float64(left)-part*float64(left-rest))
	}
	for _, at := range d.scale.Bends() {
		if at.After(from) && at.Before(to) {
			add(at)
		}
	}
	add(to)
	return path
}

// paths draws the counts left and the limit as steps.
func (d drawing) paths(steps []burnStep, end time.Time) (line, limit string) {
	var left, count strings.Builder
	at := ""
	for i, s := range steps {
		px, py, pc := d.x(s.at), d.y(float64(s.count-s.used)), d.y(float64(s.count))
		if i == 0 {
			left.WriteString("M" + px + " " + py)
			count.WriteString("M" + px + " " + pc)
		} else {
			// Only the last of several steps at the same place can be seen.
			hidden := i+1 < len(steps) && steps[i+1].count == s.count && s.count == steps[i-1].count && d.x(steps[i+1].at) == px
			if hidden || py == at && s.count == steps[i-1].count {
				continue
			}
			left.WriteString("H" + px + "V" + py)
			if s.count != steps[i-1].count {
				count.WriteString("H" + px + "V" + pc)
			}
		}
		at = py
	}
	left.WriteString("H" + d.x(end))
	count.WriteString("H" + coordinate(views.BurnWidth))
	return left.String(), count.String()
}

// stretches cuts the time into parts; each links to the uses within it.
func (d drawing) stretches(id string, from, end, now time.Time) []views.BurnStretch {
	length := max(end.Sub(from)/burnParts, time.Second)
	var parts []views.BurnStretch
	for at := from; at.Before(end); at = at.Add(length) {
		n := listing.Within(at, at.Add(length-time.Second))
		parts = append(parts, d.stretch(id, n, telling.Uses(n.From, n.To, now)))
	}
	return parts
}

// stretch is a part of the drawing, wide enough to be seen.
func (d drawing) stretch(id string, n listing.Narrowing, title string) views.BurnStretch {
	const narrowest = 4
	left, right := d.place(n.From), d.place(n.To)
	if right-left < narrowest {
		left, right = max(0, (left+right-narrowest)/2), min(views.BurnWidth, (left+right+narrowest)/2)
	}
	return views.BurnStretch{X: coordinate(left), Width: coordinate(right - left), Title: title, URL: n.UsesURL(id) + "#uses-title"}
}

// anchor keeps a label at the edge within the drawing.
func anchor(place float64) string {
	switch {
	case place < 0.06:
		return "start"
	case place > 0.94:
		return "end"
	}
	return "middle"
}

func percent(place float64) string {
	return strconv.FormatFloat(math.Round(1000*place)/10, 'f', -1, 64) + "%"
}

func percents(places []float64) (texts []string) {
	for _, place := range places {
		texts = append(texts, percent(place))
	}
	return texts
}

func coordinate(v float64) string { return strconv.Itoa(int(math.Round(v))) }
