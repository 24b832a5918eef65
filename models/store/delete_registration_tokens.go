package store

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"muster/models"
)

// DeleteRegistrationToken marks it deleted; with d.AuthTokens also its live auth
// tokens, with d.Reason. It writes an audit event for each, derived from event: ID
// and ObjectID are replaced. It returns how many auth tokens were deleted.
// Deleting it again can only delete auth tokens that were kept. KindNotFound;
// KindConflict with CodeUnexpectedNumber when d.Expected differs from the number
// of live auth tokens; KindStale.
func (s *Store) DeleteRegistrationToken(ctx context.Context, id string, d models.RegistrationTokenDeletion, now time.Time, by string, event models.AuditEvent) (int, error) {
	result, _, err := s.deleteRegistrationTokens(ctx, []string{id}, true, d, now, by, event)
	return result.AuthTokens, err
}

// DeleteRegistrationTokens deletes those of ids that are not deleted yet, all of
// them or none; the others keep their auth tokens. d.Expected is the number of
// live auth tokens of all that it deletes. It also returns which it changed.
func (s *Store) DeleteRegistrationTokens(ctx context.Context, ids []string, d models.RegistrationTokenDeletion, now time.Time, by string, event models.AuditEvent) (models.SelectionResult, []string, error) {
	return s.deleteRegistrationTokens(ctx, ids, false, d, now, by, event)
}

// deleteRegistrationTokens also deletes the auth tokens that deleted registration
// tokens still have, if kept is true.
func (s *Store) deleteRegistrationTokens(ctx context.Context, ids []string, kept bool, d models.RegistrationTokenDeletion, now time.Time, by string, event models.AuditEvent) (models.SelectionResult, []string, error) {
	var result models.SelectionResult
	var changed []string
	err := s.change(ctx, registrationToken, func(tx *gorm.DB) error {
		// While the lock is held, no redemption adds to what is counted.
		var err, stale error
		changed, result, err = s.lockSelection(tx, ids, func(t *models.RegistrationToken) bool {
			stale = cmp.Or(stale, d.IfVersion.Require(t.Version()))
			return t.DeletedAt == nil
		})
		if err = cmp.Or(err, stale); err != nil {
			return err
		}
		of := changed
		if kept {
			of = ids
		}
		var rows []deletedRow
		if d.AuthTokens || d.Expected != nil {
			selected := s.locked(tx.Model(&models.AuthToken{})).Where(s.oneOf("registration_token_id", of)).Where(live.at(now))
			if err := selected.Order("id").Find(&rows).Error; err != nil {
				return err
			}
		}
		if d.Expected != nil && *d.Expected != len(rows) {
			they := "The registration token has"
			if len(of) != 1 {
				they = "The registration tokens have"
			}
			return models.Conflict(models.CodeUnexpectedNumber,
				fmt.Sprintf("%s %d live auth tokens, not the expected %d. Nothing was changed.", they, len(rows), *d.Expected))
		}
		fields := map[string]any{"deleted_at": now, "deleted_by": by, "updated_at": now}
		if err := s.updateSelection(tx, changed, fields, now, event); err != nil || !d.AuthTokens {
			return err
		}
		result.AuthTokens = len(rows)
		each := event
		each.Action, each.ObjectKind, each.Detail = models.AuditAuthTokenDeleted, models.ObjectAuthToken, ""
		return s.markDeleted(tx, rows, mark{reason: d.Reason, now: now, by: by, event: each})
	})
	if err != nil {
		return models.SelectionResult{}, nil, err
	}
	return result, changed, nil
}
