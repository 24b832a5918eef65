package models

import "time"

// Redemption is a ledger row: one use of a registration token. It is never
// changed or deleted.
type Redemption struct {
	ID                  string `gorm:"primaryKey"`
	RegistrationTokenID string
	// UseNumber counts from 1 without gaps, unique per registration token.
	UseNumber   int
	AuthTokenID string
	RedeemedAt  time.Time
	ClaimedIdentity
	VerifiedIdentity
	IP        string
	UserAgent string
	Channel   Channel
	RequestID string
	// AuditedApart is true where an event of the trail tells of it too: programs of
	// before wrote one. The others are events of the trail themselves.
	AuditedApart bool
}

// Channel is how a redemption or refused attempt came in.
type Channel string

// The channels.
const (
	ChannelREST  Channel = "rest"
	ChannelOAuth Channel = "oauth"
	ChannelPage  Channel = "page"
)

// Reclaim gives one count back; UNIQUE(redemption_id) allows it once.
type Reclaim struct {
	ID                  string `gorm:"primaryKey"`
	RegistrationTokenID string
	RedemptionID        string
	AuthTokenID         string
	ReclaimedAt         time.Time
	ReclaimedBy         string
	Reason              string
}

// RefusedAttempt is a redemption that was turned away.
type RefusedAttempt struct {
	ID string `gorm:"primaryKey"`
	// SupportCode is like "K7Q4-M2QX": 40 random bits, unique.
	SupportCode string
	// RegistrationTokenID is nil when the secret matched nothing.
	RegistrationTokenID *string
	// Reason is the true reason, which the caller may not have been told.
	Reason Code
	// AdmissionRule is the rule that refused it, for CodeIdentityNotAllowed; else
	// empty.
	AdmissionRule AdmissionRule
	AttemptedAt   time.Time
	ClaimedIdentity
	VerifiedIdentity
	IP        string
	UserAgent string
	Channel   Channel
	RequestID string
}

// RefusedCaps bounds how many refused attempts are stored in one minute for one
// registration token, or for all secrets that match nothing.
type RefusedCaps struct {
	Total int
	// PerAddress bounds those from one address; 0 for no bound.
	PerAddress int
}

// RefusedAttemptFilter narrows a list of refused attempts.
type RefusedAttemptFilter struct {
	RegistrationTokenID string
}

// TokenUse is one row of "who used it": a redemption with what became of its
// auth token.
type TokenUse struct {
	Redemption Redemption
	AuthToken  AuthToken
}
