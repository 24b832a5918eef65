package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store/listing"
	"muster/models/store/search"
)

const refusedAttempt = "refused attempt"

// RecordRefusedAttempt inserts the attempt and adds one to its registration
// token's refused count. Beyond caps, for one registration token (or for all
// unknown secrets together) and minute, it only raises the count and reports
// false. KindConflict when the support code is taken.
func (s *Store) RecordRefusedAttempt(ctx context.Context, attempt *models.RefusedAttempt, caps models.RefusedCaps) (bool, error) {
	kept, words := false, search.Of(*attempt)
	err := s.change(ctx, refusedAttempt, func(tx *gorm.DB) error {
		kept = false
		minute := attempt.AttemptedAt.UTC().Truncate(time.Minute)
		same := tx.Model(&models.RefusedAttempt{}).Where("attempted_at >= ? AND attempted_at < ?", minute, minute.Add(time.Minute))
		if attempt.RegistrationTokenID != nil {
			// The row lock also makes attempts on one token wait for each other.
			err := tx.Model(&models.RegistrationToken{}).Where("id = ?", *attempt.RegistrationTokenID).
				UpdateColumn("refused_count", gorm.Expr("refused_count + 1")).Error
			if err != nil {
				return err
			}
			same = same.Where("registration_token_id = ?", *attempt.RegistrationTokenID)
		} else {
			if err := s.serialize(tx, "refused attempts with unknown secrets"); err != nil {
				return err
			}
			same = same.Where("registration_token_id IS NULL")
		}
		same = same.Session(&gorm.Session{})
		var n int64
		if err := same.Count(&n).Error; err != nil || n >= int64(caps.Total) {
			return err
		}
		if caps.PerAddress > 0 {
			err := same.Where("ip = ?", attempt.IP).Count(&n).Error
			if err != nil || n >= int64(caps.PerAddress) {
				return err
			}
		}
		kept = true
		if err := tx.Create(attempt).Error; err != nil {
			return err
		}
		return words.Add(tx)
	})
	return kept && err == nil, err
}

type refusedAttemptRow = models.RefusedAttempt

var refusedAttemptList = listing.List[refusedAttemptRow]{
	Name:   "refusedAttempts",
	Newest: listing.By("attempted_at", func(a *refusedAttemptRow) any { return a.AttemptedAt }),
	ID:     func(a *refusedAttemptRow) string { return a.ID },
}

// RefusedAttempts lists those the filter selects, newest first. KindInvalid
// with the field pageSize, pageToken or sortBy.
func (s *Store) RefusedAttempts(ctx context.Context, filter models.RefusedAttemptFilter, page models.PageRequest) (models.Page[models.RefusedAttempt], error) {
	db := s.read.WithContext(ctx).Model(&models.RefusedAttempt{})
	if filter.RegistrationTokenID != "" {
		db = db.Where("registration_token_id = ?", filter.RegistrationTokenID)
	}
	result, err := refusedAttemptList.Page(db, filter, page)
	return result, s.failure(err, refusedAttempt)
}

// RefusedAttemptByCode finds the attempt a support code opens; KindNotFound.
func (s *Store) RefusedAttemptByCode(ctx context.Context, code string) (*models.RefusedAttempt, error) {
	return take[models.RefusedAttempt](ctx, s, refusedAttempt, "support_code = ?", code)
}
