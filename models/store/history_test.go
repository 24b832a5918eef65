package store_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"muster/models"
	"muster/models/store"
)

// next makes one change.
func (h *history) next(ctx context.Context) error {
	at := day.Add(time.Duration(len(h.made)) * time.Second)
	any := func() string { return h.made[h.r.IntN(len(h.made))] }
	switch what := h.r.IntN(10); {
	case len(h.made) == 0 || what < 6:
		id := fmt.Sprintf("%s-%d", h.name, len(h.made))
		c := newConsumption(h.token, id)
		c.AuthToken.ClaimedIdentity, c.AuthToken.VerifiedIdentity = randomUse(h.r)
		c.AuthToken.IP = fmt.Sprintf("10.%d.0.1", h.r.IntN(3))
		c.Redemption.ClaimedIdentity, c.Redemption.VerifiedIdentity = c.AuthToken.ClaimedIdentity, c.AuthToken.VerifiedIdentity
		if err := redeem(ctx, h.s, c); err != nil {
			return err
		}
		h.made = append(h.made, c.AuthToken.ID)
		return nil
	case what < 8:
		return h.s.TouchAuthToken(ctx, any(), at, "10.9.9.9")
	case what < 9:
		id := any()
		return h.s.EndAuthToken(ctx, id, "reuse", at, newEvent("ended "+id+fmt.Sprint(h.r.Uint64())))
	default:
		_, _, err := h.s.DeleteAuthTokens(ctx, models.AuthTokenDeletion{
			Filter: models.AuthTokenFilter{IDs: []string{any()}}, ReturnCount: h.r.IntN(2) == 0,
		}, at, "Ada", newEvent(""))
		return err
	}
}

// running lets a store project in the background until the test ends.
func running(t *testing.T, s *store.Store, batch int) {
	t.Helper()
	s.BatchOf(batch)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.Project(ctx, slog.New(slog.DiscardHandler))
	}()
	t.Cleanup(func() { stop(); <-ended })
}
