package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store/edits"
	"muster/models/store/search"
)

const registrationToken = "registration token"

// CreateRegistrationToken inserts token and the list of the expected.
func (s *Store) CreateRegistrationToken(ctx context.Context, token *models.RegistrationToken, event models.AuditEvent, expected ...models.Expectation) error {
	words := search.Of(*token)
	return s.change(ctx, registrationToken, func(tx *gorm.DB) error {
		if err := tx.Create(token).Error; err != nil {
			return err
		}
		if err := words.Add(tx); err != nil {
			return err
		}
		if err := createExpectations(tx, expected); err != nil {
			return err
		}
		return appendAudit(tx, event)
	})
}

// CreateRegistrationTokens inserts all of them, or none.
func (s *Store) CreateRegistrationTokens(ctx context.Context, tokens []models.RegistrationToken, events []models.AuditEvent) error {
	words := search.Of(tokens...)
	return s.change(ctx, registrationToken, func(tx *gorm.DB) error {
		if err := tx.CreateInBatches(&tokens, batchRows).Error; err != nil {
			return err
		}
		if err := words.Add(tx); err != nil {
			return err
		}
		return appendAudit(tx, events...)
	})
}

// RegistrationToken reads one with its Customer; KindNotFound.
func (s *Store) RegistrationToken(ctx context.Context, id string) (*models.RegistrationToken, error) {
	token, err := takeWithCustomer(s.reading(ctx), s.fillRegistrationTokenCustomers, "id = ?", id)
	return token, s.failure(err, registrationToken)
}

// RegistrationTokenByDigest finds the token of a presented secret, deleted
// ones included; KindNotFound.
func (s *Store) RegistrationTokenByDigest(ctx context.Context, digest []byte) (*models.RegistrationToken, error) {
	token, err := takeWithCustomer(s.db.HotRead.WithContext(ctx), s.fillRegistrationTokenCustomers, "secret_digest = ?", digest)
	return token, s.failure(err, registrationToken)
}

// UpdateRegistrationToken applies change by one guarded UPDATE: not deleted,
// not expired at now, not replaced when enabled, used count not above
// change.Count, and updated_at still equal to readAt. KindNotFound;
// KindConflict says which guard refused.
func (s *Store) UpdateRegistrationToken(ctx context.Context, id string, readAt time.Time, change models.RegistrationTokenChange, now time.Time, events ...models.AuditEvent) (*models.RegistrationToken, error) {
	by := ""
	if len(events) > 0 {
		by = events[0].ActorName
	}
	var updated *models.RegistrationToken
	err := s.change(ctx, registrationToken, func(tx *gorm.DB) error {
		if err := edits.Guarded(tx, id, readAt, change, now, by); err != nil {
			return err
		}
		if err := appendAudit(tx, events...); err != nil {
			return err
		}
		var err error
		updated, err = takeWithCustomer(tx, s.fillRegistrationTokenCustomers, "id = ?", id)
		return err
	})
	return updated, err
}
