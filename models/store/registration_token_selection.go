package store

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store/edits"
)

// lockSelection locks registration tokens by id, the order in which everything
// locks them, and returns the ids of those to be changed. If one is missing, the
// error is gorm.ErrRecordNotFound.
func (s *Store) lockSelection(tx *gorm.DB, ids []string, change func(*models.RegistrationToken) bool) ([]string, models.SelectionResult, error) {
	distinct := map[string]bool{}
	for _, id := range ids {
		distinct[id] = true
	}
	var result models.SelectionResult
	var rows []models.RegistrationToken
	if err := s.locked(tx).Where(s.oneOf("id", ids)).Order("id").Find(&rows).Error; err != nil {
		return nil, result, err
	}
	if len(rows) != len(distinct) {
		return nil, result, gorm.ErrRecordNotFound
	}
	var changed []string
	for i := range rows {
		if change(&rows[i]) {
			changed = append(changed, rows[i].ID)
		}
	}
	result.Changed, result.Left = len(changed), len(rows)-len(changed)
	return changed, result, nil
}

// updateSelection writes the same fields into rows that [Store.lockSelection] has
// locked, and an audit event for each, derived from event: ID and ObjectID are
// replaced.
func (s *Store) updateSelection(tx *gorm.DB, ids []string, fields map[string]any, now time.Time, event models.AuditEvent) error {
	if len(ids) == 0 {
		return nil
	}
	done := tx.Model(&models.RegistrationToken{}).Where(s.oneOf("id", ids)).UpdateColumns(fields)
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
		if err := s.complete(&events[i], now, nil); err != nil {
			return err
		}
	}
	return appendAudit(tx, events...)
}

// DisableRegistrationTokens disables those of ids that are active or exhausted,
// all of them or none, and leaves the others as they are. It writes an audit event
// for each, derived from event: ID and ObjectID are replaced. It also returns
// which it changed. KindNotFound when one is missing.
func (s *Store) DisableRegistrationTokens(ctx context.Context, ids []string, now time.Time, by string, event models.AuditEvent) (models.SelectionResult, []string, error) {
	var result models.SelectionResult
	var changed []string
	err := s.change(ctx, registrationToken, func(tx *gorm.DB) error {
		moved := now
		var err error
		changed, result, err = s.lockSelection(tx, ids, func(t *models.RegistrationToken) bool {
			if status := t.Status(now); status != models.StatusActive && status != models.StatusExhausted {
				return false
			}
			if at := edits.NextUpdate(t.UpdatedAt, now); at.After(moved) {
				moved = at
			}
			return true
		})
		if err != nil {
			return err
		}
		fields := map[string]any{"disabled_at": now, "disabled_by": by, "updated_at": moved}
		if err := s.updateSelection(tx, changed, fields, now, event); err != nil {
			return err
		}
		return edits.SpendKeptAnswers(tx, changed)
	})
	if err != nil {
		return models.SelectionResult{}, nil, err
	}
	return result, changed, nil
}

// EditRegistrationTokens locks those of ids, and applies to each what edit makes of
// it as it is then, with its audit event: all of them or none. edit sees them by id,
// and returns no change for one that stays as it is; a second run of it starts
// anew. KindNotFound when one is missing.
func (s *Store) EditRegistrationTokens(
	ctx context.Context, ids []string, now time.Time, by string, edit func([]models.RegistrationToken) ([]models.RegistrationTokenEdit, error),
) error {
	return s.change(ctx, registrationToken, func(tx *gorm.DB) error {
		var rows []models.RegistrationToken
		if _, _, err := s.lockSelection(tx, ids, func(t *models.RegistrationToken) bool {
			rows = append(rows, *t)
			return true
		}); err != nil {
			return err
		}
		all, err := edit(rows)
		if err != nil {
			return err
		}
		events := make([]models.AuditEvent, len(all))
		for i, e := range all {
			if err := edits.Locked(tx, e.Row, e.Change, now, by); err != nil {
				return err
			}
			events[i] = e.Event
		}
		return appendAudit(tx, events...)
	})
}
