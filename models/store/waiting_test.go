package store_test

import (
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"muster/models"
	"muster/models/store"
	"muster/models/store/storetest"
)

// What a change writes, its time above all, is made once it holds its lock,
// however long it waits for that.
func TestWrites_AreMadeUnderTheLock(t *testing.T) {
	t.Parallel()
	storetest.OnEach(t, func(t *testing.T, databaseURL string) {
		// Two replicas: within one, changes wait for each other before they begin.
		s, other := storetest.Open(t, databaseURL), storetest.Open(t, databaseURL)
		fill(t, s)
		redeems := func(s *store.Store, id string, made func()) error {
			_, err := s.Redeem(t.Context(), "t", func() models.Consumption { made(); return *newConsumption("t", id) })
			return err
		}
		rotates := func(s *store.Store, presented string, made func()) error {
			_, err := s.RotateRefreshToken(t.Context(), "auth 1", func() models.Rotation {
				made()
				return models.Rotation{At: day, Presented: sum(presented), Successor: sum(presented + " next"), IdleExpiresAt: day.Add(time.Hour)}
			})
			return err
		}
		repeats := func(made func()) error {
			_, err := other.RepeatRotation(t.Context(), "auth 1", func() models.Repetition {
				made()
				return models.Repetition{At: day, Grace: time.Minute, Presented: sum("refresh 1")}
			})
			return err
		}
		for name, change := range map[string]struct{ holds, waits func(made func()) error }{
			"redemption": {
				func(made func()) error { return redeems(s, "holds", made) }, func(made func()) error { return redeems(other, "waits", made) },
			},
			"rotation": {
				func(made func()) error { return rotates(s, "refresh 1", made) }, func(made func()) error { return rotates(other, "refresh 1", made) },
			},
			"repetition": {
				func(made func()) error { return rotates(s, "refresh 1", made) }, repeats,
			},
		} {
			var released, early atomic.Bool
			holding, release, done := make(chan struct{}), make(chan struct{}), make(chan error, 2)
			go func() { done <- change.holds(func() { close(holding); <-release; released.Store(true) }) }()
			<-holding
			go func() { done <- change.waits(func() { early.Store(!released.Load()) }) }()
			for s.Dialect() == store.PostgreSQL && !early.Load() && len(done) == 0 { // on SQLite a transaction does not begin
				if waitsForLock(t, s) {
					break
				}
			}
			close(release)
			if err := errors.Join(<-done, <-done); err != nil || early.Load() {
				t.Errorf("%s: made before the lock was held: %v, %v", name, early.Load(), err)
			}
		}
	})
}

// waitsForLock tells whether somebody waits for a lock of PostgreSQL.
func waitsForLock(t *testing.T, s *store.Store) bool {
	t.Helper()
	waiting, err := s.Strings(t.Context(), `SELECT 'x' FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)
	if err != nil {
		t.Fatal(err)
	}
	return len(waiting) > 0
}
