package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"muster/models"
)

const session = "session"

// CreateSession inserts a session with its audit event.
func (s *Store) CreateSession(ctx context.Context, row *models.Session, event models.AuditEvent) error {
	return s.create(ctx, session, row, event)
}

// Session finds one by the digest of its secret, even if it has expired;
// KindNotFound.
func (s *Store) Session(ctx context.Context, digest []byte) (*models.Session, error) {
	return take[models.Session](ctx, s, session, "digest = ?", digest)
}

// TouchSession records activity at now, unless the session was deleted.
func (s *Store) TouchSession(ctx context.Context, digest []byte, now time.Time) error {
	return s.change(ctx, session, func(tx *gorm.DB) error {
		return tx.Model(&models.Session{}).Where("digest = ?", digest).UpdateColumn("last_active_at", now).Error
	})
}

// SetSessionNotice leaves a notice for the session's next page.
func (s *Store) SetSessionNotice(ctx context.Context, digest []byte, kind, text string) error {
	return s.change(ctx, session, func(tx *gorm.DB) error {
		return tx.Model(&models.Session{}).Where("digest = ?", digest).
			UpdateColumns(map[string]any{"notice_kind": kind, "notice": text}).Error
	})
}

// TakeSessionNotice returns the notice and removes it; empty when there is
// none.
func (s *Store) TakeSessionNotice(ctx context.Context, digest []byte) (kind, text string, err error) {
	// Most pages have none, so look before queueing for the writer.
	row, err := s.Session(ctx, digest)
	if models.ErrorKind(err) == models.KindNotFound && err != nil {
		return "", "", nil
	}
	if err != nil || row.Notice == "" {
		return "", "", err
	}
	err = s.change(ctx, session, func(tx *gorm.DB) error {
		kind, text = "", ""
		var row models.Session
		found := s.locked(tx).Where("digest = ?", digest).Limit(1).Find(&row)
		if found.Error != nil || found.RowsAffected == 0 || row.Notice == "" {
			return found.Error
		}
		kind, text = row.NoticeKind, row.Notice
		return tx.Model(&models.Session{}).Where("digest = ?", digest).
			UpdateColumns(map[string]any{"notice_kind": "", "notice": ""}).Error
	})
	return kind, text, err
}

// DeleteSession ends a session; the event is written if there was one.
func (s *Store) DeleteSession(ctx context.Context, digest []byte, event models.AuditEvent) error {
	return s.change(ctx, session, func(tx *gorm.DB) error {
		return auditChange(tx, tx.Where("digest = ?", digest).Delete(&models.Session{}), event)
	})
}
