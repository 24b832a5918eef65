package tokens

import (
	"context"

	"muster/models"
)

// IssuedBefore returns the auth token that was issued for a registration token and an
// idempotency key, while its answer is kept (rule 8). It takes no count and records
// nothing, so a page can be shown again with it; the caller vouches that it is the
// one who redeemed. KindNotFound when there is no such answer any more.
func (s *Service) IssuedBefore(ctx context.Context, secret models.Secret, idempotencyKey string) (*IssuedAuthToken, error) {
	now := s.now()
	token, _, err := s.findRegistrationToken(ctx, secret)
	if err != nil {
		return nil, err
	}
	if token == nil || token.DeletedAt != nil {
		return nil, models.NotFound("auth token")
	}
	kept, err := s.store.KeptAnswer(ctx, token.ID, idempotencyDigest(idempotencyKey), now.Add(-models.KeptAnswerLifetime))
	if err != nil {
		return nil, err
	}
	issued, err := s.openKept(ctx, RedeemRequest{Secret: secret, IdempotencyKey: idempotencyKey}, token, kept, now)
	if err == nil && issued == nil {
		err = models.NotFound("auth token")
	}
	return issued, err
}
