package desk

import (
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // zones on machines without them

	"muster/models"
	"muster/seen"
	views "muster/views/desk"
)

// TestBurnDown_IsReadableWhateverTheLife draws registration tokens of every age: the
// ticks are round times of the viewer, today and the expiry are always there, and the
// pace ends where the counts do.
func TestBurnDown_IsReadableWhateverTheLife(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	now := time.Date(2026, time.November, 23, 10, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		age, life time.Duration // since it was created, and until it expires
		count     int
		uses      []time.Duration // after it was created
		runsOut   time.Duration   // from now; zero without a pace
		zone      string
		want      string
	}{
		"ten seconds old": {
			age: 10 * time.Second, life: 30 * day, count: 100, uses: []time.Duration{3 * time.Second, 8 * time.Second},
			want: "ticks 09:59:50/23 Nov 2026 09:59:52 09:59:54 09:59:56 09:59:58 10:00:00; levels 0 50 100; Now 83.5%; Expires 23 Dec 2026 98.5%; 1 break",
		},
		"a year old, nearly at its end": {
			age: 364 * day, life: 366 * day, count: 10, uses: []time.Duration{40 * day, 200 * day, 360 * day},
			want: "ticks Jan/2026 Apr Jul Oct; levels 0 5 10; Today 98%; Expires 25 Nov 2026 98.5%; 0 breaks",
		},
		"never used": {
			age: 3 * day, life: 30 * day, count: 25,
			want: "ticks 12:00/20 Nov 2026 00:00/21 Nov 2026 12:00 00:00/22 Nov 2026 12:00 00:00/23 Nov 2026; levels 0 10 20 25; Today 83.5%; Expires 20 Dec 2026 98.5%; 1 break",
		},
		"in use, and the pace outlasts it": {
			age: 20 * day, life: 30 * day, count: 4, uses: []time.Duration{5 * day, 15 * day}, runsOut: 20 * day,
			want: "ticks 9 Nov/2026 16 Nov 23 Nov 30 Nov; levels 0 1 2 3 4; Today 66.2%; Expires 3 Dec 2026 98.5%; 0 breaks; pace M662 65L985 98",
		},
		"in use, and it runs out far before its end": {
			age: 10 * day, life: 366 * day, count: 4, uses: []time.Duration{5 * day, 6 * day}, runsOut: 15 * day,
			want: "ticks 16 Nov/2026 23 Nov 30 Nov 7 Dec; levels 0 1 2 3 4; Today 34.3%; Expires 14 Nov 2027 98.5%; 1 break; pace M343 65L835 130",
		},
		"the pace goes over a break": {
			age: day, life: 366 * day, count: 4, uses: []time.Duration{time.Hour, 3 * time.Hour}, runsOut: 100 * day,
			want: "ticks 12:00/22 Nov 2026 18:00 00:00/23 Nov 2026 06:00; levels 0 1 2 3 4; Today 83.5%; Expires 23 Nov 2027 98.5%; 1 break; pace M835 65L876 130",
		},
		"used up at once, long ago, and expired since": {
			age: 400 * day, life: 30 * day, count: 2, uses: []time.Duration{2 * time.Second, 5 * time.Second},
			want: "ticks 10:00:00/19 Oct 2025 10:00:05 10:00:10 10:00:15; levels 0 1 2; Today 98.5%; Expired 18 Nov 2025 83.5%; 2 breaks",
		},
		"expired long ago": {
			age: 400 * day, life: 30 * day, count: 20, uses: []time.Duration{2 * day, 25 * day},
			want: "ticks 20 Oct/2025 27 Oct 3 Nov 10 Nov 17 Nov; levels 0 5 10 15 20; Today 98.5%; Expired 18 Nov 2025 83.5%; 1 break",
		},
		"one count": {
			age: time.Hour, life: 30 * day, count: 1,
			want: "ticks 09:00/23 Nov 2026 09:10 09:20 09:30 09:40 09:50 10:00; levels 0 1; Now 83.5%; Expires 23 Dec 2026 98.5%; 1 break",
		},
		"a million": {
			age: 15 * day, life: 30 * day, count: 1_000_000, uses: []time.Duration{day},
			want: "ticks 9 Nov/2026 16 Nov 23 Nov 30 Nov 7 Dec; levels 0 500,000 1,000,000; Today 50%; Expires 8 Dec 2026 98.5%; 0 breaks",
		},
		"in the zone of the viewer": {
			age: time.Hour, life: 90 * time.Minute, count: 3, zone: "Asia/Kolkata",
			want: "ticks 14:30/23 Nov 2026 14:45 15:00 15:15 15:30 15:45 16:00; levels 0 1 2 3; Now 66.2%; Expires 23 Nov 2026, 16:00 IST 98.5%; 0 breaks",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			zone, err := time.LoadLocation(c.zone)
			if err != nil {
				t.Fatal(err)
			}
			var token seen.RegistrationToken
			token.Count, token.UsedCount, token.CreatedAt = c.count, len(c.uses), now.Add(-c.age)
			token.ExpiresAt = token.CreatedAt.Add(c.life)
			var burnt models.BurnDown
			for i, after := range c.uses {
				burnt.Uses = append(burnt.Uses, models.Use{UseNumber: i + 1, RedeemedAt: token.CreatedAt.Add(after)})
			}
			verdict := &seen.Verdict{}
			if c.runsOut > 0 {
				verdict.Recent, verdict.RunsOut = 3, now.Add(c.runsOut)
			}
			if got := tell(burnDown(&token, burnt, nil, verdict, now.In(zone))); got != c.want {
				t.Errorf("it is drawn as\n%s, want\n%s", got, c.want)
			}
		})
	}
}

