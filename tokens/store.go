package tokens

import (
	"context"
	"time"

	"muster/models"
)

// Store is what the token service needs of the database. Each method that
// changes something is one transaction, which also writes the audit events
// given to it; when it fails, nothing has happened. Every error is a
// [models.Error] of the kinds named, or KindUnavailable when the database cannot
// be reached or is full or busy. Methods that change many objects derive one
// audit event for each from event: they replace its ID and ObjectID.
type Store interface {
	// CreateRegistrationToken inserts token and the expected list.
	CreateRegistrationToken(ctx context.Context, token *models.RegistrationToken, event models.AuditEvent, expected ...models.Expectation) error
	// CreateRegistrationTokens inserts all of them, or none.
	CreateRegistrationTokens(ctx context.Context, tokens []models.RegistrationToken, events []models.AuditEvent) error
	// RegistrationToken reads one with its Customer; KindNotFound.
	RegistrationToken(ctx context.Context, id string) (*models.RegistrationToken, error)
	// RegistrationTokens reads those that the filter selects, with their Customer.
	RegistrationTokens(ctx context.Context, filter models.RegistrationTokenFilter, page models.PageRequest, now time.Time) (models.Page[models.RegistrationToken], error)
	// RegistrationTokenByDigest finds the registration token of a presented
	// secret, deleted ones included, with its Customer; KindNotFound.
	RegistrationTokenByDigest(ctx context.Context, digest []byte) (*models.RegistrationToken, error)
	// Customer finds one by id or by identifier; KindNotFound.
	Customer(ctx context.Context, idOrIdentifier string) (*models.Customer, error)
	// UpdateRegistrationToken applies change by one guarded UPDATE: not deleted,
	// not expired at now, not replaced when enabled, used count not above
	// change.Count, and updated_at still equal to readAt, the UpdatedAt the
	// change was computed from. KindNotFound; KindConflict names the guard.
	UpdateRegistrationToken(ctx context.Context, id string, readAt time.Time, change models.RegistrationTokenChange, now time.Time, events ...models.AuditEvent) (*models.RegistrationToken, error)
	// SetAdmission replaces the rules and edits the list, unless the registration
	// token is deleted or its admission version differs. Earlier uses are
	// compared with the new list. KindNotFound, KindConflict.
	SetAdmission(ctx context.Context, id string, version int, change models.AdmissionChange, event models.AuditEvent) (*models.RegistrationToken, error)
	// ExpectedList reads the whole list of a registration token.
	ExpectedList(ctx context.Context, registrationTokenID string) ([]models.Expectation, error)
	// Judge applies rules and list as Redeem does, and changes nothing.
	Judge(ctx context.Context, registrationTokenID string, p models.Presented) (models.Judged, error)
	// ReplaceRegistrationToken inserts successor with the admission of the old
	// one, links both and disables the old one, guarded: not deleted, not
	// replaced before, used count still equal to oldUsedCount. KindNotFound,
	// KindConflict.
	ReplaceRegistrationToken(ctx context.Context, oldID string, oldUsedCount int, successor *models.RegistrationToken, now time.Time, by string, events ...models.AuditEvent) error
	// ReplaceRegistrationTokens is ReplaceRegistrationToken for several, all of them
	// or none.
	ReplaceRegistrationTokens(ctx context.Context, all []models.Replacement, now time.Time, by string) error
	// DeleteRegistrationToken marks it deleted; with d.AuthTokens also its live
	// auth tokens, whose number it returns, even if it was deleted before.
	// KindNotFound; KindConflict with CodeUnexpectedNumber; KindStale.
	DeleteRegistrationToken(ctx context.Context, id string, d models.RegistrationTokenDeletion, now time.Time, by string, event models.AuditEvent) (int, error)
	// DeleteRegistrationTokens deletes those that are not deleted, all of them or
	// none; the others keep their auth tokens. It also returns which it changed.
	DeleteRegistrationTokens(ctx context.Context, ids []string, d models.RegistrationTokenDeletion, now time.Time, by string, event models.AuditEvent) (models.SelectionResult, []string, error)
	// DisableRegistrationTokens disables those that are not deleted, disabled or
	// expired at now, all of them or none. It also returns which it changed.
	DisableRegistrationTokens(ctx context.Context, ids []string, now time.Time, by string, event models.AuditEvent) (models.SelectionResult, []string, error)
	// EditRegistrationTokens locks those of ids, by id, and makes the changes that
	// edit decides on, all of them or none. It may call edit again. KindNotFound.
	EditRegistrationTokens(ctx context.Context, ids []string, now time.Time, by string, edit func([]models.RegistrationToken) ([]models.RegistrationTokenEdit, error)) error

	// Redeem takes one count by a guarded UPDATE and writes the rows, which it
	// asks for once it holds the lock, so that their time is the one that counts.
	// When it returns models.ErrNotConsumed (the guard refused),
	// models.ErrAnswerKept (another request holds the idempotency key) or
	// models.NotAdmitted (rules or list refused), nothing has changed.
	Redeem(ctx context.Context, registrationTokenID string, rows func() models.Consumption) (*models.Consumption, error)
	// KeptAnswer reads the answer kept for an idempotency key since a time;
	// KindNotFound.
	KeptAnswer(ctx context.Context, registrationTokenID string, keyDigest []byte, since time.Time) (*models.KeptAnswer, error)
	// RecordRefusedAttempt adds one to the refused count, and inserts the attempt
	// unless the caps are reached, which it reports as false. KindConflict when
	// the support code is taken.
	RecordRefusedAttempt(ctx context.Context, attempt *models.RefusedAttempt, caps models.RefusedCaps) (bool, error)
	// RefusedAttemptByCode finds the attempt of a support code; KindNotFound.
	RefusedAttemptByCode(ctx context.Context, code string) (*models.RefusedAttempt, error)

	// AuthToken reads one with its Customer; KindNotFound.
	AuthToken(ctx context.Context, id string) (*models.AuthToken, error)
	Standing(ctx context.Context, id string) (*models.Standing, error)
	Family(ctx context.Context, id string) (*models.Family, error)
	// UpdateAuthTokenLabels changes identifier and references; KindStale, KindNotFound.
	UpdateAuthTokenLabels(ctx context.Context, id string, labels models.AuthTokenLabels, event models.AuditEvent) (*models.AuthToken, error)
	// RotateRefreshToken moves the family to its next generation if the presented
	// refresh token is still the current one and the auth token is live. It asks
	// for the rotation once it holds the lock, and reports whether it did.
	RotateRefreshToken(ctx context.Context, id string, rotation func() models.Rotation) (bool, error)
	// RepeatRotation records that the last rotation was asked for again, if the
	// presented refresh token is still the previous one, within the grace, and
	// the auth token is live. It asks and reports as RotateRefreshToken does.
	RepeatRotation(ctx context.Context, id string, repetition func() models.Repetition) (bool, error)
	// TouchAuthToken records a use other than a refresh.
	TouchAuthToken(ctx context.Context, id string, now time.Time, ip string) error
	// EndAuthToken ends the family. One that is ended or deleted stays as it is,
	// and no event is written. KindNotFound.
	EndAuthToken(ctx context.Context, id, reason string, now time.Time, event models.AuditEvent) error
	// DeleteAuthTokens deletes what the filter selects and is not deleted yet,
	// and reclaims when asked. KindConflict with CodeUnexpectedNumber. It also
	// returns the registration tokens whose used count changed.
	DeleteAuthTokens(ctx context.Context, d models.AuthTokenDeletion, now time.Time, by string, event models.AuditEvent) (models.AuthTokenDeletionResult, []string, error)

	// CreateRequest inserts one, and stores which of the same registration token have
	// lapsed, with an event each, derived from lapsed. KindConflict with
	// CodeRequestExists while the same remedy is asked for.
	CreateRequest(ctx context.Context, r *models.Request, event, lapsed models.AuditEvent) error
	// Request reads one as of now; KindNotFound.
	Request(ctx context.Context, id string, now time.Time) (*models.Request, error)
	// EndRequest ends an open request, and does act, if any, in the same transaction:
	// what act does under its context happens if the request ends, and only then. It
	// may call act again. KindConflict with CodeRequestDecided, and the request as it
	// is, when it is not open; KindNotFound.
	EndRequest(ctx context.Context, d models.RequestDecision, event models.AuditEvent, act func(context.Context) error) (*models.Request, error)
	// CreateNote inserts one.
	CreateNote(ctx context.Context, n *models.Note, event models.AuditEvent) error
	// Evidence reads what the uses of a registration token are judged by.
	Evidence(ctx context.Context, registrationTokenID string) (*models.Evidence, error)

	// SigningKeys reads all keys, newest first.
	SigningKeys(ctx context.Context) ([]models.SigningKey, error)
	// CreateSigningKey inserts key unless one that is not retired exists (two
	// replicas may start at once); it reports whether it did.
	CreateSigningKey(ctx context.Context, key *models.SigningKey, event models.AuditEvent) (bool, error)

	// APIKeyByDigest finds the key of a presented secret; KindNotFound.
	APIKeyByDigest(ctx context.Context, digest []byte) (*models.APIKey, error)
	// CreateAPIKey inserts one.
	CreateAPIKey(ctx context.Context, key *models.APIKey, event models.AuditEvent) error
	// RevokeAPIKey ends a key; revoking it again changes nothing. KindNotFound.
	RevokeAPIKey(ctx context.Context, id string, now time.Time, by string, event models.AuditEvent) error
	// TouchAPIKey records the last use, at most once a minute.
	TouchAPIKey(ctx context.Context, id string, now time.Time) error

	// AuditEvents lists those the filter selects, newest first.
	AuditEvents(ctx context.Context, filter models.AuditFilter, page models.PageRequest) (models.Page[models.AuditEvent], error)
	// AppendAudit writes an event that goes with no other change.
	AppendAudit(ctx context.Context, event models.AuditEvent) error
}
