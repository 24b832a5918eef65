package handlers

import (
	"testing"
	"time"

	"muster/models"
	"muster/views/ui"
)

func TestRelativeTime_RoundsToTheNearestUnit(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		ahead time.Duration
		want  string
	}{
		{0, "just now"},
		{time.Second, "in a moment"},
		{-44 * time.Second, "just now"},
		{-45 * time.Second, "1 min ago"},
		{-2 * time.Minute, "2 min ago"},
		{89 * time.Second, "in 1 min"},
		{59*time.Minute + 29*time.Second, "in 59 min"},
		{59*time.Minute + 31*time.Second, "in 1 hour"},
		{-23 * time.Hour, "23 hours ago"},
		{23*time.Hour + 31*time.Minute, "in 1 day"},
		{3 * day, "in 3 days"},
		{30*day - time.Second, "in 30 days"},
		{-59 * day, "59 days ago"},
		{60 * day, "in 2 months"},
		{366 * day, "in 12 months"},
		{-3 * year, "3 years ago"},
	} {
		if got := relativeTime(t.Context(), now.Add(c.ahead), now); got != c.want {
			t.Errorf("%v: %q, want %q", c.ahead, got, c.want)
		}
	}
}

func TestMomentOf_SaysTheTimeInUTC(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("", 2*60*60)
	now := time.Date(2026, 12, 20, 10, 0, 0, 0, time.UTC)
	got := momentOf(time.Date(2026, 12, 24, 1, 59, 59, 0, zone), now)
	want := ui.Moment{Machine: "2026-12-23T23:59:59Z", Exact: "23 Dec 2026, 23:59:59 UTC", Relative: "in 4 days"}
	if got != want {
		t.Errorf("got %+v", got)
	}
	if !momentOf(time.Time{}, now).IsZero() || !momentOfOptional(nil, now).IsZero() {
		t.Error("no time is not shown as none")
	}
}

func TestPersonOf_VerifiedLeads(t *testing.T) {
	t.Parallel()
	claimed := models.ClaimedIdentity{SystemUserName: "ann"}
	for name, c := range map[string]struct {
		verified models.VerifiedIdentity
		want     ui.Person
	}{
		"device only":    {models.VerifiedIdentity{}, ui.Person{Name: "ann"}},
		"with e-mail":    {models.VerifiedIdentity{Issuer: "i", Subject: "s", Email: "a@b.example"}, ui.Person{Name: "a@b.example", Verified: true, Reported: "ann"}},
		"without e-mail": {models.VerifiedIdentity{Issuer: "i", Subject: "s"}, ui.Person{Name: "s", Verified: true, Reported: "ann"}},
	} {
		if got := personOf(c.verified, claimed); got != c.want {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
