package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store/search"
)

const registrationToken = "registration token"

// CreateRegistrationToken inserts token and the list of the expected.
func (s *Store) CreateRegistrationToken(ctx context.Context, token *models.RegistrationToken, event models.AuditEvent, expected ...models.Expectation) error {
	words := search.Of(*token)
	return s.change(ctx, registrationToken, func(tx *gorm.DB) error {
		if err := tx.Create(token).Error; err != nil {
			return err
		}
		if err := words.Add(tx); err != nil {
			return err
		}
		if err := createExpectations(tx, expected); err != nil {
			return err
		}
		return appendAudit(tx, event)
	})
}

// CreateRegistrationTokens inserts all of them, or none.
func (s *Store) CreateRegistrationTokens(ctx context.Context, tokens []models.RegistrationToken, events []models.AuditEvent) error {
	words := search.Of(tokens...)
	return s.change(ctx, registrationToken, func(tx *gorm.DB) error {
		if err := tx.CreateInBatches(&tokens, batchRows).Error; err != nil {
			return err
		}
		if err := words.Add(tx); err != nil {
			return err
		}
		return appendAudit(tx, events...)
	})
}

// RegistrationToken reads one with its Customer; KindNotFound.
func (s *Store) RegistrationToken(ctx context.Context, id string) (*models.RegistrationToken, error) {
	token, err := takeWithCustomer(s.reading(ctx), s.fillRegistrationTokenCustomers, "id = ?", id)
	return token, s.failure(err, registrationToken)
}

// RegistrationTokenByDigest finds the token of a presented secret, deleted
// ones included; KindNotFound.
func (s *Store) RegistrationTokenByDigest(ctx context.Context, digest []byte) (*models.RegistrationToken, error) {
	token, err := takeWithCustomer(s.read.WithContext(ctx), s.fillRegistrationTokenCustomers, "secret_digest = ?", digest)
	return token, s.failure(err, registrationToken)
}

// UpdateRegistrationToken applies change by one guarded UPDATE: not deleted,
// not expired at now, not replaced when enabled, used count not above
// change.Count, and updated_at still equal to readAt. KindNotFound;
// KindConflict says which guard refused.
func (s *Store) UpdateRegistrationToken(ctx context.Context, id string, readAt time.Time, change models.RegistrationTokenChange, now time.Time, events ...models.AuditEvent) (*models.RegistrationToken, error) {
	by := ""
	if len(events) > 0 {
		by = events[0].ActorName
	}
	var updated *models.RegistrationToken
	err := s.change(ctx, registrationToken, func(tx *gorm.DB) error {
		fields := map[string]any{
			"identifier": change.Identifier, "ref_id_1": change.RefID1, "ref_id_2": change.RefID2,
			"note": change.Note, "count": change.Count, "expires_at": change.ExpiresAt,
			"updated_at": nextUpdate(readAt, now),
		}
		guarded := tx.Model(&models.RegistrationToken{}).Where(
			"id = ? AND deleted_at IS NULL AND expires_at > ? AND used_count <= ? AND updated_at = ?",
			id, now, change.Count, readAt)
		if change.Enabled {
			guarded = guarded.Where("replaced_by_id IS NULL")
			fields["disabled_at"], fields["disabled_by"] = nil, ""
		} else {
			disable(fields, now, by)
		}
		var before models.RegistrationToken
		if err := tx.Where("id = ?", id).Take(&before).Error; err != nil {
			return err
		}
		done := guarded.UpdateColumns(fields)
		if done.Error != nil {
			return done.Error
		}
		if done.RowsAffected == 0 {
			return guardError(tx, id, func(t *models.RegistrationToken) error {
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
		if !change.Enabled {
			if err := s.spendKeptAnswers(tx, []string{id}); err != nil {
				return err
			}
		}
		if err := appendAudit(tx, events...); err != nil {
			return err
		}
		var err error
		if updated, err = takeWithCustomer(tx, s.fillRegistrationTokenCustomers, "id = ?", id); err != nil {
			return err
		}
		return search.Change(tx, &before, updated)
	})
	return updated, err
}

// spendKeptAnswers empties the answers kept for registration tokens that were
// disabled: they must not come back when one is enabled again. The rows stay, so
// that their idempotency keys are known to be spent.
func (s *Store) spendKeptAnswers(tx *gorm.DB, registrationTokenIDs []string) error {
	return tx.Model(&models.KeptAnswer{}).Where(s.oneOf("registration_token_id", registrationTokenIDs)).UpdateColumn("sealed", []byte{}).Error
}

// nextUpdate is the new updated_at of a row: now, or a moment after its old one,
// so that it always changes.
func nextUpdate(readAt, now time.Time) time.Time {
	if now.After(readAt) {
		return now
	}
	return readAt.Add(time.Microsecond)
}

// disable keeps the time and the name of whoever disabled it first.
func disable(fields map[string]any, now time.Time, by string) {
	fields["disabled_at"] = gorm.Expr("COALESCE(disabled_at, ?)", now)
	fields["disabled_by"] = gorm.Expr("CASE WHEN disabled_at IS NULL THEN ? ELSE disabled_by END", by)
}

// guardError says why a guarded change matched no row: it does not exist, it is
// deleted, the reason that other returns, or it was changed.
func guardError(tx *gorm.DB, id string, other func(*models.RegistrationToken) error) error {
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
