package store

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"muster/models"
)

// redeemable are the registration tokens that have a count to take.
var redeemable, _ = registrationTokenStates.condition(models.StatusActive)

// consume is the only statement that takes a count. Its WHERE holds every
// condition, so no race and no stale read can take one too many; the CHECK
// constraints of the table back it up.
var consume = `UPDATE registration_tokens
SET used_count = used_count + 1, redemption_count = redemption_count + 1, last_redeemed_at = @now
WHERE id = @id AND ` + string(redeemable) + `
RETURNING redemption_count`

// Redeem takes one count, then writes the ledger row, the auth token, the kept
// answer and the audit event, and returns them as stored. It calls rows once it
// holds the lock, which others may have held for a while, so that their time is
// the one that counts; rows must not wait for anything. If it returns
// ErrNotConsumed (the guard refused), ErrAnswerKept (another request holds the
// idempotency key) or [models.NotAdmitted] (rules or list refused), nothing has
// changed.
func (s *Store) Redeem(ctx context.Context, registrationTokenID string, rows func() models.Consumption) (*models.Consumption, error) {
	var r models.Consumption
	err := s.changeTogether(ctx, "redemption", registrationTokenID, func(tx *gorm.DB) error {
		// This comes first: whatever competes for the count, or has the same key,
		// waits here. The time is taken afterwards, or a token that expired during
		// the wait could still be redeemed.
		if err := s.lockRow(tx, &models.RegistrationToken{}, registrationTokenID); err != nil {
			return err
		}
		r = rows()
		if r.Kept != nil {
			if err := keepAnswer(tx, r.Kept); err != nil {
				return err
			}
		}
		judged, err := judge(tx, registrationTokenID, r.Presented())
		if err != nil {
			return err
		}
		if judged.Refused != "" {
			return &models.NotAdmitted{Rule: judged.Refused}
		}
		var numbers []int
		of := map[string]any{"id": registrationTokenID, "now": r.Redemption.RedeemedAt}
		if err := tx.Raw(consume, of).Scan(&numbers).Error; err != nil {
			return err
		}
		if len(numbers) != 1 {
			return models.ErrNotConsumed
		}
		r.Redemption.UseNumber = numbers[0]
		if err := tx.Create(&r.Redemption).Error; err != nil {
			return err
		}
		r.AuthToken.Unexpected, r.AuthToken.ExpectationID = judged.Unexpected, nil
		if judged.Expected != nil {
			r.AuthToken.ExpectationID = &judged.Expected.ID
		}
		if err := tx.Create(&r.AuthToken).Error; err != nil {
			return err
		}
		if err := recordArrival(tx, &r.AuthToken); err != nil {
			return err
		}
		return appendAudit(tx, r.Event)
	})
	if err != nil {
		return nil, err
	}
	return &r, nil
}

// keepAnswer may replace an answer whose lifetime is over.
func keepAnswer(tx *gorm.DB, kept *models.KeptAnswer) error {
	since := kept.CreatedAt.Add(-models.KeptAnswerLifetime)
	done := tx.Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "registration_token_id"}, {Name: "key_digest"}},
		DoUpdates: clause.AssignmentColumns([]string{"request_digest", "auth_token_id", "sealed", "created_at"}),
		Where:     clause.Where{Exprs: []clause.Expression{gorm.Expr("kept_answers.created_at < ?", since)}},
	}).Create(kept)
	if done.Error != nil {
		return done.Error
	}
	if done.RowsAffected == 0 {
		return models.ErrAnswerKept
	}
	return nil
}

// KeptAnswer reads the answer kept for an idempotency key since a time;
// KindNotFound.
func (s *Store) KeptAnswer(ctx context.Context, registrationTokenID string, keyDigest []byte, since time.Time) (*models.KeptAnswer, error) {
	return take[models.KeptAnswer](ctx, s, "kept answer",
		"registration_token_id = ? AND key_digest = ? AND created_at >= ?", registrationTokenID, keyDigest, since)
}

// Redemption reads one row of the ledger; KindNotFound.
func (s *Store) Redemption(ctx context.Context, id string) (*models.Redemption, error) {
	return take[models.Redemption](ctx, s, "redemption", "id = ?", id)
}
