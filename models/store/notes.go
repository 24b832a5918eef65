package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store/search"
)

// sameNote is how long the same words of the same author about the same object are
// the same note: a form that was sent twice (rule 8).
const sameNote = 10 * time.Second

// CreateNote inserts one. Where it is the same as one of a moment ago, n becomes that.
func (s *Store) CreateNote(ctx context.Context, n *models.Note, event models.AuditEvent) error {
	words := search.Of(*n)
	return s.change(ctx, "note", func(tx *gorm.DB) error {
		if err := s.serialize(tx, "notes "+n.ObjectID); err != nil {
			return err
		}
		var same []models.Note
		if err := tx.Where("object_kind = ? AND object_id = ? AND created_by = ? AND text = ? AND ticket = ? AND created_at > ?",
			n.ObjectKind, n.ObjectID, n.CreatedBy, n.Text, n.Ticket, n.CreatedAt.Add(-sameNote)).Limit(1).Find(&same).Error; err != nil {
			return err
		}
		if len(same) > 0 {
			*n = same[0]
			return nil
		}
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
