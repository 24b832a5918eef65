package axis

import "time"

// Tick is a round time on the line. Under is what the label leaves out, where that
// changes: the day below a clock time, the year below a day.
type Tick struct {
	At           time.Time
	Place        float64
	Label, Under string
}

// Ticks are the round times of the zone in the stretch that is in proportion: as
// many as there are with the shortest step that needs at most that many.
func (s Scale) Ticks(zone *time.Location, most int) []Tick {
	first := s.pieces[0]
	step := stepFor(first.to.Sub(first.from), most)
	var ticks []Tick
	under := ""
	for at := step.floor(first.from.In(zone)); !at.After(first.to); at = step.next(at) {
		if at.Before(first.from) {
			continue
		}
		tick := Tick{At: at, Place: s.At(at), Label: at.Format(step.label())}
		if now := at.Format(step.under()); now != under {
			tick.Under, under = now, now
		}
		ticks = append(ticks, tick)
	}
	return ticks
}

// step is the distance between two ticks.
type step struct {
	unit  time.Duration // about how long one is
	every int
}

// The units. Days, months and years differ in length: they are counted by the
// calendar of the zone.
const (
	day   = 24 * time.Hour
	month = 30 * day
	year  = 365 * day
)

// steps are what people count in, the shortest first.
var steps = []step{
	{time.Second, 1}, {time.Second, 2}, {time.Second, 5}, {time.Second, 10}, {time.Second, 15}, {time.Second, 30},
	{time.Minute, 1}, {time.Minute, 2}, {time.Minute, 5}, {time.Minute, 10}, {time.Minute, 15}, {time.Minute, 30},
	{time.Hour, 1}, {time.Hour, 2}, {time.Hour, 3}, {time.Hour, 6}, {time.Hour, 12},
	{day, 1}, {day, 2}, {day, 7}, {day, 14}, {month, 1}, {month, 2}, {month, 3}, {month, 6},
	{year, 1}, {year, 2}, {year, 5}, {year, 10}, {year, 20}, {year, 50}, {year, 100},
}

func stepFor(length time.Duration, most int) step {
	for _, s := range steps {
		if length <= time.Duration(most)*s.unit*time.Duration(s.every) {
			return s
		}
	}
	return steps[len(steps)-1]
}

// floor is the last round time that is not after t, in the zone of t.
func (s step) floor(t time.Time) time.Time {
	y, m, d := t.Date()
	hour, minute, second := t.Clock()
	switch s.unit {
	case time.Second:
		return date(t, y, m, d, hour, minute, second-second%s.every)
	case time.Minute:
		return date(t, y, m, d, hour, minute-minute%s.every, 0)
	case time.Hour:
		return date(t, y, m, d, hour-hour%s.every, 0, 0)
	case day:
		return date(t, y, m, d-daysInto(y, m, d)%s.every, 0, 0, 0)
	case month:
		return date(t, y, m-(m-1)%time.Month(s.every), 1, 0, 0, 0)
	default:
		return date(t, y-y%s.every, time.January, 1, 0, 0, 0)
	}
}

// daysInto counts from a Monday, so that steps of weeks begin on Mondays.
func daysInto(y int, m time.Month, d int) int {
	const fromMonday = 3 // 1 January 1970 was a Thursday
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix()/int64(day.Seconds())) + fromMonday
}

// next is the round time after t. Where a clock is put back or forward, the hours
// that it shows twice or never are passed over.
func (s step) next(t time.Time) time.Time {
	y, m, d := t.Date()
	var at time.Time
	switch s.unit {
	case day:
		return date(t, y, m, d+s.every, 0, 0, 0)
	case month:
		return date(t, y, m+time.Month(s.every), 1, 0, 0, 0)
	case year:
		return date(t, y+s.every, time.January, 1, 0, 0, 0)
	case time.Hour:
		at = date(t, y, m, d, t.Hour()+s.every, 0, 0)
	default: // no clock passes over minutes
	}
	if !at.After(t) {
		at = t.Add(s.unit * time.Duration(s.every))
	}
	return at
}

func date(in time.Time, y int, m time.Month, d, hour, minute, second int) time.Time {
	return time.Date(y, m, d, hour, minute, second, 0, in.Location())
}

// label and under are the layouts of a tick.
func (s step) label() string {
	switch s.unit {
	case time.Second:
		return "15:04:05"
	case time.Minute, time.Hour:
		return "15:04"
	case day:
		return "2 Jan"
	case month:
		return "Jan"
	default:
		return "2006"
	}
}

func (s step) under() string {
	switch s.unit {
	case time.Second, time.Minute, time.Hour:
		return "2 Jan 2006"
	case day, month:
		return "2006"
	default:
		return ""
	}
}
