package store_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"muster/models"
	"muster/models/store/storetest"
)

// atOnce runs fn n times at once.
func atOnce(n int, fn func(i int)) {
	var all sync.WaitGroup
	gate := make(chan struct{})
	for i := range n {
		all.Go(func() { <-gate; fn(i) })
	}
	close(gate)
	all.Wait()
}

func TestRequests_OfManyDecidersOneWins(t *testing.T) {
	t.Parallel()
	onRequests(t, func(t *testing.T, f requestRig) {
		for range 5 {
			token := f.create(5)
			r := f.ask(token.ID, raise(2))
			var won, done atomic.Int64
			atOnce(8, func(i int) {
				state := models.RequestApproved
				if i%3 == 2 {
					state = models.RequestDeclined
				}
				_, err := f.end(r.ID, state, day, func(ctx context.Context) error {
					read, err := f.RegistrationToken(ctx, token.ID)
					if err != nil || state == models.RequestDeclined {
						return err
					}
					_, err = f.UpdateRegistrationToken(ctx, token.ID, read.UpdatedAt, changedTo(read.Count+2), day, f.event("x", "y", token.ID))
					if err == nil {
						done.Add(1)
					}
					return err
				})
				switch {
				case err == nil:
					won.Add(1)
				case models.ErrorCode(err) != models.CodeRequestDecided:
					t.Errorf("decide: %v", err)
				}
			})
			want := 5 + 2*int(done.Load())
			if n := f.read(token.ID).Count; won.Load() != 1 || n != want || n > 7 {
				t.Errorf("%d of 8 decided, and the count is %d", won.Load(), n)
			}
		}
	})
}

// When PostgreSQL ends one of two transactions that wait for each other, all of it is
// run again: the request, and what it does.
func TestRequests_AreRunAgainAfterADeadlock(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.Postgres(t))
	f := requestRig{t, s, new(atomic.Int64)}
	tokens := []*models.RegistrationToken{f.create(5), f.create(5)}
	var met sync.WaitGroup
	met.Add(2)
	var runs atomic.Int64
	atOnce(2, func(i int) {
		r := f.ask(tokens[i].ID, raise(1))
		first := true
		_, err := f.end(r.ID, models.RequestApproved, day, func(ctx context.Context) error {
			runs.Add(1)
			for n := range 2 {
				id := tokens[(i+n)%2].ID
				read, err := f.RegistrationToken(ctx, id)
				if err != nil {
					return err
				}
				_, err = f.UpdateRegistrationToken(ctx, id, read.UpdatedAt, changedTo(read.Count+1), day, f.event("x", "y", id))
				if models.ErrorKind(err) == models.KindConflict && err != nil { // the other was first
					read, err = f.RegistrationToken(ctx, id)
					if err == nil {
						_, err = f.UpdateRegistrationToken(ctx, id, read.UpdatedAt, changedTo(read.Count+1), day, f.event("x", "y", id))
					}
				}
				if err != nil {
					return err
				}
				if first && n == 0 {
					first = false
					met.Done()
					met.Wait()
				}
			}
			return nil
		})
		if err != nil {
			t.Errorf("decide: %v", err)
		}
	})
	for _, token := range tokens {
		if n := f.read(token.ID).Count; n != 7 {
			t.Errorf("the count is %d", n)
		}
	}
	if runs.Load() < 3 {
		t.Errorf("%d runs: nothing was run again", runs.Load())
	}
}
