package store

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"muster/models"
)

// DeleteRegistrationTokens marks those of ids deleted that are not, all of them
// or none, and leaves the others with their auth tokens as they are; else it
// is [Store.DeleteRegistrationToken], with d.Expected the number of live auth
// tokens of all it would delete. It also returns which were changed.
func (s *Store) DeleteRegistrationTokens(ctx context.Context, ids []string, d models.RegistrationTokenDeletion, now time.Time, by string, event models.AuditEvent) (models.SelectionResult, []string, error) {
	var result models.SelectionResult
	var changed []string
	err := s.change(ctx, registrationToken, func(tx *gorm.DB) error {
		rows, left, err := s.selected(tx, ids, notDeleted)
		if err != nil {
			return err
		}
		changed = idsOf(rows)
		result = models.SelectionResult{Changed: len(changed), Left: left}
		result.AuthTokens, err = s.deleteWithAuthTokens(tx, changed, changed, d, now, by, event)
		return err
	})
	if err != nil {
		return models.SelectionResult{}, nil, err
	}
	return result, changed, nil
}

func notDeleted(t *models.RegistrationToken) bool { return t.DeletedAt == nil }

// DeleteRegistrationToken marks it deleted; with d.AuthTokens also its live
// auth tokens, with d.Reason. It writes one audit event each, derived from
// event: ID and ObjectID are replaced. It returns how many auth tokens were
// deleted. Deleting again changes nothing but the auth tokens that were kept,
// when asked. KindNotFound; KindConflict with CodeUnexpectedNumber when
// d.Expected is another number than the live ones.
func (s *Store) DeleteRegistrationToken(ctx context.Context, id string, d models.RegistrationTokenDeletion, now time.Time, by string, event models.AuditEvent) (int, error) {
	deleted := 0
	err := s.change(ctx, registrationToken, func(tx *gorm.DB) error {
		rows, _, err := s.selected(tx, []string{id}, notDeleted)
		if err != nil {
			return err
		}
		deleted, err = s.deleteWithAuthTokens(tx, idsOf(rows), []string{id}, d, now, by, event)
		return err
	})
	if err != nil {
		return 0, err
	}
	return deleted, nil
}

// deleteWithAuthTokens marks registration tokens deleted, and what d says of
// the live auth tokens of some; they are locked, which keeps redemptions from
// adding to what is counted. It returns how many auth tokens were deleted.
func (s *Store) deleteWithAuthTokens(tx *gorm.DB, ids, of []string, d models.RegistrationTokenDeletion, now time.Time, by string, event models.AuditEvent) (int, error) {
	var live []deletedRow
	if d.AuthTokens || d.Expected != nil {
		condition, arg := s.oneOf("registration_token_id", of)
		err := s.locked(tx.Model(&models.AuthToken{})).Where(condition, arg).
			Where(stateConditions[models.AuthTokenLive], now).Order("id").Find(&live).Error
		if err != nil {
			return 0, err
		}
	}
	if d.Expected != nil && *d.Expected != len(live) {
		they := "The registration token has"
		if len(of) != 1 {
			they = "The registration tokens have"
		}
		return 0, models.Conflict(models.CodeUnexpectedNumber,
			fmt.Sprintf("%s %d live auth tokens, not %d as expected. Nothing was changed.", they, len(live), *d.Expected))
	}
	err := s.changeAll(tx, ids, map[string]any{"deleted_at": now, "deleted_by": by, "updated_at": now}, now, event)
	if err != nil || !d.AuthTokens {
		return 0, err
	}
	each := event
	each.Action, each.ObjectKind, each.Detail = models.AuditAuthTokenDeleted, "auth_token", ""
	return len(live), s.endForGood(tx, live, deletion{reason: d.Reason, now: now, by: by, event: each})
}
