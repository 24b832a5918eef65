package store

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"muster/models"
)

// consume is the only statement that takes a count. Each condition stands in
// its WHERE, so no race and no stale read can take one too many; the CHECK
// constraints of the table stand behind it.
const consume = `UPDATE registration_tokens
SET used_count = used_count + 1, redemption_count = redemption_count + 1, last_redeemed_at = ?
WHERE id = ? AND deleted_at IS NULL AND disabled_at IS NULL AND expires_at > ? AND used_count < count
RETURNING redemption_count`

// Redeem takes one count, then writes the ledger row, the auth token, the kept
// answer and the audit event, all at the time of r.Clock once it holds the
// lock. Redemption.UseNumber is set from the row. When
// the guard refuses, it returns ErrNotConsumed and has changed nothing; when
// another request holds the same idempotency key (not older than KeptSince),
// ErrAnswerKept; when rules or list turn it away, [models.NotAdmitted].
func (s *Store) Redeem(ctx context.Context, r *models.Consumption) error {
	return s.change(ctx, "redemption", func(tx *gorm.DB) error {
		// First of all: what competes for the count, or has the same key, waits
		// here. Only then does the time count, or a token that lapsed during
		// the wait would still be redeemed.
		if err := s.lockRow(tx, &models.RegistrationToken{}, r.Redemption.RegistrationTokenID); err != nil {
			return err
		}
		r.Settle()
		if r.Kept != nil {
			if err := keepAnswer(tx, r.Kept, r.KeptSince); err != nil {
				return err
			}
		}
		judged, err := judge(tx, r.Redemption.RegistrationTokenID, r.Presented())
		if err != nil {
			return err
		}
		if judged.Refused != "" {
			return &models.NotAdmitted{Rule: judged.Refused}
		}
		var numbers []int
		if err := tx.Raw(consume, r.Now, r.Redemption.RegistrationTokenID, r.Now).Scan(&numbers).Error; err != nil {
			return err
		}
		if len(numbers) != 1 {
			return models.ErrNotConsumed
		}
		r.Redemption.UseNumber = numbers[0]
		if err := tx.Create(&r.Redemption).Error; err != nil {
			return err
		}
		if err := markSeveral(tx, &r.AuthToken); err != nil {
			return err
		}
		r.AuthToken.Unexpected, r.AuthToken.ExpectationID = judged.Unexpected, nil
		if judged.Expected != nil {
			r.AuthToken.ExpectationID = &judged.Expected.ID
		}
		if err := tx.Create(&r.AuthToken).Error; err != nil {
			return err
		}
		if err := arrive(tx, &r.AuthToken); err != nil {
			return err
		}
		return appendAudit(tx, r.Event)
	})
}

func keepAnswer(tx *gorm.DB, kept *models.KeptAnswer, since time.Time) error {
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
	var kept models.KeptAnswer
	err := s.read.WithContext(ctx).
		Where("registration_token_id = ? AND key_digest = ? AND created_at >= ?", registrationTokenID, keyDigest, since).
		Take(&kept).Error
	if err != nil {
		return nil, s.failure(err, "kept answer")
	}
	return &kept, nil
}

// Redemption reads one row of the ledger; KindNotFound.
func (s *Store) Redemption(ctx context.Context, id string) (*models.Redemption, error) {
	var r models.Redemption
	if err := s.read.WithContext(ctx).Where("id = ?", id).Take(&r).Error; err != nil {
		return nil, s.failure(err, "redemption")
	}
	return &r, nil
}
