package models

import (
	"errors"
	"time"
)

// Outcomes of consuming a count that are decisions, not failures.
var (
	// ErrNotConsumed: the guarded UPDATE matched no row.
	ErrNotConsumed = errors.New("no count was consumed")
	// ErrAnswerKept: the idempotency key has an answer already.
	ErrAnswerKept = errors.New("an answer is kept for this idempotency key")
)

// NotAdmitted tells that the rules of the registration token, or its list of
// the expected, turn the redemption away. Nothing was consumed.
type NotAdmitted struct{ Rule AdmissionRule }

// Error implements error.
func (e *NotAdmitted) Error() string { return "not admitted: " + string(e.Rule) }

// Consumption is everything one redemption writes, in one transaction.
type Consumption struct {
	// Now is the time the rows were made with. Clock, when set, is asked again
	// once the store holds the lock it may have waited for, and everything is
	// moved to that time.
	Now        time.Time
	Clock      func() time.Time
	Redemption Redemption // UseNumber is set by the store
	AuthToken  AuthToken  // ExpectationID and Unexpected are set by the store
	// Kept is the answer to keep for a retry; nil without an idempotency
	// key. KeptSince is how old a kept answer may be and still hold the key.
	Kept      *KeptAnswer
	KeptSince time.Time
	Event     AuditEvent
}

// Presented is what rules and list judge it by.
func (c *Consumption) Presented() Presented {
	return Presented{Claimed: c.Redemption.ClaimedIdentity, Verified: c.Redemption.VerifiedIdentity, IP: c.Redemption.IP}
}

// KeptAnswer is the sealed answer to a redemption with an idempotency key.
type KeptAnswer struct {
	RegistrationTokenID string `gorm:"primaryKey"`
	// KeyDigest is the SHA-256 of the idempotency key.
	KeyDigest []byte `gorm:"primaryKey"`
	// RequestDigest tells whether a retry has the same body.
	RequestDigest []byte
	AuthTokenID   string
	// Sealed opens only with the registration token's secret and the key. It
	// is empty once the registration token was disabled: spent for good.
	Sealed    []byte
	CreatedAt time.Time
}

// Settle asks Clock for the time that counts, and moves every time to it.
func (c *Consumption) Settle() {
	if c.Clock == nil {
		return
	}
	now := c.Clock()
	waited := now.Sub(c.Now)
	c.Now = now
	c.Redemption.RedeemedAt = now
	c.AuthToken.CreatedAt, c.AuthToken.LastSeenAt = now, now
	c.AuthToken.IdleExpiresAt = c.AuthToken.IdleExpiresAt.Add(waited)
	c.KeptSince = c.KeptSince.Add(waited)
	if c.Kept != nil {
		c.Kept.CreatedAt = now
	}
	c.Event.OccurredAt = now
}

// Rotation is everything one refresh writes.
type Rotation struct {
	AuthTokenID string
	// Now and Clock are as in [Consumption].
	Now   time.Time
	Clock func() time.Time
	IP    string
	// Presented is the digest the row must still hold; it becomes the
	// previous one, Successor the current one.
	Presented       []byte
	Successor       []byte
	SealedSuccessor []byte
	IdleExpiresAt   time.Time
}

// Settle asks Clock for the time that counts, and moves every time to it.
func (r *Rotation) Settle() {
	if r.Clock == nil {
		return
	}
	now := r.Clock()
	r.IdleExpiresAt = r.IdleExpiresAt.Add(now.Sub(r.Now))
	r.Now = now
}

// Repetition asks for the answer of a rotation once more.
type Repetition struct {
	AuthTokenID string
	// Presented is the digest the row must hold as the previous one.
	Presented []byte
	// Grace is how long after the rotation it may be asked for.
	Grace time.Duration
	Clock func() time.Time
	IP    string
}
