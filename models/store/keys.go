package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"muster/models"
)

// SigningKeys reads all keys, newest first.
func (s *Store) SigningKeys(ctx context.Context) ([]models.SigningKey, error) {
	var keys []models.SigningKey
	err := s.read.WithContext(ctx).Order("created_at DESC, id DESC").Find(&keys).Error
	return keys, s.failure(err, "signing key")
}

// CreateSigningKey inserts key unless one that is not retired exists (two replicas
// may start at once); it reports whether it did.
func (s *Store) CreateSigningKey(ctx context.Context, key *models.SigningKey, event models.AuditEvent) (bool, error) {
	created := false
	err := s.change(ctx, "signing key", func(tx *gorm.DB) error {
		created = false
		if err := s.serialize(tx, "signing keys"); err != nil {
			return err
		}
		var n int64
		if err := tx.Model(&models.SigningKey{}).Where("retired_at IS NULL").Count(&n).Error; err != nil || n > 0 {
			return err
		}
		if err := tx.Create(key).Error; err != nil {
			return err
		}
		created = true
		return appendAudit(tx, event)
	})
	return created && err == nil, err
}

const apiKey = "API key"

// APIKeyByDigest finds the key of a presented secret; KindNotFound.
func (s *Store) APIKeyByDigest(ctx context.Context, digest []byte) (*models.APIKey, error) {
	return takeHot[models.APIKey](ctx, s, apiKey, "secret_digest = ?", digest)
}

// APIKey reads one; KindNotFound.
func (s *Store) APIKey(ctx context.Context, id string) (*models.APIKey, error) {
	return take[models.APIKey](ctx, s, apiKey, "id = ?", id)
}

// APIKeys lists all, newest first.
func (s *Store) APIKeys(ctx context.Context) ([]models.APIKey, error) {
	var keys []models.APIKey
	err := s.read.WithContext(ctx).Order("created_at DESC, id DESC").Find(&keys).Error
	return keys, s.failure(err, apiKey)
}

// CreateAPIKey inserts one.
func (s *Store) CreateAPIKey(ctx context.Context, key *models.APIKey, event models.AuditEvent) error {
	return s.create(ctx, apiKey, key, event)
}

// RevokeAPIKey ends a key; revoking it again changes nothing. KindNotFound.
func (s *Store) RevokeAPIKey(ctx context.Context, id string, now time.Time, by string, event models.AuditEvent) error {
	return s.change(ctx, apiKey, func(tx *gorm.DB) error {
		done := tx.Model(&models.APIKey{}).Where("id = ? AND revoked_at IS NULL", id).
			UpdateColumns(map[string]any{"revoked_at": now, "revoked_by": by})
		if done.Error != nil {
			return done.Error
		}
		if done.RowsAffected == 0 {
			return tx.Select("id").Where("id = ?", id).Take(&models.APIKey{}).Error
		}
		return appendAudit(tx, event)
	})
}

// TouchAPIKey records the last use, at most once a minute.
func (s *Store) TouchAPIKey(ctx context.Context, id string, now time.Time) error {
	due := "id = ? AND (last_used_at IS NULL OR last_used_at <= ?)"
	minuteAgo := now.Add(-time.Minute)
	// Most calls have nothing to write, so they do not queue for the writer.
	var n int64
	err := s.read.WithContext(ctx).Model(&models.APIKey{}).Where(due, id, minuteAgo).Count(&n).Error
	if err != nil || n == 0 {
		return s.failure(err, apiKey)
	}
	return s.change(ctx, apiKey, func(tx *gorm.DB) error {
		return tx.Model(&models.APIKey{}).Where(due, id, minuteAgo).UpdateColumn("last_used_at", now).Error
	})
}
