package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store/expected"
	"muster/models/store/listing"
)

const expectation = "entry of the expected list"

type expectationRow = models.Expectation

var expectationList = listing.List[expectationRow]{
	Name: "expectations",
	Newest: listing.By("first_arrived_at", func(e *expectationRow) any {
		if e.FirstArrivedAt == nil {
			return time.Time{}
		}
		return *e.FirstArrivedAt
	}),
	Sorts: map[string]listing.Order[expectationRow]{
		"pattern": listing.By("folded", func(e *expectationRow) any { return e.Folded }),
	},
	ID: func(e *expectationRow) string { return e.ID },
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
		ordered = listing.AsMasked(s.texts, ordered, "pattern")
	}
	result, err := ordered.Page(db, filter, page)
	return result, s.failure(err, expectation)
}

// ExpectedList reads the whole list of a registration token, at most
// models.MaxExpected, by name.
func (s *Store) ExpectedList(ctx context.Context, registrationTokenID string) ([]models.Expectation, error) {
	var rows []models.Expectation
	err := s.read.WithContext(ctx).Where("registration_token_id = ?", registrationTokenID).Order("folded, kind").Find(&rows).Error
	return rows, s.failure(err, expectation)
}

// ExpectationCounts counts the entries of a list, and the live auth tokens of uses
// that were not expected.
func (s *Store) ExpectationCounts(ctx context.Context, registrationTokenID string, now time.Time) (models.ExpectationCounts, error) {
	var counts models.ExpectationCounts
	if err := s.awaitDesk(ctx, false); err != nil {
		return counts, err
	}
	err := s.snapshot(ctx, func(tx *gorm.DB) error {
		var err error
		if counts, err = expected.Count(tx, registrationTokenID); err != nil {
			return err
		}
		strangers, err := s.filterDesk(tx, models.AuthTokenFilter{RegistrationTokenID: registrationTokenID, Lens: models.LensUnexpected}, now)
		if err != nil {
			return err
		}
		var unexpected int64
		err = strangers.Count(&unexpected).Error
		counts.Unexpected = int(unexpected)
		return err
	})
	return counts, s.failure(err, expectation)
}

// ClaimedLists lists the registration tokens with e-mail entries that claims meet.
func (s *Store) ClaimedLists(ctx context.Context, now time.Time) ([]models.ClaimedList, error) {
	lists, err := expected.ByClaim(s.read.WithContext(ctx), now)
	return lists, s.failure(err, expectation)
}
