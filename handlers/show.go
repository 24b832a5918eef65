package handlers

import (
	"cmp"
	"context"
	"math"
	"time"

	"muster/models"
	"muster/views/ui"
	"muster/views/words"
)

// How English sentences show a time, in UTC.
const (
	exactFormat    = "2 Jan 2006, 15:04:05 MST"
	sentenceFormat = "2 Jan 2006, 15:04 MST"
)

const (
	day   = 24 * time.Hour
	month = 30 * day
	year  = 365 * day
)

// momentOf makes a time ready to show in English, as seen from now.
func momentOf(t, now time.Time) ui.Moment { return momentIn(context.Background(), t, now) }

// momentIn is [momentOf] in the language of ctx.
func momentIn(ctx context.Context, t, now time.Time) ui.Moment {
	if t.IsZero() {
		return ui.Moment{}
	}
	t = t.UTC()
	return ui.Moment{
		Machine: t.Format(time.RFC3339), Exact: t.Format(words.Say(ctx, "time.format_exact")), Relative: relativeTime(ctx, t, now),
	}
}

// momentOfOptional is [momentOf] for a time that may not have come yet.
func momentOfOptional(t *time.Time, now time.Time) ui.Moment {
	if t == nil {
		return ui.Moment{}
	}
	return momentOf(*t, now)
}

// inSentence shows a time inside a sentence: "23 Nov 2026, 10:00 UTC".
func inSentence(t time.Time) string { return t.UTC().Format(sentenceFormat) }

// relativeTime says how far t lies from now, rounded to the nearest unit:
// "in 3 days", "2 min ago". The script keeps it fresh.
func relativeTime(ctx context.Context, t, now time.Time) string {
	distance := t.Sub(now).Abs()
	future := t.After(now)
	switch {
	case distance < 45*time.Second && future:
		return words.Say(ctx, "time.in_a_moment")
	case distance < 45*time.Second:
		return words.Say(ctx, "time.just_now")
	case future:
		return words.Say(ctx, "time.in", words.Data{"Span": span(ctx, distance)})
	default:
		return words.Say(ctx, "time.ago", words.Data{"Span": span(ctx, distance)})
	}
}

// span is a length of time in its largest unit that says enough.
func span(ctx context.Context, d time.Duration) string {
	in := func(unit time.Duration) int { return int(math.Round(float64(d) / float64(unit))) }
	minutes := max(1, in(time.Minute))
	switch {
	case minutes < 60:
		return words.Count(ctx, "time.minutes", minutes)
	case in(time.Hour) < 24:
		return words.Count(ctx, "time.hours", in(time.Hour))
	case in(day) < 60:
		return words.Count(ctx, "time.days", in(day))
	case in(month) < 24:
		return words.Count(ctx, "time.months", in(month))
	default:
		return words.Count(ctx, "time.years", in(year))
	}
}

// plural counts a thing: "1 day", "1,000 days".
func plural(n int, thing string) string { return ui.Plural(n, thing, thing+"s") }

// usageOf is a registration token's used count against its count.
func usageOf(t *models.RegistrationToken, now time.Time) ui.Usage {
	return ui.Usage{RegistrationTokenID: t.ID, Used: t.UsedCount, Count: t.Count, Status: t.Status(now)}
}

// masker masks texts that may hold personal data from who may not see it
// (PRODUCT section 7).
func masker(actor models.Actor) func(string) string {
	if masksPersonalData(actor) {
		return maskName
	}
	return func(text string) string { return text }
}

// personOf is who stands behind a redemption: whoever was signed in, else
// what the device reported.
func personOf(verified models.VerifiedIdentity, claimed models.ClaimedIdentity) ui.Person {
	if verified.IsZero() {
		return ui.Person{Name: claimed.SystemUserName}
	}
	return ui.Person{Name: cmp.Or(verified.Email, verified.Subject), Verified: true, Reported: claimed.SystemUserName}
}
