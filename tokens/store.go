package tokens

import (
	"context"
	"time"

	"muster/models"
)

// Store is what the token service needs of the database. Each method that
// changes something is one transaction, which also writes the audit events
// given to it; when that fails nothing has happened. All methods return
// [models.Error] of the kinds named, KindUnavailable when the database cannot
// be reached or is full or busy.
type Store interface {
	// CreateRegistrationToken inserts token, and the list of who is expected
	// to redeem it.
	CreateRegistrationToken(ctx context.Context, token *models.RegistrationToken, event models.AuditEvent, expected ...models.Expectation) error
	// CreateRegistrationTokens inserts all of them, or none.
	CreateRegistrationTokens(ctx context.Context, tokens []models.RegistrationToken, events []models.AuditEvent) error
	// RegistrationToken reads one with its Customer; KindNotFound.
	RegistrationToken(ctx context.Context, id string) (*models.RegistrationToken, error)
	// RegistrationTokenByDigest finds the token of a presented secret, deleted
	// ones included, with its Customer; KindNotFound.
	RegistrationTokenByDigest(ctx context.Context, digest []byte) (*models.RegistrationToken, error)
	// Customer finds one by id or by identifier; KindNotFound.
	Customer(ctx context.Context, idOrIdentifier string) (*models.Customer, error)
	// UpdateRegistrationToken applies change by one guarded UPDATE: not
	// deleted, not expired at now, not replaced when enabling, used count
	// not above change.Count, and updated_at still equal to readAt (the
	// UpdatedAt the change was computed from; KindConflict otherwise).
	// KindNotFound; KindConflict says which guard refused.
	UpdateRegistrationToken(ctx context.Context, id string, readAt time.Time, change models.RegistrationTokenChange, now time.Time, events ...models.AuditEvent) (*models.RegistrationToken, error)
	// SetAdmission replaces the rules, adds to the list and removes from it,
	// guarded: not deleted, and its admission version still that. Uses there
	// were are compared with the new list. KindNotFound, KindConflict.
	SetAdmission(ctx context.Context, id string, version int, change models.AdmissionChange, event models.AuditEvent) (*models.RegistrationToken, error)
	// ExpectedList reads the whole list of a registration token.
	ExpectedList(ctx context.Context, registrationTokenID string) ([]models.Expectation, error)
	// Judge tells how list and rules see a redemption, the way Redeem does,
	// and changes nothing.
	Judge(ctx context.Context, registrationTokenID string, p models.Presented) (models.Judged, error)
	// ReplaceRegistrationToken inserts successor with the admission of the old
	// one, links both and disables
	// the old one, guarded: not deleted, not replaced before, and its used
	// count still equal to oldUsedCount (KindConflict; the caller reads
	// again and retries).
	ReplaceRegistrationToken(ctx context.Context, oldID string, oldUsedCount int, successor *models.RegistrationToken, now time.Time, by string, events ...models.AuditEvent) error
	// DeleteRegistrationToken marks it deleted; with d.AuthTokens also its
	// live auth tokens, with d.Reason. It writes one audit event each, derived
	// from event: ID and ObjectID are replaced. It returns how many auth tokens
	// were deleted. Deleting again changes nothing but the auth tokens that were
	// kept, when asked. KindNotFound; KindConflict with CodeUnexpectedNumber
	// when d.Expected is another number than the live ones.
	DeleteRegistrationToken(ctx context.Context, id string, d models.RegistrationTokenDeletion, now time.Time, by string, event models.AuditEvent) (int, error)
	// DeleteRegistrationTokens does it to those that are not deleted, all of
	// them or none, and leaves the others with their auth tokens as they are;
	// d.Expected is of all it would delete. It also returns which were changed.
	DeleteRegistrationTokens(ctx context.Context, ids []string, d models.RegistrationTokenDeletion, now time.Time, by string, event models.AuditEvent) (models.SelectionResult, []string, error)
	// DisableRegistrationTokens disables those that are not deleted, disabled or
	// expired at now, all of them or none. It also returns which were changed.
	DisableRegistrationTokens(ctx context.Context, ids []string, now time.Time, by string, event models.AuditEvent) (models.SelectionResult, []string, error)

	// Redeem takes one count: a guarded UPDATE holding every condition (not
	// deleted, not disabled, not expired at RedeemedAt, count left), then the
	// ledger row, the auth token, the kept answer and the audit event, which it
	// returns as stored. It asks for the rows once it holds the lock, so that
	// their time is the one that counts. When the guard refuses, it returns
	// models.ErrNotConsumed and has changed nothing; when another request holds
	// the same idempotency key, models.ErrAnswerKept; when rules or list turn
	// it away, models.NotAdmitted.
	Redeem(ctx context.Context, registrationTokenID string, rows func() models.Consumption) (*models.Consumption, error)
	// KeptAnswer reads the answer kept for an idempotency key since a time;
	// KindNotFound.
	KeptAnswer(ctx context.Context, registrationTokenID string, keyDigest []byte, since time.Time) (*models.KeptAnswer, error)
	// RecordRefusedAttempt inserts the attempt and adds one to its token's
	// refused count. At most caps rows are kept for one token (or for all
	// unknown secrets together) and minute; past that only the count rises
	// and it reports false.
	RecordRefusedAttempt(ctx context.Context, attempt *models.RefusedAttempt, caps models.RefusedCaps) (bool, error)
	// RefusedAttemptByCode finds the attempt of a support code; KindNotFound.
	RefusedAttemptByCode(ctx context.Context, code string) (*models.RefusedAttempt, error)

	// AuthToken reads one with its Customer; KindNotFound.
	AuthToken(ctx context.Context, id string) (*models.AuthToken, error)
	// UpdateAuthTokenLabels changes identifier and refs; KindNotFound.
	UpdateAuthTokenLabels(ctx context.Context, id string, labels models.AuthTokenLabels, event models.AuditEvent) (*models.AuthToken, error)
	// RotateRefreshToken moves the family to its next generation by one
	// guarded UPDATE: refresh digest still the presented one, not ended, not
	// deleted, not idle-expired at the time of the rotation, for which it asks
	// once it holds the lock. It reports whether it did.
	RotateRefreshToken(ctx context.Context, id string, rotation func() models.Rotation) (bool, error)
	// RepeatRotation records that the answer of the last rotation was asked
	// for again, by one guarded UPDATE: previous digest still the presented
	// one, live, and within the grace at the time of the repetition, for which
	// it asks once it holds the lock. It reports whether it did.
	RepeatRotation(ctx context.Context, id string, repetition func() models.Repetition) (bool, error)
	// TouchAuthToken records a use other than refreshing (introspection):
	// first_used_at if unset, last_seen_at and its IP.
	TouchAuthToken(ctx context.Context, id string, now time.Time, ip string) error
	// EndAuthToken ends the family; doing it again, or on a deleted one,
	// changes nothing and writes no event.
	EndAuthToken(ctx context.Context, id, reason string, now time.Time, event models.AuditEvent) error
	// DeleteAuthTokens deletes what the filter selects and is not deleted
	// yet, reclaims when asked, and writes one audit event each (and one
	// for each reclaim), derived from event: ID and ObjectID are replaced.
	// KindConflict with CodeUnexpectedNumber when d.Expected differs from
	// the number that would be deleted. It returns the counts and the
	// registration tokens whose used count changed.
	DeleteAuthTokens(ctx context.Context, d models.AuthTokenDeletion, now time.Time, by string, event models.AuditEvent) (models.AuthTokenDeletionResult, []string, error)

	// SigningKeys reads all keys, newest first.
	SigningKeys(ctx context.Context) ([]models.SigningKey, error)
	// CreateSigningKey inserts key unless one that is not retired exists
	// already (two replicas starting at once); it reports whether it did.
	CreateSigningKey(ctx context.Context, key *models.SigningKey, event models.AuditEvent) (bool, error)

	// APIKeyByDigest finds the key of a presented secret; KindNotFound.
	APIKeyByDigest(ctx context.Context, digest []byte) (*models.APIKey, error)
	// CreateAPIKey inserts one.
	CreateAPIKey(ctx context.Context, key *models.APIKey, event models.AuditEvent) error
	// RevokeAPIKey ends a key by id; again changes nothing; KindNotFound.
	RevokeAPIKey(ctx context.Context, id string, now time.Time, by string, event models.AuditEvent) error
	// TouchAPIKey records last use, at most once a minute.
	TouchAPIKey(ctx context.Context, id string, now time.Time) error

	// AppendAudit writes an event that goes with no other change.
	AppendAudit(ctx context.Context, event models.AuditEvent) error
}
