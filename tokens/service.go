package tokens

import (
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
	// AccessTokenTTL, RefreshIdle and MaxTokenLifetime: see package config.
	AccessTokenTTL   time.Duration
	RefreshIdle      time.Duration
	MaxTokenLifetime time.Duration
	// MasterKey seals signing keys at rest; 32 bytes.
	MasterKey []byte
	Logger    *slog.Logger
	// Verdict are the thresholds by which a deletion works out the auth tokens of
	// a finding; the zero value means the default ones.
	Verdict models.VerdictRules
	// Now and Random are the clock and the generator; tests inject them.
	Now    func() time.Time
	Random io.Reader
	// Notify is called with every change after it is committed; it must not
	// block. It may be nil.
	Notify func(Change)
}

// Change says what a committed operation changed, for live pages and for other replicas.
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
	ChangeRequest           ChangeKind = "request-changed"
	// ChangeAPIKey is on no live page, but remembered.
	ChangeAPIKey ChangeKind = "api-key-changed"
	// ChangeMuch is more than is told one by one, or what nobody heard: anything may have
	// changed.
	ChangeMuch ChangeKind = "much-changed"
)

// RedeemRequest is one redemption. Fields are raw; Redeem checks them.
type RedeemRequest struct {
	Secret         models.Secret
	Claimed        models.ClaimedIdentity
	Verified       models.VerifiedIdentity
	Origin         models.Origin
	IdempotencyKey string // empty when none
	// The credential is checked before the rest (rule 2), so errors that the
	// caller found in the rest are passed on. Malformed is the answer when the
	// body could not be read. Faults are errors of single fields, which are
	// returned together with those that Redeem finds in other fields.
	Malformed error
	Faults    []models.FieldError
}

// AdmissionAnswer says whether a redemption would be let in.
type AdmissionAnswer struct {
	// Status is the state of the registration token: any state but active refuses
	// before the rules do.
	Status models.Status
	models.Judged
}

// Admitted reports whether the redemption would take a count.
func (a AdmissionAnswer) Admitted() bool {
	return a.Status == models.StatusActive && a.Refused == ""
}

// IssuedAuthToken is an auth token with its secrets, to be shown once.
type IssuedAuthToken struct {
	AuthToken *models.AuthToken
	IssuedSecrets
	// Replayed is true for the kept answer of an idempotency key.
	Replayed bool
}

// IssuedSecrets are those of an auth token.
type IssuedSecrets struct {
	AccessToken, RefreshToken models.Secret
	// ExpiresIn is the access token's remaining life, whole seconds.
	ExpiresIn time.Duration
}

// Introspection is an RFC 7662 answer; when Active is false, nothing else counts.
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
	// Holder is whose it is; nil when inactive.
	Holder *models.Standing
	// Guess is true when an inactive token was a guess (rule 11).
	Guess bool
}