// tell says what of a drawing can be read.
func tell(b *views.BurnDown) string {
	var ticks, levels []string
	for _, tick := range b.Ticks {
		label := tick.Label
		if tick.Under != "" {
			label += "/" + tick.Under
		}
		ticks = append(ticks, label)
	}
	for _, level := range b.Levels {
		levels = append(levels, level.Label)
	}
	text := "ticks " + strings.Join(ticks, " ") + "; levels " + strings.Join(levels, " ") + "; " +
		b.Today.Label + " " + b.Today.X + "; " + b.Expiry.Label + " " + b.Expiry.X + "; "
	switch len(b.Breaks) {
	case 0:
		text += "0 breaks"
	case 1:
		text += "1 break"
	default:
		text += "2 breaks"
	}
	if b.Pace != "" {
		text += "; pace " + b.Pace
	}
	return text
}

func TestBurnDown_StepsWhereTheCountWasRaised(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.November, 23, 10, 0, 0, 0, time.UTC)
	var token seen.RegistrationToken
	token.Count, token.UsedCount, token.CreatedAt, token.ExpiresAt = 10, 2, now.Add(-10*time.Hour), now.Add(10*time.Hour)
	var raised seen.AuditEvent
	raised.Action, raised.OccurredAt, raised.Detail = models.AuditRegistrationTokenUpdated, now.Add(-5*time.Hour), `{"count":{"from":5,"to":10}}`
	burnt := models.BurnDown{Uses: []models.Use{{UseNumber: 1, RedeemedAt: now.Add(-8 * time.Hour)}, {UseNumber: 2, RedeemedAt: now.Add(-time.Hour)}}}
	b := burnDown(&token, burnt, []seen.AuditEvent{raised}, &seen.Verdict{}, now)
	if b.Limit != "M15 65H258V0H1000" || b.Line != "M15 65H112V78H258V13H452V26H500" {
		t.Errorf("the limit is drawn as %q, what is left as %q", b.Limit, b.Line)
	}
	if len(b.Marks) != 1 || !strings.HasPrefix(b.Marks[0].Title, "Count changed from 5 to 10, 23 Nov 2026") {
		t.Errorf("the marks are %v", b.Marks)
	}
}
