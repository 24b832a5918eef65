package ui_test

import (
	"context"
	"testing"
	"time"

	"muster/models"
	"muster/seen"
	"muster/views/ui"
	"muster/views/words"
)

func TestMomentOf_SaysTheTimeInTheZoneOfNow(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("", 2*60*60)
	at, now := time.Date(2026, 12, 24, 1, 59, 59, 0, zone), time.Date(2026, 12, 20, 10, 0, 0, 0, time.UTC)
	want := ui.Moment{Machine: "2026-12-23T23:59:59Z", Exact: "23 Dec 2026, 23:59:59 UTC", Hover: "23 Dec 2026, 23:59:59 UTC", Relative: "in 4 days"}
	if got := ui.MomentOf(at, now); got != want {
		t.Errorf("got %+v", got)
	}
	east := now.In(time.FixedZone("NZDT", 13*60*60))
	want.Exact, want.Hover = "24 Dec 2026, 12:59:59 NZDT", "24 Dec 2026, 12:59:59 NZDT · 23 Dec 2026, 23:59:59 UTC"
	if got := ui.MomentOf(at, east); got != want {
		t.Errorf("further east: %+v", got)
	}
	if got := ui.MomentOfOptional(&at, east); got != want {
		t.Errorf("an optional one: %+v", got)
	}
	if got := ui.MomentOf(at.Add(-2*time.Hour), now.In(time.FixedZone("CET", 60*60))).Hover; got != "23 Dec 2026, 22:59:59 CET · 21:59:59 UTC" {
		t.Errorf("on the same day: %q", got)
	}
	if !ui.MomentOf(time.Time{}, now).IsZero() || !ui.MomentOfOptional(nil, now).IsZero() {
		t.Error("no time is not shown as none")
	}
	german := ui.MomentIn(words.In(context.Background(), "de"), at, now)
	if german.Exact != "23.12.2026, 23:59:59 UTC" || german.Relative != "in 4 Tagen" {
		t.Errorf("in German: %+v", german)
	}
}

func TestUsageOf_ShowsTheCountAgainstItsLimit(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 12, 20, 10, 0, 0, 0, time.UTC)
	token := seen.Viewer{}.RegistrationToken(&models.RegistrationToken{ID: "01", UsedCount: 20, Count: 20, ExpiresAt: now.Add(time.Hour)})
	want := ui.Usage{RegistrationTokenID: "01", Used: 20, Count: 20, Status: models.StatusExhausted}
	if got := ui.UsageOf(&token, now); got != want {
		t.Errorf("got %+v", got)
	}
}
