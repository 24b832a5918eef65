package store

import (
	"context"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store/search"
)

// CreateNote inserts one.
func (s *Store) CreateNote(ctx context.Context, n *models.Note, event models.AuditEvent) error {
	words := search.Of(*n)
	return s.change(ctx, "note", func(tx *gorm.DB) error {
		if err := tx.Create(n).Error; err != nil {
			return err
		}
		if err := words.Add(tx); err != nil {
			return err
		}
		return appendAudit(tx, event)
	})
}

// Notes reads those about an object, the newest first, at most limit.
func (s *Store) Notes(ctx context.Context, objectKind, objectID string, limit int) ([]models.Note, error) {
	notes := []models.Note{}
	err := s.read.WithContext(ctx).Where("object_kind = ? AND object_id = ?", objectKind, objectID).Order("id DESC").Limit(limit).Find(&notes).Error
	return notes, s.failure(err, "note")
}
