package handlers

import (
	"context"
	"time"

	"muster/models"
	"muster/seen"
)

// Store is what the rooms are built of: what viewers are shown of it, figures
// without personal data, and the sessions that are kept. Whatever changes
// a token goes through the token service instead.
type Store interface {
	seen.Store
	RegistrationTokenStatusCounts(ctx context.Context, now time.Time) (map[models.Status]int, error)
	AttentionCount(ctx context.Context, now time.Time) (int, error)
	Activity(ctx context.Context, periods int, length time.Duration, now time.Time) (models.Activity, error)
	BurnDown(ctx context.Context, registrationTokenID string) (models.BurnDown, error)
	LiveAuthTokenCount(ctx context.Context, registrationTokenID string, now time.Time) (int, error)
	ExpectationCounts(ctx context.Context, registrationTokenID string, now time.Time) (models.ExpectationCounts, error)

	SessionStore

	GrantPersonalData(ctx context.Context, grant models.PersonalDataGrant, event models.AuditEvent) error
	WithdrawPersonalData(ctx context.Context, grant models.PersonalDataGrant, event models.AuditEvent) error

	Ping(ctx context.Context) error
	SchemaCurrent(ctx context.Context) error
}

// SessionStore keeps sessions, used logins and one-time form nonces.
type SessionStore interface {
	CreateSession(ctx context.Context, s *models.Session, event models.AuditEvent) error
	Session(ctx context.Context, digest []byte) (*models.Session, error)
	TouchSession(ctx context.Context, digest []byte, now time.Time) error
	SetSessionNotice(ctx context.Context, digest []byte, kind, text string) error
	TakeSessionNotice(ctx context.Context, digest []byte) (kind, text string, err error)
	DeleteSession(ctx context.Context, digest []byte, event models.AuditEvent) error
	SpendLoginFlow(ctx context.Context, digest []byte, expires time.Time) error
	CreateFormNonce(ctx context.Context, digest []byte, expires time.Time) error
	TakeFormNonce(ctx context.Context, digest []byte, now time.Time) error
	ReleaseFormNonce(ctx context.Context, digest []byte) error
	FinishFormNonce(ctx context.Context, digest []byte, objectID string) error
	FormNonce(ctx context.Context, digest []byte) (*models.FormNonce, error)
}
