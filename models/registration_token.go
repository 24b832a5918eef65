package models

import (
	"time"
)

// MaxCount is the largest count a registration token may have.
const MaxCount = 1_000_000

// MinTokenLifetime is how far ahead an expiry must be.
const MinTokenLifetime = time.Minute

// DefaultTokenLifetime is how far ahead a registration token expires by default.
const DefaultTokenLifetime = 30 * 24 * time.Hour

// Status is the derived state of a registration token; it is never stored.
type Status string

// The states, in order of precedence.
const (
	StatusDeleted   Status = "deleted"
	StatusDisabled  Status = "disabled"
	StatusExpired   Status = "expired"
	StatusExhausted Status = "exhausted"
	StatusActive    Status = "active"
)

// Statuses lists every status in order of precedence.
var Statuses = []Status{StatusDeleted, StatusDisabled, StatusExpired, StatusExhausted, StatusActive}

// RegistrationToken is a bootstrap secret with a count and an expiry. Only
// the digest of the secret is kept. All times are UTC.
type RegistrationToken struct {
	// ID is the public id: a lower-case ULID, also part of the secret.
	ID         string `gorm:"primaryKey"`
	CustomerID string
	// Customer is filled by reads that say so.
	Customer   Customer `gorm:"-"`
	Identifier string
	RefID1     string `gorm:"column:ref_id_1"`
	RefID2     string `gorm:"column:ref_id_2"`
	Note       string
	// SecretDigest is the SHA-256 of the secret, 32 bytes.
	SecretDigest []byte
	// Hint is the start of the secret (prefix and public id), safe to show.
	Hint  string
	Count int
	// UsedCount is redemptions minus reclaims, between 0 and Count.
	UsedCount int
	// RedemptionCount counts the redemptions; it never decreases.
	RedemptionCount int
	// RefusedCount counts the refused attempts, stored or not.
	RefusedCount int
	ExpiresAt    time.Time // whole seconds
	DisabledAt   *time.Time
	DisabledBy   string
	DeletedAt    *time.Time
	DeletedBy    string
	// ReplacesID and ReplacedByID link a chain of replacements.
	ReplacesID   *string
	ReplacedByID *string
	ReplacedAt   *time.Time
	CreatedBy    string // display name of the actor
	CreatedAt    time.Time
	UpdatedAt    time.Time
	// LastRedeemedAt is the time of the newest redemption.
	LastRedeemedAt *time.Time
	Admission
}

// RemainingCount is how many redemptions are left, disregarding state.
func (t *RegistrationToken) RemainingCount() int { return t.Count - t.UsedCount }

// Status derives the state at now: the first that holds of deleted, disabled,
// expired, exhausted, active.
func (t *RegistrationToken) Status(now time.Time) Status {
	reasons := t.StatusReasons(now)
	if len(reasons) == 0 {
		return StatusActive
	}
	return reasons[0]
}

// StatusReasons lists every state but active that holds at now, in order of
// precedence; it is empty for an active registration token. A token is
// expired at the very second of its expiry.
func (t *RegistrationToken) StatusReasons(now time.Time) []Status {
	reasons := []Status{}
	if t.DeletedAt != nil {
		reasons = append(reasons, StatusDeleted)
	}
	if t.DisabledAt != nil {
		reasons = append(reasons, StatusDisabled)
	}
	if !now.Before(t.ExpiresAt) {
		reasons = append(reasons, StatusExpired)
	}
	if t.UsedCount >= t.Count {
		reasons = append(reasons, StatusExhausted)
	}
	return reasons
}

// RegistrationTokenSettings is what an administrator may choose when a
// registration token is created or changed. A nil pointer means "not given".
type RegistrationTokenSettings struct {
	// CustomerID counts at creation only; empty means the default customer.
	CustomerID string
	Identifier *string
	RefID1     *string
	RefID2     *string
	Note       *string
	Count      *int
	// Raise is added to the count as it is at that moment, so that no raise is
	// lost.
	Raise     int
	ExpiresAt *time.Time
	Enabled   *bool
	// Admission counts only when a single one is created; nil admits everybody.
	Admission *AdmissionSettings
	// Reason is kept with a change in the audit trail, at most MaxReasonLength
	// characters; it may be empty.
	Reason string
	// IfVersion are the versions that a change may start from.
	IfVersion Versions
}

// RegistrationTokenChange is a checked change of an existing registration
// token, ready to be stored: every field is the new value.
type RegistrationTokenChange struct {
	Identifier string
	RefID1     string
	RefID2     string
	Note       string
	Count      int
	ExpiresAt  time.Time
	Enabled    bool
}

// RegistrationTokenFilter narrows a list; zero fields match all. Text fields
// match a whole value as names are compared; Search matches a part of identifier,
// references, note or hint, ignoring case.
type RegistrationTokenFilter struct {
	Identifier string
	RefID1     string
	RefID2     string
	CustomerID string
	Status     Status
	// NeedsAttention narrows to those of [Attention].
	NeedsAttention bool
	Search         string
	// Where are criteria; their fields are of [RegistrationTokenCriteria].
	Where []Criterion
	// AsMasked is as in [AuthTokenFilter].
	AsMasked bool
	// IDs narrows to these; nil does not narrow.
	IDs []string
	// CreatedAfter narrows to those that were created later; zero does not narrow.
	CreatedAfter time.Time
	// ExpiresBefore narrows to those that have not expired yet but will have by
	// then; zero does not narrow.
	ExpiresBefore time.Time
}

// SelectionResult counts the effect of changing several registration tokens.
type SelectionResult struct {
	// Changed counts those that were changed, Left the others.
	Changed, Left int
	// AuthTokens is how many auth tokens were deleted with them.
	AuthTokens int
}

// Replaceable reports whether it can be replaced without saying by how many counts:
// it is not deleted, has no successor, and something remains.
func (t *RegistrationToken) Replaceable() bool {
	return t.DeletedAt == nil && t.ReplacedByID == nil && t.RemainingCount() > 0
}

// Replacement is a registration token with its successor, and the audit events
// about both.
type Replacement struct {
	OldID string
	// OldUsedCount is the used count that the successor's count was reckoned from.
	OldUsedCount int
	Successor    *RegistrationToken
	Events       []AuditEvent
}

// Guard refuses the replacement when old is not any more what it was decided on:
// KindConflict with CodeRegistrationTokenDeleted, CodeRegistrationTokenReplaced, or
// CodeConflict for another used count.
func (r *Replacement) Guard(old *RegistrationToken) error {
	switch {
	case old.DeletedAt != nil:
		return Conflict(CodeRegistrationTokenDeleted, "The registration token is deleted.")
	case old.ReplacedByID != nil:
		return Conflict(CodeRegistrationTokenReplaced, "The registration token has already been replaced.")
	case old.UsedCount != r.OldUsedCount:
		return Conflict(CodeConflict, "The registration token was used in the meantime. Load it again and repeat the change.")
	}
	return nil
}

// RegistrationTokenDeletion says what is deleted with a registration token, and
// why.
type RegistrationTokenDeletion struct {
	// AuthTokens deletes its live auth tokens too.
	AuthTokens bool
	// Reason is kept with each deleted auth token and in the audit trail, at
	// most MaxReasonLength characters; it may be empty.
	Reason string
	// Expected, when set, must equal the number of its live auth tokens, or
	// nothing happens (KindConflict with CodeUnexpectedNumber).
	Expected *int
	// IfVersion are the versions that a single one may have.
	IfVersion Versions
}
