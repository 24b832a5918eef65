package store_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"testing"

	"muster/models"
	"muster/models/store"
	"muster/models/store/storetest"
)

// projectUntilKilled changes auth tokens at random, and projects beside it. It
// prints a line for each change.
func projectUntilKilled(url string) error {
	ctx := context.Background()
	s, err := store.Open(ctx, url)
	if err != nil {
		return err
	}
	s.BatchOf(1 + rand.IntN(20))
	go s.Project(ctx, slog.New(slog.DiscardHandler))
	h := &history{s: s, r: rand.New(rand.NewPCG(rand.Uint64(), 0)), name: fmt.Sprint(os.Getpid()), token: "t"} //nolint:gosec // a history, no secret
	for {
		if err := h.next(ctx); err != nil {
			return err
		}
		if _, err := s.Await(ctx); err != nil && !errors.Is(err, context.Canceled) {
			return err
		}
		fmt.Println("changed")
	}
}

func TestProjection_KilledTwoHundredTimesIsThatMadeAfresh(t *testing.T) {
	t.Parallel()
	url := storetest.SQLite(t)
	s := storetest.Open(t, url)
	if err := s.CreateRegistrationToken(t.Context(), newToken("t", models.MaxCount), newEvent("created")); err != nil {
		t.Fatal(err)
	}
	rounds := 200
	if testing.Short() {
		rounds = 10
	}
	for round := range rounds {
		workAndKill(t, projectVariable, url, 1+rand.IntN(12))
		if round%20 == 19 {
			wantSame(t, fmt.Sprintf("after %d kills", round+1), s)
		}
		if t.Failed() {
			return
		}
	}
	wantSame(t, "after all kills", s)
}
