package tokens

import (
	"context"
	"io"
	"log/slog"
	"time"

	"muster/models"
)

// Config is how the service behaves; New checks it.
type Config struct {
	// Issuer is MUSTER_BASE_URL without a trailing slash, the iss of access
	// tokens; Audience their aud (the issuer when empty).
	Issuer   string
	Audience string
	// AccessTokenTTL, RefreshIdle and MaxTokenLifetime: see PRODUCT section 6.
	AccessTokenTTL   time.Duration
	RefreshIdle      time.Duration
	MaxTokenLifetime time.Duration
	// MasterKey seals signing keys at rest; 32 bytes.
	MasterKey []byte
	Logger    *slog.Logger
	// Now and Random are the clock and the generator; tests inject them.
	Now    func() time.Time
	Random io.Reader
	// Notify is told of every change after it is committed; it must not
	// block. Nil is fine.
	Notify func(Change)
}

// Change tells what a committed operation touched, for live pages.
type Change struct {
	RegistrationTokenID string // empty when none
	AuthTokenID         string // empty when none or many
	Kind                ChangeKind
}

// ChangeKind says what happened.
type ChangeKind string

// The kinds of change.
const (
	ChangeRegistrationToken ChangeKind = "registration-token-changed"
	ChangeRedeemed          ChangeKind = "registration-token-redeemed"
	ChangeRefused           ChangeKind = "registration-token-refused"
	ChangeAuthToken         ChangeKind = "auth-token-changed"
	ChangeAuthTokenDeleted  ChangeKind = "auth-token-deleted"
)

// API is the whole service as its callers see it. It documents the contract
// in one place; handlers declare the smaller interfaces they need.
type API interface {
	// --- registration tokens. The actor needs PermissionRegistrationTokenWrite
	// (KindForbidden otherwise).

	// CreateRegistrationToken makes one and returns its secret, which is
	// never to be had again. Count is required, 1..1,000,000; the expiry
	// 1 minute to MaxTokenLifetime ahead, 30 days when left out; the
	// identifier is made up when blank. KindInvalid with fields count,
	// expirationDate, identifier, refId1, refId2, note, customer.
	CreateRegistrationToken(ctx context.Context, actor models.Actor, s models.RegistrationTokenSettings) (*models.RegistrationToken, models.Secret, error)
	// CreateRegistrationTokens makes one for each recipient, labelled with
	// them, or none at all: at most models.MaxRecipients. Count is that of
	// each (1 when left out), the other settings are common to all;
	// Identifier is not used. KindInvalid with fields recipients, count,
	// expirationDate, refId1, refId2, note, customer.
	CreateRegistrationTokens(ctx context.Context, actor models.Actor, recipients []models.Recipient, s models.RegistrationTokenSettings) ([]IssuedRegistrationToken, error)
	// UpdateRegistrationToken changes what is not nil (PRODUCT rule 4).
	// KindConflict (registration_token_expired, _deleted, _replaced),
	// KindInvalid, KindNotFound.
	UpdateRegistrationToken(ctx context.Context, actor models.Actor, id string, s models.RegistrationTokenSettings) (*models.RegistrationToken, error)
	// ResetRegistrationToken is PUT: what is nil goes back to its default;
	// count is required.
	ResetRegistrationToken(ctx context.Context, actor models.Actor, id string, s models.RegistrationTokenSettings) (*models.RegistrationToken, error)
	// ReplaceRegistrationToken makes the successor (PRODUCT rule 5).
	ReplaceRegistrationToken(ctx context.Context, actor models.Actor, id string, s models.RegistrationTokenSettings) (*models.RegistrationToken, models.Secret, error)
	// SetAdmission replaces the rules on who may redeem, and edits the list of
	// the expected. KindInvalid with fields expected, emailDomains, networks;
	// KindConflict when it was edited since s.Version, or is deleted;
	// KindNotFound.
	SetAdmission(ctx context.Context, actor models.Actor, id string, s models.AdmissionSettings) (*models.RegistrationToken, error)
	// WouldAdmit tells whether a redemption would be let in, by what a
	// redemption is judged by; it takes no count and writes nothing. It needs
	// PermissionRegistrationTokenRead. KindInvalid, KindNotFound.
	WouldAdmit(ctx context.Context, actor models.Actor, id string, p models.Presented) (AdmissionAnswer, error)
	// DeleteRegistrationToken returns how many auth tokens it deleted too;
	// all in one transaction. Deleting again is nil, and deletes the auth
	// tokens that were kept when asked. KindInvalid with fields reason,
	// expected; KindConflict (unexpected_number); KindNotFound.
	DeleteRegistrationToken(ctx context.Context, actor models.Actor, id string, d models.RegistrationTokenDeletion) (int, error)
	// DisableRegistrationTokens disables those of at most models.MaxPageSize
	// that can still be redeemed; the others are left as they are.
	// KindInvalid with the field id; KindNotFound.
	DisableRegistrationTokens(ctx context.Context, actor models.Actor, ids []string) (models.SelectionResult, error)
	// DeleteRegistrationTokens is DeleteRegistrationToken for at most
	// models.MaxPageSize; d.Expected is the number of live auth tokens of all
	// of them. Those that are deleted already are left as they are.
	DeleteRegistrationTokens(ctx context.Context, actor models.Actor, ids []string, d models.RegistrationTokenDeletion) (models.SelectionResult, error)
	// LookupRegistrationToken finds a token by its secret (audited; needs
	// PermissionRegistrationTokenRead); KindNotFound for anything else.
	LookupRegistrationToken(ctx context.Context, actor models.Actor, secret models.Secret) (*models.RegistrationToken, error)

	// LookupAuthToken finds an auth token by a refresh token of its family,
	// however old, or by an access token, expired ones too, and says which
	// it was. It is audited, needs PermissionAuthTokenRead, and changes
	// nothing else. KindNotFound, marked as a guess (see IsGuess) where it is
	// one.
	LookupAuthToken(ctx context.Context, actor models.Actor, secret models.Secret) (*models.AuthToken, SecretStanding, error)

	// --- redemption and refresh, for holders of a secret.

	// Redeem trades a registration token for an auth token (PRODUCT rules
	// 1, 2, 8, 12). Errors carry the code the caller may know and a support
	// code. Guess (see IsGuess) marks a well-formed secret that matched
	// nothing.
	Redeem(ctx context.Context, r RedeemRequest) (*IssuedAuthToken, error)
	// Refresh rotates (PRODUCT rule 9). KindUnauthenticated with
	// refresh_token_invalid or refresh_token_reused.
	Refresh(ctx context.Context, refreshToken models.Secret, origin models.Origin) (*IssuedAuthToken, error)
	// Introspect follows RFC 7662; anything not live is {active:false}.
	Introspect(ctx context.Context, actor models.Actor, token models.Secret) (Introspection, error)
	// Revoke follows RFC 7009: either token deletes its auth token; unknown
	// ones are fine (nil). IsGuess(err) never holds; see GuessedRevoke.
	Revoke(ctx context.Context, token models.Secret, origin models.Origin) error
	// GuessedRevoke is Revoke that also reports whether the token was a
	// guess.
	GuessedRevoke(ctx context.Context, token models.Secret, origin models.Origin) (guess bool, err error)

	// --- auth tokens. The actor needs PermissionAuthTokenWrite.

	UpdateAuthToken(ctx context.Context, actor models.Actor, id string, labels models.AuthTokenLabels) (*models.AuthToken, error)
	// DeleteAuthToken deletes one; again is nil and changes nothing.
	DeleteAuthToken(ctx context.Context, actor models.Actor, id, reason string, returnCount bool) error
	// DeleteAuthTokens deletes many; the filter must not be empty.
	DeleteAuthTokens(ctx context.Context, actor models.Actor, d models.AuthTokenDeletion) (models.AuthTokenDeletionResult, error)
	// DeleteOwnAuthToken deletes one that the actor, a signed-in person of
	// any role, redeemed; again is nil and changes nothing. The count is not
	// given back. KindNotFound for those of everybody else.
	DeleteOwnAuthToken(ctx context.Context, actor models.Actor, id, reason string) error

	// --- API keys and signing.

	// AuthenticateAPIKey turns a presented key into an actor;
	// KindUnauthenticated otherwise, IsGuess when it matched nothing.
	AuthenticateAPIKey(ctx context.Context, key models.Secret, origin models.Origin) (models.Actor, error)
	// CreateAPIKey needs PermissionAPIKeyManage. Either role or scopes.
	CreateAPIKey(ctx context.Context, actor models.Actor, name string, role models.Role, scopes []models.Scope, expiresAt *time.Time) (*models.APIKey, models.Secret, error)
	RevokeAPIKey(ctx context.Context, actor models.Actor, id string) error
	// JWKS is the public key set as JSON (RFC 7517).
	JWKS(ctx context.Context) ([]byte, error)
	// EnsureSigningKey makes the first key; ready once it returned nil.
	EnsureSigningKey(ctx context.Context) error
}

