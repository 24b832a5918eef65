package store_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"muster/internal/test/postgres"
	"muster/models"
	"muster/models/store"
	"muster/models/store/storetest"
)

// PostgreSQL crashes at work, again and again, under two replicas: what they were told
// is true, what they are told meanwhile is that it does not answer, and soon after it
// does they go on by themselves.
func TestRedeem_PostgreSQLCrashesAndLosesNothingAcknowledged(t *testing.T) {
	t.Parallel()
	// Commits are on disk, or what was acknowledged could be lost.
	cluster, err := postgres.Start("max_connections=60", "shared_buffers=32MB")
	if err != nil {
		t.Fatal(err)
	}
	if err := cluster.Exec(t.Context(), "CREATE DATABASE crash"); err != nil {
		t.Fatal(err)
	}
	s := storetest.Open(t, cluster.URL("crash"))
	replicas := []*store.Store{s, storetest.Open(t, cluster.URL("crash"))}
	for id, count := range map[string]int{"narrow": 50, "wide": models.MaxCount} {
		if err := s.CreateRegistrationToken(t.Context(), newToken(id, count), newEvent("created "+id)); err != nil {
			t.Fatal(err)
		}
	}
	const workers = 8
	rounds := crashes(t, 3, 10)
	acknowledged := make(chan string, 1)
	var stopped atomic.Bool
	var all sync.WaitGroup
	defer all.Wait()
	defer stopped.Store(true)
	for worker := range workers {
		all.Go(func() {
			for i := 0; !stopped.Load(); i++ {
				token := "wide"
				if i%10 == 0 {
					token = "narrow" // used up on the way
				}
				c := newConsumption(token, fmt.Sprintf("%d-%d", worker, i))
				switch err := redeem(t.Context(), replicas[worker%2], c); {
				case err == nil:
					select {
					case acknowledged <- c.AuthToken.ID:
					case <-t.Context().Done():
					}
				case errors.Is(err, models.ErrNotConsumed):
				case models.ErrorKind(err) != models.KindUnavailable:
					t.Errorf("while PostgreSQL crashes: %v", err)
				default:
					runtime.Gosched()
				}
			}
		})
	}
	var ids []string
	for range rounds {
		for range 1 + rand.IntN(60) {
			ids = append(ids, <-acknowledged)
		}
		crashed := make(chan error, 1)
		go func() { crashed <- cluster.Crash(t.Context()) }()
		for down := true; down; {
			select {
			case id := <-acknowledged:
				ids = append(ids, id)
			case err := <-crashed:
				if err != nil {
					t.Fatal(err)
				}
				down = false
			}
		}
		// One of more than can have waited to be counted since before the crash is new.
		for range workers + 2 {
			select {
			case id := <-acknowledged:
				ids = append(ids, id)
			case <-time.After(5 * time.Second):
				t.Fatal("nothing is redeemed 5 s after PostgreSQL answers again")
			}
		}
	}
	stopped.Store(true)
	go func() { all.Wait(); close(acknowledged) }()
	for id := range acknowledged {
		ids = append(ids, id)
	}
	for _, id := range ids {
		if _, err := s.AuthToken(t.Context(), id); err != nil {
			t.Fatalf("the acknowledged auth token %s: %v", id, err)
		}
	}
	narrow, err := s.RegistrationToken(t.Context(), "narrow")
	if err != nil || narrow.UsedCount > 50 {
		t.Errorf("the narrow token is %+v, %v", narrow, err)
	}
	if findings, err := s.Check(t.Context()); err != nil || len(findings) > 0 {
		t.Errorf("check after the crashes: %v, %v", findings, err)
	}
	t.Logf("%d crashes, %d acknowledged redemptions, none lost", rounds, len(ids))
}
