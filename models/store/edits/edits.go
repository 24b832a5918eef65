// Package edits writes what people change about registration tokens, within a
// transaction of the store.
package edits

import (
	"time"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store/search"
)

// NextUpdate is the new updated_at of a row: now, or a moment after its old one,
// so that it always changes.
func NextUpdate(readAt, now time.Time) time.Time {
	if now.After(readAt) {
		return now
	}
	return readAt.Add(time.Microsecond)
}

// fields are the columns of a change by somebody. Whoever disabled it first stays
// named, with the time.
func fields(readAt time.Time, change models.RegistrationTokenChange, now time.Time, by string) map[string]any {
	all := map[string]any{
		"identifier": change.Identifier, "ref_id_1": change.RefID1, "ref_id_2": change.RefID2,
		"note": change.Note, "count": change.Count, "expires_at": change.ExpiresAt,
		"updated_at": NextUpdate(readAt, now), "disabled_at": nil, "disabled_by": "",
	}
	if !change.Enabled {
		all["disabled_at"] = gorm.Expr("COALESCE(disabled_at, ?)", now)
		all["disabled_by"] = gorm.Expr("CASE WHEN disabled_at IS NULL THEN ? ELSE disabled_by END", by)
	}
	return all
}

// Guarded applies change by one guarded UPDATE: not deleted, not expired at now, not
// replaced when enabled, used count not above change.Count, and updated_at still
// equal to readAt. KindConflict says which guard refused.
func Guarded(tx *gorm.DB, id string, readAt time.Time, change models.RegistrationTokenChange, now time.Time, by string) error {
	var before models.RegistrationToken
	if err := tx.Where("id = ?", id).Take(&before).Error; err != nil {
		return err
	}
	guarded := tx.Model(&models.RegistrationToken{}).Where(
		"id = ? AND deleted_at IS NULL AND expires_at > ? AND used_count <= ? AND updated_at = ?",
		id, now, change.Count, readAt)
	if change.Enabled {
		guarded = guarded.Where("replaced_by_id IS NULL")
	}
	done := guarded.UpdateColumns(fields(readAt, change, now, by))
	if done.Error != nil {
		return done.Error
	}
	if done.RowsAffected == 0 {
		return Refused(tx, id, func(t *models.RegistrationToken) error {
			switch {
			case !now.Before(t.ExpiresAt):
				return models.Conflict(models.CodeRegistrationTokenExpired, "The registration token is expired and cannot be edited. Replace it.")
			case change.Enabled && t.ReplacedByID != nil:
				return models.Conflict(models.CodeRegistrationTokenReplaced, "The registration token was replaced and cannot be enabled again.")
			case t.UsedCount > change.Count && t.UpdatedAt.Equal(readAt):
				return models.Conflict(models.CodeConflict, "The registration token has been used more often than the new count allows.")
			}
			return nil
		})
	}
	return follow(tx, &before, change)
}

// Locked applies change to a row that the transaction holds the lock of.
func Locked(tx *gorm.DB, row *models.RegistrationToken, change models.RegistrationTokenChange, now time.Time, by string) error {
	done := tx.Model(&models.RegistrationToken{}).Where("id = ?", row.ID).UpdateColumns(fields(row.UpdatedAt, change, now, by))
	if done.Error != nil {
		return done.Error
	}
	return follow(tx, row, change)
}

// follow brings up to date what depends on a row that was changed.
func follow(tx *gorm.DB, before *models.RegistrationToken, change models.RegistrationTokenChange) error {
	if !change.Enabled {
		if err := SpendKeptAnswers(tx, []string{before.ID}); err != nil {
			return err
		}
	}
	after := *before
	after.Identifier, after.RefID1, after.RefID2, after.Note = change.Identifier, change.RefID1, change.RefID2, change.Note
	return search.Change(tx, before, &after)
}

// SpendKeptAnswers empties the answers kept for registration tokens that were
// disabled: they must not come back when one is enabled again. The rows stay, so
// that their idempotency keys are known to be spent.
func SpendKeptAnswers(tx *gorm.DB, registrationTokenIDs []string) error {
	return tx.Model(&models.KeptAnswer{}).Where("registration_token_id IN ?", registrationTokenIDs).UpdateColumn("sealed", []byte{}).Error
}

// Refused says why a guarded change matched no row: it does not exist, it is
// deleted, the reason that other returns, or it was changed.
func Refused(tx *gorm.DB, id string, other func(*models.RegistrationToken) error) error {
	var t models.RegistrationToken
	if err := tx.Where("id = ?", id).Take(&t).Error; err != nil {
		return err
	}
	if t.DeletedAt != nil {
		return models.Conflict(models.CodeRegistrationTokenDeleted, "The registration token is deleted.")
	}
	if err := other(&t); err != nil {
		return err
	}
	return models.Conflict(models.CodeConflict, "The registration token was changed in the meantime. Load it again and repeat the change.")
}
