package store

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"muster/models"
)

const (
	personalDataGrant = "grant"
	ofGrant           = "actor_id = ? AND object_kind = ? AND object_id = ?"
)

// GrantPersonalData shows an object's personal data to an actor until the grant
// expires, and records it in the trail. An existing grant is extended.
func (s *Store) GrantPersonalData(ctx context.Context, grant models.PersonalDataGrant, event models.AuditEvent) error {
	return s.change(ctx, personalDataGrant, func(tx *gorm.DB) error {
		again := clause.OnConflict{
			Columns:   []clause.Column{{Name: "actor_id"}, {Name: "object_kind"}, {Name: "object_id"}},
			DoUpdates: clause.AssignmentColumns([]string{"expires_at"}),
		}
		if err := tx.Clauses(again).Create(&grant).Error; err != nil {
			return err
		}
		return appendAudit(tx, event)
	})
}

// WithdrawPersonalData ends the grant of an actor for an object; the event is
// written if there was one.
func (s *Store) WithdrawPersonalData(ctx context.Context, grant models.PersonalDataGrant, event models.AuditEvent) error {
	return s.change(ctx, personalDataGrant, func(tx *gorm.DB) error {
		ended := tx.Where(ofGrant, grant.ActorID, grant.ObjectKind, grant.ObjectID).Delete(&models.PersonalDataGrant{})
		return auditChange(tx, ended, event)
	})
}

// PersonalDataGrant reads the grant of an actor for an object; KindNotFound
// when there is none, or it has expired at now.
func (s *Store) PersonalDataGrant(ctx context.Context, actorID, kind, id string, now time.Time) (*models.PersonalDataGrant, error) {
	return take[models.PersonalDataGrant](ctx, s, personalDataGrant, ofGrant+" AND expires_at > ?", actorID, kind, id, now)
}