// RedeemRequest is one redemption. Fields are raw; Redeem checks them.
type RedeemRequest struct {
	Secret         models.Secret
	Claimed        models.ClaimedIdentity
	Verified       models.VerifiedIdentity
	Origin         models.Origin
	IdempotencyKey string // empty when none
	// Malformed is set when the body could not be used: the credential is
	// judged first, then this error is returned (PRODUCT rule 2).
	Malformed error
}

// AdmissionAnswer tells whether a redemption would be let in.
type AdmissionAnswer struct {
	// Status is the state of the registration token: another than active
	// refuses before anything else does.
	Status models.Status
	models.Judged
}

// Admitted reports whether the redemption would take a count.
func (a AdmissionAnswer) Admitted() bool {
	return a.Status == models.StatusActive && a.Refused == ""
}

// IssuedAuthToken is an auth token with its secrets, to be shown once.
type IssuedAuthToken struct {
	AuthToken    *models.AuthToken
	AccessToken  models.Secret
	RefreshToken models.Secret
	// ExpiresIn is the access token's remaining life, whole seconds.
	ExpiresIn time.Duration
	// Replayed tells that an idempotency key gave a kept answer.
	Replayed bool
}

// Introspection is an RFC 7662 answer; only Active counts when it is false.
type Introspection struct {
	Active    bool
	TokenType string // "access_token" or "refresh_token"
	Subject   string
	ClientID  string
	Issuer    string
	Audience  string
	Customer  string
	JTI       string
	ExpiresAt time.Time
	IssuedAt  time.Time
	Username  string // system user name, as reported
	// Guess tells that an inactive token was a guess (PRODUCT rule 11).
	Guess bool
}
