package store

import (
	"context"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store/listing"
	"muster/models/store/trail"
)

const auditEvent = "audit event"

// AuditEvents lists those the filter selects, newest first unless page says otherwise.
// Sorting is by occurredAt. KindInvalid with
// the field pageSize, pageToken or sortBy.
func (s *Store) AuditEvents(ctx context.Context, filter models.AuditFilter, page models.PageRequest) (models.Page[models.AuditEvent], error) {
	db := s.read.WithContext(ctx)
	parts, err := trail.Parts(db, s.texts, filter)
	if err != nil {
		return models.Page[models.AuditEvent]{}, s.failure(err, auditEvent)
	}
	result, err := trail.List.PageOf(parts, filter, page)
	if err == nil {
		err = listing.Count(db, &result, page, func(db *gorm.DB) (*gorm.DB, error) {
			parts, err := trail.Parts(db, s.texts, filter)
			return listing.Joined(parts...), err
		})
	}
	return result, s.failure(err, auditEvent)
}

// AuditEvent reads one; KindNotFound.
func (s *Store) AuditEvent(ctx context.Context, id string) (*models.AuditEvent, error) {
	var e models.AuditEvent
	return &e, s.failure(trail.Event(s.read.WithContext(ctx), id).Take(&e).Error, auditEvent)
}
