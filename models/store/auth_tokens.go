package store

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store/refreshing"
)

const authToken = "auth token"

// AuthToken reads one with its Customer; KindNotFound.
func (s *Store) AuthToken(ctx context.Context, id string) (*models.AuthToken, error) {
	token, err := takeWithCustomer(s.read.WithContext(ctx), s.fillAuthTokenCustomers, "id = ?", id)
	return token, s.failure(err, authToken)
}

// UpdateAuthTokenLabels changes identifier and references; KindStale, KindNotFound.
func (s *Store) UpdateAuthTokenLabels(ctx context.Context, id string, labels models.AuthTokenLabels, event models.AuditEvent) (*models.AuthToken, error) {
	fields := map[string]any{}
	for column, value := range map[string]*string{
		"identifier": labels.Identifier, "ref_id_1": labels.RefID1, "ref_id_2": labels.RefID2,
	} {
		if value != nil {
			fields[column] = *value
		}
	}
	var updated *models.AuthToken
	err := s.change(ctx, authToken, func(tx *gorm.DB) error {
		if err := s.requireVersion(tx, labels.IfVersion, id); err != nil {
			return err
		}
		if len(fields) > 0 {
			done := tx.Model(&models.AuthToken{}).Where("id = ?", id).UpdateColumns(fields)
			if err := auditChange(tx, done, event); err != nil {
				return err
			}
		}
		var err error
		updated, err = takeWithCustomer(tx, s.fillAuthTokenCustomers, "id = ?", id)
		return err
	})
	return updated, err
}

// requireVersion locks an auth token that must have one of the versions.
func (s *Store) requireVersion(tx *gorm.DB, versions models.Versions, id string) error {
	if versions == nil {
		return nil
	}
	var row models.AuthToken
	if err := s.locked(tx).Where("id = ?", id).Take(&row).Error; err != nil {
		return err
	}
	return versions.Require(row.Version())
}

// RotateRefreshToken moves the family to its next generation by one guarded
// UPDATE: refresh digest still the presented one, not ended, not deleted, not
// idle-expired at the time of the rotation, which is asked for once the lock is
// held. It reports whether it did.
func (s *Store) RotateRefreshToken(ctx context.Context, id string, rotation func() models.Rotation) (bool, error) {
	return s.refresh(ctx, &refreshing.Change{AuthTokenID: id, Rotation: rotation})
}

// RepeatRotation records that the answer of the last rotation was asked for
// again, by one guarded UPDATE: previous digest still the presented one, live,
// and within the grace at the time of the repetition, which is asked for once the
// lock is held. It reports whether it did.
func (s *Store) RepeatRotation(ctx context.Context, id string, repetition func() models.Repetition) (bool, error) {
	return s.refresh(ctx, &refreshing.Change{AuthTokenID: id, Repetition: repetition})
}

// refresh shares a transaction with all that refresh at once; one whose row another
// transaction has waits for it alone.
func (s *Store) refresh(ctx context.Context, change *refreshing.Change) (bool, error) {
	err := together(ctx, s, s.refreshes, authToken, "", change)
	if errors.Is(err, refreshing.ErrLocked) {
		err = s.refusal(s.alone(ctx, func(tx *gorm.DB) error { return s.refresher.One(tx, change) }), authToken)
	}
	return change.Done && err == nil, err
}

// TouchAuthToken records a use other than a rotation: first_used_at if unset,
// last_seen_at and its IP unless it was seen later. An unknown id changes
// nothing.
func (s *Store) TouchAuthToken(ctx context.Context, id string, now time.Time, ip string) error {
	return s.change(ctx, authToken, func(tx *gorm.DB) error {
		return tx.Model(&models.AuthToken{}).Where("id = ?", id).UpdateColumns(map[string]any{
			"first_used_at": gorm.Expr("COALESCE(first_used_at, ?)", now),
			// This may come late, after a newer refresh.
			"last_seen_at": gorm.Expr("CASE WHEN last_seen_at < ? THEN ? ELSE last_seen_at END", now, now),
			"last_seen_ip": gorm.Expr("CASE WHEN last_seen_at <= ? THEN ? ELSE last_seen_ip END", now, ip),
		}).Error
	})
}

// EndAuthToken ends the family. One that is ended or deleted stays as it is, and
// no event is written. KindNotFound.
func (s *Store) EndAuthToken(ctx context.Context, id, reason string, now time.Time, event models.AuditEvent) error {
	return s.change(ctx, authToken, func(tx *gorm.DB) error {
		done := tx.Model(&models.AuthToken{}).Where("id = ?", id).Where(notEnded).
			UpdateColumns(map[string]any{"ended_at": now, "end_reason": reason})
		if done.Error != nil {
			return done.Error
		}
		if done.RowsAffected == 0 {
			return tx.Select("id").Where("id = ?", id).Take(&models.AuthToken{}).Error
		}
		return appendAudit(tx, event)
	})
}
