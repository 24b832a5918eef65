package store

import (
	"context"

	"gorm.io/gorm"

	"muster/models"
)

// CreateRegistrationTokens inserts all of them, or none.
func (s *Store) CreateRegistrationTokens(ctx context.Context, tokens []models.RegistrationToken, events []models.AuditEvent) error {
	return s.change(ctx, registrationToken, func(tx *gorm.DB) error {
		if err := tx.CreateInBatches(&tokens, batchRows).Error; err != nil {
			return err
		}
		return appendAudit(tx, events...)
	})
}
