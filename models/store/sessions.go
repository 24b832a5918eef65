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
func (s *Store) SetSessionNotice(ctx context.Context, digest []byte, notice models.SessionNotice) error {
	return s.change(ctx, session, func(tx *gorm.DB) error { return setNotice(tx, digest, notice) })
}

func setNotice(tx *gorm.DB, digest []byte, notice models.SessionNotice) error {
	return tx.Model(&models.Session{}).Where("digest = ?", digest).Select("notice", "notice_kind", "notice_undo").
		UpdateColumns(&models.Session{SessionNotice: notice}).Error
}

// TakeSessionNotice returns the notice and removes it; empty when there is
// none.
func (s *Store) TakeSessionNotice(ctx context.Context, digest []byte) (notice models.SessionNotice, err error) {
	// Most pages have none, so look before queueing for the writer.
	row, err := s.Session(ctx, digest)
	if models.ErrorKind(err) == models.KindNotFound && err != nil {
		return notice, nil
	}
	if err != nil || row.Notice == "" {
		return notice, err
	}
	err = s.change(ctx, session, func(tx *gorm.DB) error {
		notice = models.SessionNotice{}
		var row models.Session
		found := s.locked(tx).Where("digest = ?", digest).Limit(1).Find(&row)
		if found.Error != nil || found.RowsAffected == 0 || row.Notice == "" {
			return found.Error
		}
		notice = row.SessionNotice
		return setNotice(tx, digest, models.SessionNotice{})
	})
	return notice, err
}

// DeleteSession ends a session; the event is written if there was one.
func (s *Store) DeleteSession(ctx context.Context, digest []byte, event models.AuditEvent) error {
	return s.change(ctx, session, func(tx *gorm.DB) error {
		return auditChange(tx, tx.Where("digest = ?", digest).Delete(&models.Session{}), event)
	})
}
