package store_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"muster/models"
	"muster/models/store"
)

// Many redeem at once while one is being written: what each is told is what was
// written, whatever its neighbours are. A few are written with the statements of many;
// an idempotency key, a list and a row that cannot be stored make them go one by one.
func TestRedeem_ManyAtOnceEachGetItsOwnAnswer(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		// odd changes some of the consumptions.
		odd func(i int, c *models.Consumption)
		// want is how many are written of 40 for a count of 30 beside the first.
		want int
	}{
		"all alike":    {func(int, *models.Consumption) {}, 29},
		"not admitted": {func(i int, c *models.Consumption) { c.Redemption.IP = []string{"10.0.0.7", "203.0.113.9"}[i%2] }, 20},
		"one is repeated": {func(i int, c *models.Consumption) {
			if i == 7 {
				c.AuthToken.ID, c.Redemption.AuthTokenID = "auth first", "auth first"
			}
		}, 29},
		"not storable": {func(i int, c *models.Consumption) {
			if i%10 == 3 {
				c.Redemption.UserAgent = "NUL \x00 and no text \xff"
			}
		}, 29},
		"one key for all": {func(_ int, c *models.Consumption) {
			c.Kept = &models.KeptAnswer{RegistrationTokenID: "hot", KeyDigest: sum("key"), RequestDigest: sum("body"), AuthTokenID: c.AuthToken.ID, Sealed: []byte("x"), CreatedAt: day}
		}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			both(t, func(t *testing.T, s *store.Store) {
				token := newToken("hot", 30)
				if name == "not admitted" {
					token.Networks = []string{"10.0.0.0/8"}
				}
				for _, t2 := range []*models.RegistrationToken{token, newToken("other", 500)} {
					if err := s.CreateRegistrationToken(t.Context(), t2, newEvent("created "+t2.ID)); err != nil {
						t.Fatal(err)
					}
				}
				first := newConsumption("hot", "first")
				first.Redemption.IP = "10.0.0.1"
				holding, release := make(chan struct{}), make(chan struct{})
				hold := sync.OnceFunc(func() { close(holding); <-release })
				var all sync.WaitGroup
				all.Go(func() {
					if _, err := s.Redeem(t.Context(), "hot", func() models.Consumption { hold(); return *first }); err != nil {
						t.Errorf("the first: %v", err)
					}
				})
				<-holding
				var mu sync.Mutex
				var numbers []int
				for i := range 40 {
					all.Go(func() {
						c2 := newConsumption("hot", fmt.Sprint(i))
						c2.Redemption.RedeemedAt = day.Add(time.Duration(i) * time.Millisecond)
						c.odd(i, c2)
						stored, err := s.Redeem(t.Context(), "hot", func() models.Consumption { return *c2 })
						if err != nil {
							_, away := errors.AsType[*models.NotAdmitted](err)
							if !away && !errors.Is(err, models.ErrNotConsumed) && !errors.Is(err, models.ErrAnswerKept) && models.ErrorKind(err) != models.KindInvalid && models.ErrorKind(err) != models.KindConflict {
								t.Errorf("%d: %v", i, err)
							}
							return
						}
						mu.Lock()
						defer mu.Unlock()
						numbers = append(numbers, stored.Redemption.UseNumber)
					})
					all.Go(func() {
						if err := redeem(t.Context(), s, newConsumption("other", fmt.Sprint("other ", i))); err != nil {
							t.Errorf("a neighbour of another registration token: %v", err)
						}
					})
				}
				close(release)
				all.Wait()
				slices.Sort(numbers)
				if len(numbers) != c.want || len(slices.Compact(slices.Clone(numbers))) != c.want {
					t.Errorf("%d were told that they have one, want %d: %v", len(numbers), c.want, numbers)
				}
				for id, used := range map[string]int{"hot": c.want + 1, "other": 40} {
					if got, err := s.RegistrationToken(t.Context(), id); err != nil || got.UsedCount != used || got.RedemptionCount != used {
						t.Errorf("%s has used %d of %d redemptions, want %d; %v", id, got.UsedCount, got.RedemptionCount, used, err)
					}
				}
				wantBooks(t, s, 0)
			})
		})
	}
}
