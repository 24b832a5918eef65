package tokens

import (
	"context"
	"log/slog"
	"sync"

	"muster/models"
)

// maxTouches bounds the writes waiting for a busy database. Further ones are
// dropped; the next use tries again.
const maxTouches = 32

// touches records in the background that something was seen, while the answer goes
// out.
type touches struct {
	mu      sync.Mutex
	closed  bool
	running sync.WaitGroup
	pending map[string]bool
}

// inBackground runs write, unless a write for the same object or too many others
// are running, or the service is closed. A failure is only logged.
func (s *Service) inBackground(ctx context.Context, kind, id string, write func(context.Context) error) {
	t, key := &s.touches, kind+" "+id
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed || t.pending[key] || len(t.pending) >= maxTouches {
		return
	}
	if t.pending == nil {
		t.pending = map[string]bool{}
	}
	t.pending[key] = true
	ctx = context.WithoutCancel(ctx)
	t.running.Go(func() {
		err := write(ctx)
		t.mu.Lock()
		delete(t.pending, key)
		t.mu.Unlock()
		if err != nil {
			s.cfg.Logger.LogAttrs(ctx, slog.LevelWarn, "use not recorded",
				slog.String(kind, id), slog.String("error", err.Error()))
		}
	})
}

// Close waits for running writes and accepts no more; the service can still be
// used. Call it before the store is closed.
func (s *Service) Close() {
	s.touches.mu.Lock()
	s.touches.closed = true
	s.touches.mu.Unlock()
	s.touches.running.Wait()
}

// touch records that the auth token was seen. The last seen address stays, because
// a resource server is asking, not the device. The first use ends the replay of
// the answer kept for an idempotency key (rule 8), so it must be stored before the
// answer; later ones may be lost.
func (s *Service) touch(ctx context.Context, t *models.Standing) error {
	now := s.now()
	if t.FirstUsedAt != nil && now.Before(t.LastSeenAt.Add(touchInterval)) {
		return nil
	}
	write := func(ctx context.Context) error {
		if err := s.store.TouchAuthToken(ctx, t.ID, now, t.LastSeenIP); err != nil {
			return err
		}
		s.notify(Change{RegistrationTokenID: t.RegistrationTokenID, AuthTokenID: t.ID, Kind: ChangeAuthToken})
		return nil
	}
	if t.FirstUsedAt == nil {
		return write(ctx)
	}
	s.inBackground(ctx, models.ObjectAuthToken, t.ID, write)
	return nil
}

// touchAPIKey records the use of an API key.
func (s *Service) touchAPIKey(ctx context.Context, row *models.APIKey) {
	now := s.now()
	if row.LastUsedAt != nil && now.Before(row.LastUsedAt.Add(touchInterval)) {
		return
	}
	s.inBackground(ctx, models.ObjectAPIKey, row.ID, func(ctx context.Context) error { return s.store.TouchAPIKey(ctx, row.ID, now) })
}
