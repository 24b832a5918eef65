package store

import (
	"context"
	"time"

	"muster/models"
	"muster/models/store/redeeming"
)

// Redeem takes one count, then writes the ledger row, the auth token and the kept
// answer, and returns them as stored. It calls rows once it
// holds the lock, which others may have held for a while, so that their time is
// the one that counts; rows must not wait for anything. If it returns
// ErrNotConsumed (the guard refused), ErrAnswerKept (another request holds the
// idempotency key) or [models.NotAdmitted] (rules or list refused), nothing has
// changed.
func (s *Store) Redeem(ctx context.Context, registrationTokenID string, rows func() models.Consumption) (*models.Consumption, error) {
	r := redeeming.Redemption{RegistrationTokenID: registrationTokenID, Rows: rows}
	if err := together(ctx, s, s.redemptions, "redemption", registrationTokenID, &r); err != nil {
		return nil, err
	}
	return &r.Stored, nil
}

// KeptAnswer reads the answer kept for an idempotency key since a time;
// KindNotFound.
func (s *Store) KeptAnswer(ctx context.Context, registrationTokenID string, keyDigest []byte, since time.Time) (*models.KeptAnswer, error) {
	return takeHot[models.KeptAnswer](ctx, s, "kept answer",
		"registration_token_id = ? AND key_digest = ? AND created_at >= ?", registrationTokenID, keyDigest, since)
}

// Redemption reads one row of the ledger; KindNotFound.
func (s *Store) Redemption(ctx context.Context, id string) (*models.Redemption, error) {
	return take[models.Redemption](ctx, s, "redemption", "id = ?", id)
}
