package store

import (
	"time"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store/deletion"
)

// lockRegistrationTokensOf takes the row locks in the same order as a redemption
// (registration token first, by id), so that the two cannot deadlock on
// PostgreSQL. For a finding it locks all that the verdict is judged by: which one
// of a device is kept must not change while it is decided.
func (s *Store) lockRegistrationTokensOf(tx *gorm.DB, d models.AuthTokenDeletion, now time.Time) error {
	if s.dialect == SQLite || d.Filter.Finding == "" && !d.ReturnCount {
		return nil
	}
	var ids []string
	registrationTokens := s.locked(tx.Model(&models.RegistrationToken{})).Order("id")
	if of := d.Filter.RegistrationTokenID; d.Filter.Finding != "" {
		if err := registrationTokens.Where("id = ?", of).Pluck("id", &ids).Error; err != nil {
			return err
		}
		uses := s.locked(tx.Model(&models.AuthToken{})).Select("id").Where("registration_token_id = ? AND NOT count_reclaimed", of).Order("id")
		var n int64
		return tx.Table("(?) AS uses", uses).Count(&n).Error
	}
	selected, err := s.filterAuthTokens(tx, d.Filter, now)
	if err != nil {
		return err
	}
	return registrationTokens.Where("id IN (?)", selected.Select("registration_token_id")).Pluck("id", &ids).Error
}

// lockForDeletion locks what the filter selects, in the order of ids. Before it says
// what is in surplus, it locks all of each device, also the one that is kept.
func (s *Store) lockForDeletion(tx *gorm.DB, d models.AuthTokenDeletion, now time.Time) ([]string, error) {
	if d.Filter.Lens == models.LensSurplus {
		shared := d
		shared.Filter.Lens = models.LensSharedDevice
		if _, err := s.lockForDeletion(tx, shared, now); err != nil {
			return nil, err
		}
	}
	selected, err := s.chosenForDeletion(tx, d, now)
	if err != nil {
		return nil, err
	}
	var ids []string
	return ids, s.locked(selected).Order("id").Pluck("id", &ids).Error
}

// chosenForDeletion selects what the filter does, with the auth tokens of a finding
// worked out from what tx sees.
func (s *Store) chosenForDeletion(tx *gorm.DB, d models.AuthTokenDeletion, now time.Time) (*gorm.DB, error) {
	f := d.Filter
	if f.Finding == "" {
		return s.filterAuthTokens(tx, f, now)
	}
	ids, err := deletion.AuthTokensOf(tx, d, s.rules)
	if err != nil {
		return nil, err
	}
	f.Finding, f.IDs = "", ids
	return s.filterAuthTokens(tx, f, now)
}
