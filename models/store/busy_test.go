package store_test

import (
	"testing"
	"time"

	"muster/models"
	"muster/models/store"
	"muster/models/store/storetest"
)

// While one change takes long, another waits for its bound and no longer, and
// what only reads does not wait at all.
func TestWrites_WaitForEachOtherOnlySoLong(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]string{"SQLite": storetest.SQLite(t), "PostgreSQL": storetest.Postgres(t)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const bound = 200 * time.Millisecond
			s := storetest.Open(t, url, store.WithBusyTimeout(bound))
			if err := s.CreateRegistrationToken(t.Context(), newToken("x", 9), newEvent("x")); err != nil {
				t.Fatal(err)
			}
			holding, release, done := make(chan struct{}), make(chan struct{}), make(chan error)
			go func() {
				_, err := s.Redeem(t.Context(), "x", func() models.Consumption {
					close(holding)
					<-release
					return *newConsumption("x", "slow")
				})
				done <- err
			}()
			<-holding
			began := time.Now()
			if err := redeem(t.Context(), s, newConsumption("x", "other")); models.ErrorKind(err) != models.KindUnavailable {
				t.Errorf("behind a long change: %v", err)
			}
			if took := time.Since(began); took > 20*bound {
				t.Errorf("the refusal took %s", took)
			}
			if err := s.Ping(t.Context()); err != nil {
				t.Errorf("ping: %v", err)
			}
			close(release)
			if err := <-done; err != nil {
				t.Errorf("the long change: %v", err)
			}
			if err := redeem(t.Context(), s, newConsumption("x", "third")); err != nil {
				t.Errorf("after it: %v", err)
			}
		})
	}
}
