package tokens

import (
	"context"

	"muster/models"
)

// IssuedBefore returns the auth token that was issued for a registration token and an
// idempotency key, while its answer is kept (rule 8). It takes no count and records
// nothing, so a page can show it again to whoever redeemed: by is who is signed in,
// zero when nobody is. KindNotFound when there is no such answer any more,
// KindForbidden when somebody else redeemed.
func (s *Service) IssuedBefore(ctx context.Context, secret models.Secret, idempotencyKey string, by models.VerifiedIdentity) (*IssuedAuthToken, error) {
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
	switch {
	case err != nil:
		return nil, err
	case issued == nil:
		return nil, models.NotFound("auth token")
	}
	if redeemer := issued.AuthToken.VerifiedIdentity; redeemer.Issuer != by.Issuer || redeemer.Subject != by.Subject {
		return nil, models.Forbidden("Somebody else redeemed this.")
	}
	return issued, nil
}
