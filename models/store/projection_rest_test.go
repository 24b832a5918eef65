package store_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"muster/models"
	"muster/models/store"
	"muster/models/store/projection"
	"muster/models/store/storetest"
)

// ticking is a clock that goes on by a step each time it is looked at.
func ticking(step time.Duration) (clock store.Option, looks *atomic.Int64) {
	looks = new(atomic.Int64)
	return store.WithClock(func() time.Time { return day.Add(time.Duration(looks.Add(1)) * step) }), looks
}

// rests are the pauses of a projector, during which something may happen.
type rests struct {
	mu        sync.Mutex
	all       []time.Duration
	meanwhile func()
}

func (r *rests) of(s *store.Store) *rests {
	s.PauseBy(func(_ context.Context, d time.Duration) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.all = append(r.all, d)
		if r.meanwhile != nil {
			r.meanwhile()
		}
	})
	return r
}

// atLeast counts the pauses that are long enough.
func (r *rests) atLeast(d time.Duration) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for _, pause := range r.all {
		if pause >= d {
			n++
		}
	}
	return n
}

// manyUses makes a store's token "t" with uses of as many people.
func manyUses(t *testing.T, s *store.Store, n int) {
	t.Helper()
	if err := s.CreateRegistrationToken(t.Context(), newToken("t", models.MaxCount), newEvent("created")); err != nil {
		t.Fatal(err)
	}
	for i := range n {
		account(t, s, fmt.Sprint("use", i), fmt.Sprint("user", i))
	}
	current(t, s)
}

// On SQLite a reindex leaves room for the server, which is another process, every
// 100 ms: 100 uses in 10 batches of 30 ms each.
func TestReindex_RestsForRedemptions(t *testing.T) {
	t.Parallel()
	url := storetest.SQLite(t)
	s := storetest.Open(t, url)
	manyUses(t, s, 100)
	clock, _ := ticking(30 * time.Millisecond)
	other := storetest.Open(t, url, clock)
	other.BatchOf(10)
	late := 0
	r := (&rests{meanwhile: func() {
		if late++; late < 3 {
			account(t, s, fmt.Sprint("late", late), "ann")
		}
	}}).of(other)
	if err := other.Reindex(t.Context(), func(int64, int64) {}); err != nil {
		t.Fatal(err)
	}
	// Ten to build, ten to drop, four of which make a stretch.
	if n := r.atLeast(150 * time.Millisecond); n < 5 {
		t.Errorf("%d rests: %v", n, r.all)
	}
	wantSame(t, "after a reindex", s)
}

// A server rests as long as it worked at what nobody reads yet.
func TestProjection_RestsWhileItBuildsAnew(t *testing.T) {
	t.Parallel()
	url := storetest.SQLite(t)
	manyUses(t, storetest.Open(t, url), 100)
	clock, _ := ticking(30 * time.Millisecond)
	s := storetest.Open(t, url, store.WithServiceAccounts([]string{"robot-*"}), clock)
	r := new(rests).of(s)
	running(t, s, 10)
	until(t, "the new version alone", func() bool { return versions(t, s) == "[names 2 sightings 2 state 2 uses 2]" })
	if n := r.atLeast(30 * time.Millisecond); n < 20 {
		t.Errorf("%d rests for ten batches to build and ten to drop", n)
	}
}

// While many redeem, what the desk asks waits for them, but is never more than ten
// seconds behind; who asks is told everything meanwhile.
func TestProjection_LeavesTheDatabaseToACrowd(t *testing.T) {
	t.Parallel()
	var clock atomic.Int64
	s := storetest.Open(t, storetest.SQLite(t), store.WithClock(func() time.Time { return day.Add(time.Duration(clock.Load())) }))
	manyUses(t, s, 1)
	var crowded atomic.Bool
	looked := make(chan struct{})
	s.CrowdedBy(func() bool {
		select {
		case looked <- struct{}{}:
		case <-t.Context().Done():
		}
		return crowded.Load()
	})
	(&rests{}).of(s)
	running(t, s, 10)
	crowded.Store(true)
	account(t, s, "late", "ann")
	wait := func(times int) {
		for range times {
			<-looked
		}
	}
	wait(3)
	if _, applied := s.Projected(); applied != 1 {
		t.Errorf("%d changes were taken in while there is a crowd", applied)
	}
	if ready, err := s.Await(t.Context()); ready != projection.Ready || err != nil {
		t.Errorf("who asks is told %v, %v", ready, err)
	}
	account(t, s, "later", "bob")
	wait(3)
	clock.Add(int64(11 * time.Second))
	go func() {
		for range looked {
		}
	}()
	until(t, "what is eleven seconds old", func() bool { _, applied := s.Projected(); return applied == 3 })
}

// A reindex does not fail because others were at work.
func TestReindex_TriesAgainWhenOthersAreInItsWay(t *testing.T) {
	t.Parallel()
	url := storetest.Postgres(t)
	s := storetest.Open(t, url)
	manyUses(t, s, 3)
	holding := began(t, url, "LOCK TABLE desk_state IN EXCLUSIVE MODE")
	other := storetest.Open(t, url, store.WithBusyTimeout(50*time.Millisecond))
	tries := 0
	other.PauseBy(func(context.Context, time.Duration) {
		if tries++; tries == 3 {
			if err := holding.Rollback(); err != nil {
				t.Error(err)
			}
		}
	})
	if err := other.Reindex(t.Context(), func(int64, int64) {}); err != nil || tries < 3 {
		t.Errorf("after %d tries: %v", tries, err)
	}
}

// A reindex that was ended goes on, and leaves nothing behind.
func TestReindex_GoesOnWithOneThatWasEnded(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, s *store.Store) {
		manyUses(t, s, 30)
		s.BatchOf(5)
		for range 3 {
			ctx, end := context.WithCancel(t.Context())
			if err := s.Reindex(ctx, func(int64, int64) { end() }); err == nil {
				t.Error("it was not ended")
			}
		}
		if rows, err := s.Strings(t.Context(), "SELECT CAST(version AS TEXT) FROM desk_state ORDER BY version"); err != nil || fmt.Sprint(rows) != "[1 2]" {
			t.Errorf("versions %v, %v", rows, err)
		}
		if err := s.Reindex(t.Context(), func(int64, int64) {}); err != nil {
			t.Fatal(err)
		}
		if got := versions(t, s); got != "[names 2 sightings 2 state 2 uses 2]" {
			t.Error(got)
		}
	})
}
