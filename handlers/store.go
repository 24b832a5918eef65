package handlers

import (
	"context"
	"time"

	"muster/models"
)

// Store is what handlers read, and the sessions they keep. Whatever changes
// a token goes through the token service instead.
type Store interface {
	RegistrationToken(ctx context.Context, id string) (*models.RegistrationToken, error)
	RegistrationTokens(ctx context.Context, f models.RegistrationTokenFilter, p models.PageRequest, now time.Time) (models.Page[models.RegistrationToken], error)
	RegistrationTokenStatusCounts(ctx context.Context, now time.Time) (map[models.Status]int, error)
	Attention(ctx context.Context, limit int, now time.Time) (models.AttentionList, error)
	AttentionCount(ctx context.Context, now time.Time) (int, error)
	Activity(ctx context.Context, periods int, length time.Duration, now time.Time) (models.Activity, error)
	BurnDown(ctx context.Context, registrationTokenID string) (models.BurnDown, error)
	Usage(ctx context.Context, ids []string) ([]models.RegistrationToken, error)
	LiveAuthTokenCount(ctx context.Context, registrationTokenID string, now time.Time) (int, error)
	AuthTokenCount(ctx context.Context, f models.AuthTokenFilter, now time.Time) (int, error)
	TokenUses(ctx context.Context, registrationTokenID string, p models.PageRequest) (models.Page[models.TokenUse], error)
	SelectedUses(ctx context.Context, f models.AuthTokenFilter, p models.PageRequest, now time.Time) (models.Page[models.TokenUse], error)
	UseGroups(ctx context.Context, f models.AuthTokenFilter, by models.Facet, p models.PageRequest, now time.Time) (models.Page[models.UseGroup], error)
	Redemption(ctx context.Context, id string) (*models.Redemption, error)
	ExpectedList(ctx context.Context, registrationTokenID string) ([]models.Expectation, error)
	Expectations(ctx context.Context, f models.ExpectationFilter, p models.PageRequest) (models.Page[models.Expectation], error)
	ExpectationCounts(ctx context.Context, registrationTokenID string, now time.Time) (models.ExpectationCounts, error)
	RefusedAttempts(ctx context.Context, f models.RefusedAttemptFilter, p models.PageRequest) (models.Page[models.RefusedAttempt], error)
	SearchRegistrationTokens(ctx context.Context, q models.Search) ([]models.RegistrationToken, error)
	SearchAuthTokens(ctx context.Context, q models.Search) ([]models.AuthToken, error)
	SearchRefusedAttempts(ctx context.Context, q models.Search) ([]models.RefusedAttempt, error)
	RefusedAttemptByCode(ctx context.Context, code string) (*models.RefusedAttempt, error)
	AuthToken(ctx context.Context, id string) (*models.AuthToken, error)
	AuthTokens(ctx context.Context, f models.AuthTokenFilter, p models.PageRequest, now time.Time) (models.Page[models.AuthToken], error)
	AuditEvents(ctx context.Context, f models.AuditFilter, p models.PageRequest) (models.Page[models.AuditEvent], error)
	AuditEvent(ctx context.Context, id string) (*models.AuditEvent, error)
	APIKeys(ctx context.Context) ([]models.APIKey, error)
	APIKey(ctx context.Context, id string) (*models.APIKey, error)
	Customers(ctx context.Context) ([]models.Customer, error)

	SessionStore

	GrantPersonalData(ctx context.Context, grant models.PersonalDataGrant, event models.AuditEvent) error
	WithdrawPersonalData(ctx context.Context, grant models.PersonalDataGrant, event models.AuditEvent) error
	PersonalDataGrant(ctx context.Context, actorID, kind, id string, now time.Time) (*models.PersonalDataGrant, error)

	AppendAudit(ctx context.Context, event models.AuditEvent) error
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
