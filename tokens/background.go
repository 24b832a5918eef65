package tokens

import (
	"context"
	"log/slog"
	"sync"

	"muster/models"
)

// maxTouches bounds the notes waiting for a busy database; further ones are
// dropped, the next use makes them again.
const maxTouches = 32

// touches writes down that something was seen while the answer goes out.
type touches struct {
	mu      sync.Mutex
	closed  bool
	running sync.WaitGroup
	pending map[string]bool
}

// inBackground runs write in the background, unless one for the same thing is under
// way, too many are, or the service is closed. A failure is logged only.
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

// Close waits for the notes under way and takes no more; the service can still
// be used. Call it before the store is closed.
func (s *Service) Close() {
	s.touches.mu.Lock()
	s.touches.closed = true
	s.touches.mu.Unlock()
	s.touches.running.Wait()
}

// touch notes that the auth token was seen. The address seen last stays: the
// one asking is a resource server, not the device. The first use ends the
// replay of the answer kept for an idempotency key (rule 8), so it
// must be stored before anything is answered; later ones may be lost.
func (s *Service) touch(ctx context.Context, t *models.AuthToken) error {
	now := s.now()
	if t.FirstUsedAt != nil && now.Before(t.LastSeenAt.Add(touchEvery)) {
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

// touchAPIKey notes the use of an API key.
func (s *Service) touchAPIKey(ctx context.Context, row *models.APIKey) {
	now := s.now()
	if row.LastUsedAt != nil && now.Before(row.LastUsedAt.Add(touchEvery)) {
		return
	}
	s.inBackground(ctx, models.ObjectAPIKey, row.ID, func(ctx context.Context) error { return s.store.TouchAPIKey(ctx, row.ID, now) })
}
