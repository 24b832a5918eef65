package store

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"muster/models"
)

const session = "session"

// CreateSession inserts a session with its audit event.
func (s *Store) CreateSession(ctx context.Context, row *models.Session, event models.AuditEvent) error {
	return s.create(ctx, session, row, event)
}

// Session finds one by the digest of its secret, even if it has expired, with what
// the person chose; KindNotFound.
func (s *Store) Session(ctx context.Context, digest []byte) (*models.Session, error) {
	var row struct {
		models.Session
		Chosen models.Preferences `gorm:"embedded"`
	}
	err := s.read.WithContext(ctx).Table("sessions").
		Select("sessions.*, COALESCE(zone, '') AS zone, COALESCE(language, '') AS language, COALESCE(theme, '') AS theme, COALESCE(rows, 0) AS rows").
		Joins("LEFT JOIN preferences ON preferences.issuer = sessions.issuer AND preferences.subject = sessions.subject").
		Where("digest = ?", digest).Take(&row).Error
	if err != nil {
		return nil, s.failure(err, session)
	}
	row.Preferences = row.Chosen
	return &row.Session, nil
}

// SavePreferences keeps what a person chose, for all their sessions. How pages look
// to one person is no change of anything else: the trail does not have it.
func (s *Store) SavePreferences(ctx context.Context, issuer, subject string, p models.Preferences) error {
	row := struct {
		Issuer, Subject    string
		models.Preferences `gorm:"embedded"`
	}{issuer, subject, p}
	return s.change(ctx, "preferences", func(tx *gorm.DB) error {
		again := clause.OnConflict{Columns: []clause.Column{{Name: "issuer"}, {Name: "subject"}}, UpdateAll: true}
		return tx.Table("preferences").Clauses(again).Create(&row).Error
	})
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
