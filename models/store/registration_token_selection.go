package store

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"muster/models"
)

// selected reads registration tokens and locks them, in the order in which
// everything locks them; those that keep says are to be changed come back.
// The error is that of a missing row when one is not there.
func (s *Store) selected(tx *gorm.DB, ids []string, change func(*models.RegistrationToken) bool) (rows []models.RegistrationToken, left int, err error) {
	distinct := map[string]bool{}
	for _, id := range ids {
		distinct[id] = true
	}
	condition, arg := s.oneOf("id", ids)
	var found []models.RegistrationToken
	if err := s.locked(tx).Where(condition, arg).Order("id").Find(&found).Error; err != nil {
		return nil, 0, err
	}
	if len(found) != len(distinct) {
		return nil, 0, gorm.ErrRecordNotFound
	}
	for i := range found {
		if change(&found[i]) {
			rows = append(rows, found[i])
		}
	}
	return rows, len(found) - len(rows), nil
}

func idsOf(rows []models.RegistrationToken) []string {
	ids := make([]string, len(rows))
	for i := range rows {
		ids[i] = rows[i].ID
	}
	return ids
}

// changeAll writes the same into rows that [Store.selected] locked, and an
// audit event for each, derived from event: ID and ObjectID are replaced.
func (s *Store) changeAll(tx *gorm.DB, ids []string, fields map[string]any, now time.Time, event models.AuditEvent) error {
	if len(ids) == 0 {
		return nil
	}
	condition, arg := s.oneOf("id", ids)
	done := tx.Model(&models.RegistrationToken{}).Where(condition, arg).UpdateColumns(fields)
	if done.Error != nil {
		return done.Error
	}
	if int(done.RowsAffected) != len(ids) {
		return fmt.Errorf("%d of %d registration tokens were changed", done.RowsAffected, len(ids))
	}
	events := make([]models.AuditEvent, len(ids))
	for i, id := range ids {
		events[i] = event
		events[i].ObjectID = id
		var err error
		if events[i].ID, err = s.newID(now); err != nil {
			return err
		}
	}
	return appendAudit(tx, events...)
}

// DisableRegistrationTokens disables those of ids that could be redeemed but
// for their count, all of them or none, and leaves the others as they are. It
// writes one audit event each, derived from event: ID and ObjectID are
// replaced. It also returns which were changed. KindNotFound when one is not
// there.
func (s *Store) DisableRegistrationTokens(ctx context.Context, ids []string, now time.Time, by string, event models.AuditEvent) (models.SelectionResult, []string, error) {
	var result models.SelectionResult
	var changed []string
	err := s.change(ctx, registrationToken, func(tx *gorm.DB) error {
		moved := now
		rows, left, err := s.selected(tx, ids, func(t *models.RegistrationToken) bool {
			if t.DeletedAt != nil || t.DisabledAt != nil || !now.Before(t.ExpiresAt) {
				return false
			}
			if at := after(t.UpdatedAt, now); at.After(moved) {
				moved = at
			}
			return true
		})
		if err != nil {
			return err
		}
		changed = idsOf(rows)
		result = models.SelectionResult{Changed: len(changed), Left: left}
		fields := map[string]any{"disabled_at": now, "disabled_by": by, "updated_at": moved}
		if err := s.changeAll(tx, changed, fields, now, event); err != nil {
			return err
		}
		return s.spendKeptAnswers(tx, changed)
	})
	if err != nil {
		return models.SelectionResult{}, nil, err
	}
	return result, changed, nil
}
