// Package redeeming writes redemptions: one by one, or many that came at once with a
// few statements.
package redeeming

import (
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"muster/models"
	"muster/models/store/bulk"
)

// Redemption is one that is asked for.
type Redemption struct {
	RegistrationTokenID string
	// Rows makes what it writes, once the lock is held; it may be called again.
	Rows func() models.Consumption
	// Stored is what was written.
	Stored models.Consumption
}

// Writer writes redemptions.
type Writer struct {
	// Locks tells that rows are locked one by one: PostgreSQL. SQLite has one writer.
	Locks bool
	// Redeemable is the condition of a registration token that has a count to take,
	// in which @now stands for the time.
	Redeemable string
	// Numbered are the columns that number a new auth token for the desk, where the
	// database would write it a second time for that.
	Numbered []bulk.Column
}

// One writes a redemption. ErrNotConsumed, ErrAnswerKept and [models.NotAdmitted] are
// decisions; it may have written a part then.
func (w Writer) One(tx *gorm.DB, r *Redemption) error {
	// This comes first: whatever competes for the count, or has the same key, waits
	// here. The time is taken afterwards, or a token that expired during the wait could
	// still be redeemed.
	if err := w.lock(tx, r.RegistrationTokenID); err != nil {
		return err
	}
	r.Stored = r.Rows()
	c := &r.Stored
	if c.Kept != nil {
		if err := keepAnswer(tx, c.Kept); err != nil {
			return err
		}
	}
	judged, err := Judge(tx, r.RegistrationTokenID, c.Presented())
	if err != nil {
		return err
	}
	if judged.Refused != "" {
		return &models.NotAdmitted{Rule: judged.Refused}
	}
	number, err := w.consume(tx, r.RegistrationTokenID, 1, c)
	if err != nil {
		return err
	}
	c.Redemption.UseNumber = number
	if err := bulk.Insert(tx, []models.Redemption{c.Redemption}); err != nil {
		return err
	}
	admit(c, judged)
	if err := bulk.Insert(tx, []models.AuthToken{c.AuthToken}, w.Numbered...); err != nil {
		return err
	}
	return recordArrival(tx, &c.AuthToken)
}

func admit(c *models.Consumption, judged models.Judged) {
	c.AuthToken.Unexpected, c.AuthToken.ExpectationID = judged.Unexpected, nil
	if judged.Expected != nil {
		c.AuthToken.ExpectationID = &judged.Expected.ID
	}
}

func (w Writer) lock(tx *gorm.DB, id string) error {
	if !w.Locks {
		return nil
	}
	var ids []string
	return tx.Model(&models.RegistrationToken{}).Clauses(clause.Locking{Strength: "NO KEY UPDATE"}).Where("id = ?", id).Pluck("id", &ids).Error
}

// consume is the only statement that takes counts. Its WHERE holds every condition,
// so no race and no stale read can take one too many; the CHECK constraints of the
// table back it up. It returns the number of the last use; ErrNotConsumed.
func (w Writer) consume(tx *gorm.DB, id string, counts int, last *models.Consumption) (int, error) {
	var numbers []int
	err := tx.Raw(`UPDATE registration_tokens
SET used_count = used_count + @counts, redemption_count = redemption_count + @counts, last_redeemed_at = @now
WHERE id = @id AND used_count + @counts <= count AND `+w.Redeemable+`
RETURNING redemption_count`, map[string]any{"id": id, "now": last.Redemption.RedeemedAt, "counts": counts}).Scan(&numbers).Error
	if err != nil {
		return 0, err
	}
	if len(numbers) != 1 {
		return 0, models.ErrNotConsumed
	}
	return numbers[0], nil
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
