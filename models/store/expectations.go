package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"muster/models"
)

const expectation = "entry of the expected list"

type expectationRow = models.Expectation

var expectationList = list[expectationRow]{
	name: "expectations",
	newest: order[expectationRow]{"first_arrived_at", func(e *expectationRow) any {
		if e.FirstArrivedAt == nil {
			return time.Time{}
		}
		return *e.FirstArrivedAt
	}},
	sorts: map[string]order[expectationRow]{
		"pattern": {"folded", func(e *expectationRow) any { return e.Folded }},
	},
	id: func(e *expectationRow) string { return e.ID },
}

// Expectations lists a part of the list of a registration token: those who have
// arrived, the newest first, or those who are missing, by name. KindInvalid with the
// field pageSize, pageToken or state.
func (s *Store) Expectations(ctx context.Context, filter models.ExpectationFilter, page models.PageRequest) (models.Page[models.Expectation], error) {
	db := s.read.WithContext(ctx).Model(&models.Expectation{}).Where("registration_token_id = ?", filter.RegistrationTokenID)
	switch filter.State {
	case models.ExpectationArrived:
		db, page.SortBy = db.Where("first_arrived_at IS NOT NULL"), ""
	case models.ExpectationMissing:
		db, page.SortBy, page.Descending = db.Where("first_arrived_at IS NULL"), "pattern", false
	default:
		return models.Page[models.Expectation]{}, models.InvalidField("state", "state must be one of arrived, missing.")
	}
	ordered := expectationList
	if filter.AsMasked {
		ordered = asMasked(s, ordered, "pattern")
	}
	result, err := ordered.page(db, filter, page)
	return result, s.failure(err, expectation)
}

// ExpectedList reads the whole list of a registration token, at most
// models.MaxExpected, by name.
func (s *Store) ExpectedList(ctx context.Context, registrationTokenID string) ([]models.Expectation, error) {
	var rows []models.Expectation
	err := s.read.WithContext(ctx).Where("registration_token_id = ?", registrationTokenID).Order("folded, kind").Find(&rows).Error
	return rows, s.failure(err, expectation)
}

// ExpectationCounts counts who has arrived, who is missing, and the live auth
// tokens of uses that were not expected.
func (s *Store) ExpectationCounts(ctx context.Context, registrationTokenID string, now time.Time) (models.ExpectationCounts, error) {
	var arrived, missing, unexpected int64
	if err := s.awaitDesk(ctx, false); err != nil {
		return models.ExpectationCounts{}, err
	}
	err := s.snapshot(ctx, func(tx *gorm.DB) error {
		of := func() *gorm.DB {
			return tx.Model(&models.Expectation{}).Where("registration_token_id = ?", registrationTokenID)
		}
		if err := of().Where("first_arrived_at IS NOT NULL").Count(&arrived).Error; err != nil {
			return err
		}
		if err := of().Where("first_arrived_at IS NULL").Count(&missing).Error; err != nil {
			return err
		}
		strangers, err := s.filterDesk(tx, models.AuthTokenFilter{RegistrationTokenID: registrationTokenID, Lens: models.LensUnexpected}, now)
		if err != nil {
			return err
		}
		return strangers.Count(&unexpected).Error
	})
	return models.ExpectationCounts{Arrived: int(arrived), Missing: int(missing), Unexpected: int(unexpected)}, s.failure(err, expectation)
}
