package store

import (
	"context"

	"muster/models"
)

// CreateNote inserts one.
func (s *Store) CreateNote(ctx context.Context, n *models.Note, event models.AuditEvent) error {
	return s.create(ctx, "note", n, event)
}

// Notes reads those about an object, the newest first, at most limit.
func (s *Store) Notes(ctx context.Context, objectKind, objectID string, limit int) ([]models.Note, error) {
	notes := []models.Note{}
	err := s.read.WithContext(ctx).Where("object_kind = ? AND object_id = ?", objectKind, objectID).Order("id DESC").Limit(limit).Find(&notes).Error
	return notes, s.failure(err, "note")
}
