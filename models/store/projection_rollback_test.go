package store_test

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"muster/models/store"
	"muster/models/store/storetest"
)

// laterRelease makes what the desk reads that of a later release.
func laterRelease(t *testing.T, s *store.Store) {
	t.Helper()
	for _, statement := range []string{
		"INSERT INTO desk_state (version, rules, fingerprint, changed, auth_token_id, whole) SELECT 2, 1000, '1000-x', changed, auth_token_id, TRUE FROM desk_state",
		"UPDATE desk_uses SET version = 2", "UPDATE desk_sightings SET version = 2", "UPDATE desk_names SET version = 2", "DELETE FROM desk_state WHERE version = 1",
	} {
		if err := s.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
}

// afterALaterRelease is a store whose desk is of a later release. Each look at its
// clock takes a minute.
func afterALaterRelease(t *testing.T, databaseURL string) (s *store.Store, looks *atomic.Int64) {
	t.Helper()
	before := storetest.Open(t, databaseURL)
	manyUses(t, before, 3)
	laterRelease(t, before)
	clock, looks := ticking(time.Minute)
	s = storetest.Open(t, databaseURL, clock)
	s.PauseBy(func(context.Context, time.Duration) {})
	return s, looks
}

// After a return to an earlier release nobody keeps up what the later one made. Its
// place is taken once it has stood still for a minute.
func TestProjection_AfterAReturnToAnEarlierRelease(t *testing.T) {
	t.Parallel()
	storetest.OnEach(t, func(t *testing.T, databaseURL string) {
		s, _ := afterALaterRelease(t, databaseURL)
		if others, err := s.DeskHasOtherRules(t.Context()); err != nil || !others {
			t.Errorf("others' rules: %t, %v", others, err)
		}
		account(t, s, "late", "robot-9")
		running(t, s, 50)
		until(t, "a version of its own alone", func() bool { return versions(t, s) == "[names 3 sightings 3 state 3 uses 3]" })
		wantSame(t, "after a return", storetest.Open(t, databaseURL))
	})
}

// What a later release made and is up to date keeps its place.
func TestProjection_LeavesALaterReleaseItsPlace(t *testing.T) {
	t.Parallel()
	s, looks := afterALaterRelease(t, storetest.SQLite(t))
	running(t, s, 50)
	until(t, "ten minutes", func() bool { return looks.Load() > 10 })
	if got := versions(t, s); got != "[names 2 sightings 2 state 2 uses 2]" {
		t.Error(got)
	}
}

// Rows that were derived by several rules are nobody's, so that they are derived anew.
func TestProjection_OfMixedRulesIsMadeAnew(t *testing.T) {
	t.Parallel()
	storetest.OnEach(t, func(t *testing.T, databaseURL string) {
		old := storetest.Open(t, databaseURL)
		manyUses(t, old, 3)
		s := storetest.Open(t, databaseURL, store.WithServiceAccounts([]string{"robot-*"}))
		s.BatchOf(1)
		ctx, stop := context.WithCancel(t.Context())
		s.PauseBy(func(context.Context, time.Duration) { stop() })
		s.Project(ctx, slog.New(slog.DiscardHandler)) // until it has begun a version
		if err := s.Exec(t.Context(), "UPDATE desk_state SET rules = 1000 WHERE version = 2"); err != nil {
			t.Fatal(err)
		}
		account(t, old, "late", "robot-9")
		if n := nobodies(t, s); n != 1 {
			t.Errorf("%d of 1 is nobody's by the new rules", n)
		}
		clock, _ := ticking(time.Minute)
		again := storetest.Open(t, databaseURL, clock)
		again.PauseBy(func(context.Context, time.Duration) {})
		running(t, again, 50) // after a return to the old rules
		until(t, "a version of the old rules alone", func() bool { return versions(t, old) == "[names 3 sightings 3 state 3 uses 3]" })
		if n := nobodies(t, old); n != 0 {
			t.Errorf("%d are nobody's by the old rules", n)
		}
	})
}
