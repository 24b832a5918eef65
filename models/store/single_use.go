package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"muster/models"
)

// SpendLoginFlow remembers until expires that a login was finished. KindConflict
// if it was finished before.
func (s *Store) SpendLoginFlow(ctx context.Context, digest []byte, expires time.Time) error {
	return s.create(ctx, "login", &models.LoginFlow{Digest: digest, Sealed: []byte{}, ExpiresAt: expires})
}

const form = "form"

// CreateFormNonce remembers a form that may be sent once, until expires.
func (s *Store) CreateFormNonce(ctx context.Context, digest []byte, expires time.Time) error {
	return s.create(ctx, form, &models.FormNonce{Digest: digest, ExpiresAt: expires})
}

// TakeFormNonce marks the form as sent. KindConflict if it was sent before (see
// FormNonce for what it created); KindNotFound if it is unknown or expired.
func (s *Store) TakeFormNonce(ctx context.Context, digest []byte, now time.Time) error {
	return s.change(ctx, form, func(tx *gorm.DB) error {
		done := tx.Model(&models.FormNonce{}).Where("digest = ? AND taken_at IS NULL AND expires_at > ?", digest, now).
			UpdateColumn("taken_at", now)
		if done.Error != nil || done.RowsAffected == 1 {
			return done.Error
		}
		var used int64
		if err := tx.Model(&models.FormNonce{}).Where("digest = ? AND taken_at IS NOT NULL", digest).Count(&used).Error; err != nil {
			return err
		}
		if used > 0 {
			return models.Conflict(models.CodeConflict, "This form was already sent.")
		}
		return models.NotFound(form)
	})
}

// ReleaseFormNonce allows a form that created nothing to be sent again.
func (s *Store) ReleaseFormNonce(ctx context.Context, digest []byte) error {
	return s.change(ctx, form, func(tx *gorm.DB) error {
		return tx.Model(&models.FormNonce{}).Where("digest = ? AND object_id = ''", digest).UpdateColumn("taken_at", nil).Error
	})
}

// FinishFormNonce remembers what the form created.
func (s *Store) FinishFormNonce(ctx context.Context, digest []byte, objectID string) error {
	return s.change(ctx, form, func(tx *gorm.DB) error {
		return tx.Model(&models.FormNonce{}).Where("digest = ?", digest).UpdateColumn("object_id", objectID).Error
	})
}

// FormNonce reads one; KindNotFound.
func (s *Store) FormNonce(ctx context.Context, digest []byte) (*models.FormNonce, error) {
	return take[models.FormNonce](ctx, s, form, "digest = ?", digest)
}
