package tokens

import (
	"context"

	"muster/models"
)

// Close waits for running writes and accepts no more; the service can still be
// used. Call it before the store is closed.
func (s *Service) Close() { s.background.Close() }

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
	s.background.Do(ctx, models.ObjectAuthToken, t.ID, write)
	return nil
}

// touchAPIKey records the use of an API key.
func (s *Service) touchAPIKey(ctx context.Context, row *models.APIKey) {
	now := s.now()
	if row.LastUsedAt != nil && now.Before(row.LastUsedAt.Add(touchInterval)) {
		return
	}
	s.background.Do(ctx, models.ObjectAPIKey, row.ID, func(ctx context.Context) error { return s.store.TouchAPIKey(ctx, row.ID, now) })
}
