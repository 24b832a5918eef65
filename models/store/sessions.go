package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store/sessions"
)

const session = "session"

// CreateSession inserts a session with its audit event, and ends what its person has
// beyond models.MaxSessions with the event ended.
func (s *Store) CreateSession(ctx context.Context, row *models.Session, event, ended models.AuditEvent) error {
	return s.change(ctx, session, func(tx *gorm.DB) error {
		if err := s.serialize(tx, "sessions of "+row.Person().ActorID()); err != nil {
			return err
		}
		if err := tx.Create(row).Error; err != nil {
			return err
		}
		if err := appendAudit(tx, event); err != nil {
			return err
		}
		return auditChange(tx, sessions.EndOldest(tx, row.Issuer, row.Subject), ended)
	})
}

// TakeSessionCheck reports whether the caller is to check the session: of several that
// saw the same due time, one is, and the next time is then until.
func (s *Store) TakeSessionCheck(ctx context.Context, digest []byte, due *time.Time, until time.Time) (taken bool, err error) {
	err = s.change(ctx, session, func(tx *gorm.DB) error {
		done := sessions.TakeCheck(tx, digest, due, until)
		taken = done.RowsAffected == 1
		return done.Error
	})
	return taken, err
}

// RenewSession keeps what a check brought, unless the session was deleted.
func (s *Store) RenewSession(ctx context.Context, digest []byte, proof models.SessionProof) error {
	return s.change(ctx, session, func(tx *gorm.DB) error { return sessions.Renew(tx, digest, proof).Error })
}

// EndProviderSessions ends the sessions that a logout at the provider is about, with the
// event, which is then of their person, if there were any. It returns their digests.
// KindConflict when the logout was told before.
func (s *Store) EndProviderSessions(ctx context.Context, logout models.ProviderLogout, event models.AuditEvent) (digests [][]byte, err error) {
	err = s.change(ctx, "logout", func(tx *gorm.DB) error {
		ended, err := sessions.EndOfProvider(tx, logout)
		if err != nil || len(ended) == 0 {
			return err
		}
		for i := range ended {
			digests = append(digests, ended[i].Digest)
		}
		event.ActorKind, event.ActorID, event.ActorName = models.ActorPerson, ended[0].Person().ActorID(), ended[0].Name
		event.ObjectID = event.ActorID
		return appendAudit(tx, event)
	})
	return digests, err
}

// Session finds one by the digest of its secret, even if it has expired, with what
// the person chose; KindNotFound.
func (s *Store) Session(ctx context.Context, digest []byte) (*models.Session, error) {
	row, err := sessions.Find(s.read.WithContext(ctx), digest)
	if err != nil {
		return nil, s.failure(err, session)
	}
	return row, nil
}

// SavePreferences keeps what a person chose, for all their sessions. How pages look
// to one person is no change of anything else: the trail does not have it.
func (s *Store) SavePreferences(ctx context.Context, issuer, subject string, p models.Preferences) error {
	return s.change(ctx, "preferences", func(tx *gorm.DB) error { return sessions.SavePreferences(tx, issuer, subject, p) })
}

// TouchSession records activity at now, unless the session was deleted.
func (s *Store) TouchSession(ctx context.Context, digest []byte, now time.Time) error {
	return s.change(ctx, session, func(tx *gorm.DB) error {
		return tx.Model(&models.Session{}).Where("digest = ?", digest).UpdateColumn("last_active_at", now).Error
	})
}

// SetSessionNotice leaves a notice for the session's next page.
func (s *Store) SetSessionNotice(ctx context.Context, digest []byte, notice models.SessionNotice) error {
	return s.change(ctx, session, func(tx *gorm.DB) error { return sessions.SetNotice(tx, digest, notice) })
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
	err = s.change(ctx, session, func(tx *gorm.DB) (err error) {
		notice, err = sessions.TakeNotice(tx, s.locked(tx), digest)
		return err
	})
	return notice, err
}

// DeleteSession ends a session; the event is written if there was one.
func (s *Store) DeleteSession(ctx context.Context, digest []byte, event models.AuditEvent) error {
	return s.change(ctx, session, func(tx *gorm.DB) error {
		return auditChange(tx, tx.Where("digest = ?", digest).Delete(&models.Session{}), event)
	})
}
