package ui

import (
	"context"
	"strings"
	"time"

	"muster/seen"
	"muster/views/words"
)

// MomentOf makes a time ready to show in English, as seen from now and in its time
// zone, the viewer's.
func MomentOf(t, now time.Time) Moment { return MomentIn(context.Background(), t, now) }

// MomentIn is [MomentOf] in the language of ctx.
func MomentIn(ctx context.Context, t, now time.Time) Moment {
	if t.IsZero() {
		return Moment{}
	}
	layout := words.Say(ctx, "time.format_exact")
	m := Moment{Machine: t.UTC().Format(time.RFC3339), Exact: words.Format(t, now, layout), Relative: words.RelativeTime(ctx, t, now)}
	m.Hover = m.Exact
	if utc := t.UTC().Format(layout); utc != m.Exact {
		day := layout[:strings.Index(layout, "15")]
		m.Hover += " · " + strings.TrimPrefix(utc, words.Format(t, now, day))
	}
	return m
}

// MomentOfOptional is [MomentOf] for a time that may not have come yet.
func MomentOfOptional(t *time.Time, now time.Time) Moment {
	if t == nil {
		return Moment{}
	}
	return MomentOf(*t, now)
}

// UsageOf is a registration token's used count against its count.
func UsageOf(t *seen.RegistrationToken, now time.Time) Usage {
	return Usage{RegistrationTokenID: t.ID, Used: t.UsedCount, Count: t.Count, Status: t.Status(now)}
}
