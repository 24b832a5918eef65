package store

import (
	"context"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store/search"
)

// SearchAuthTokens finds auth tokens in any state, the newest first, without their
// Customer. KindUnavailable while the desk is not there yet.
func (s *Store) SearchAuthTokens(ctx context.Context, q models.Search) (models.Hits[models.AuthToken], error) {
	if err := s.awaitDesk(ctx, false); err != nil {
		return models.Hits[models.AuthToken]{}, err
	}
	return hits(ctx, s, authToken, q, search.AuthTokens, authTokenList.ID)
}

// SearchRefusedAttempts finds refused attempts in the same order.
func (s *Store) SearchRefusedAttempts(ctx context.Context, q models.Search) (models.Hits[models.RefusedAttempt], error) {
	return hits(ctx, s, refusedAttempt, q, search.RefusedAttempts, refusedAttemptList.ID)
}

// SearchRegistrationTokens finds registration tokens in any state in the same order,
// without their Customer.
func (s *Store) SearchRegistrationTokens(ctx context.Context, q models.Search) (models.Hits[models.RegistrationToken], error) {
	return hits(ctx, s, registrationToken, q, search.RegistrationTokens, registrationTokenList.ID)
}

// SearchNotes finds notes by their words, in the same order.
func (s *Store) SearchNotes(ctx context.Context, q models.Search) (models.Hits[models.Note], error) {
	return hits(ctx, s, "note", q, search.Notes, func(n *models.Note) string { return n.ID })
}

// hits reads the rows that a search finds, in one state of the database.
func hits[T any](ctx context.Context, s *Store, thing string, q models.Search, find func(*gorm.DB, models.Search) ([]string, models.Total, error), id func(*T) string) (models.Hits[T], error) {
	var found models.Hits[T]
	err := s.snapshot(ctx, func(tx *gorm.DB) error {
		ids, total, err := find(tx, q)
		if err != nil {
			return err
		}
		found.Total = total
		if len(ids) == 0 {
			return nil
		}
		// Ids sort by time.
		return tx.Where(s.oneOf("id", ids)).Order("id DESC").Find(&found.Rows).Error
	})
	return found, s.failure(err, thing)
}
