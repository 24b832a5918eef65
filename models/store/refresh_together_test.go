package store_test

import (
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"muster/models"
	"muster/models/store"
	"muster/models/store/storetest"
)

// rotation is one that presents a refresh token of newConsumption.
func rotation(presented, successor string) models.Rotation {
	return models.Rotation{
		At: day.Add(time.Minute), Presented: sum(presented), Successor: sum(successor), SealedSuccessor: []byte("sealed " + successor),
		IdleExpiresAt: day.Add(48 * time.Hour), IP: "198.51.100.7",
	}
}

// Many refresh at once while one is being written: each is told what became of its own,
// of two with the same refresh token one is first, and what cannot be stored or is not
// live harms no neighbour.
func TestRefresh_ManyAtOnceEachGetItsOwnAnswer(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, s *store.Store) {
		if err := s.CreateRegistrationToken(t.Context(), newToken("hot", 500), newEvent("created")); err != nil {
			t.Fatal(err)
		}
		const n = 90
		for i := range n {
			if err := redeem(t.Context(), s, newConsumption("hot", fmt.Sprint(i))); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.EndAuthToken(t.Context(), "auth 40", "reuse", day, newEvent("ended")); err != nil {
			t.Fatal(err)
		}
		holding, release := make(chan struct{}), make(chan struct{})
		hold := sync.OnceFunc(func() { close(holding); <-release })
		var all sync.WaitGroup
		all.Go(func() {
			if ok, err := s.RotateRefreshToken(t.Context(), "auth 0", func() models.Rotation { hold(); return rotation("refresh 0", "next 0") }); !ok || err != nil {
				t.Errorf("the first: %v, %v", ok, err)
			}
		})
		<-holding
		var done [n][2]bool
		for i := 1; i < n; i++ {
			for twice := range 2 {
				all.Go(func() {
					r := rotation(fmt.Sprint("refresh ", i), fmt.Sprint("next ", i, " ", twice))
					if i == 50 {
						r.Presented = sum("another")
					}
					if i == 60 {
						r.IP = "NUL \x00 and no text \xff"
					}
					ok, err := s.RotateRefreshToken(t.Context(), fmt.Sprint("auth ", i), func() models.Rotation { return r })
					if wrong := err != nil; wrong != (r.IP != "198.51.100.7") || wrong && models.ErrorKind(err) != models.KindInvalid {
						t.Errorf("%d: %v", i, err)
					}
					done[i][twice] = ok
				})
			}
		}
		close(release)
		all.Wait()
		for i := 1; i < n; i++ {
			stored, err := s.Family(t.Context(), fmt.Sprint("auth ", i))
			if err != nil {
				t.Fatal(err)
			}
			want := i != 40 && i != 50 && i != 60
			first := done[i][0]
			if first == done[i][1] && first || (first || done[i][1]) != want {
				t.Errorf("auth %d: told %v, want that one of them is first: %v", i, done[i], want)
			}
			winner := map[bool]string{true: fmt.Sprint("next ", i, " 0"), false: fmt.Sprint("next ", i, " 1")}[first]
			if want && (string(stored.RefreshDigest) != string(sum(winner)) || string(stored.SealedSuccessor) != "sealed "+winner || stored.Generation != 2) {
				t.Errorf("auth %d does not have what was answered: %+v", i, stored)
			}
			if !want && stored.Generation != 1 {
				t.Errorf("auth %d was rotated", i)
			}
		}
	})
}

// One whose row another replica has waits for it; the others of its batch do not.
func TestRefresh_ALockedRowHoldsNobodyElseUp(t *testing.T) {
	t.Parallel()
	storetest.OnEach(t, func(t *testing.T, databaseURL string) {
		s, other := storetest.Open(t, databaseURL), storetest.Open(t, databaseURL)
		if s.Dialect() == store.SQLite {
			return // it has one writer
		}
		fill(t, s)
		if err := redeem(t.Context(), s, newConsumption("t", "free")); err != nil {
			t.Fatal(err)
		}
		holding, release := make(chan struct{}), make(chan struct{})
		var all sync.WaitGroup
		rotates := func(s *store.Store, id, presented string, want bool, made func()) {
			ok, err := s.RotateRefreshToken(t.Context(), id, func() models.Rotation { made(); return rotation(presented, presented+" next") })
			if ok != want || err != nil {
				t.Errorf("%s: %v, %v, want %v", id, ok, err, want)
			}
		}
		all.Go(func() { rotates(other, "auth 1", "refresh 1", true, func() { close(holding); <-release }) })
		<-holding
		all.Go(func() { rotates(s, "auth 1", "refresh 1", false, func() {}) })
		for !waitsForLock(t, s) {
			runtime.Gosched()
		}
		rotates(s, "auth free", "refresh free", true, func() {}) // while the other still holds its row
		close(release)
		all.Wait()
	})
}
