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

// NotAdmitted means that the rules of the registration token, or its expected
// list, refused the redemption. Nothing was consumed.
type NotAdmitted struct{ Rule AdmissionRule }

// Error implements error.
func (e *NotAdmitted) Error() string { return "not admitted: " + string(e.Rule) }

// Consumption is everything one redemption writes, in one transaction. The row of the
// ledger is its event in the trail.
type Consumption struct {
	// Redemption is the row of the ledger. The count must be available at its
	// RedeemedAt; UseNumber is set by the store.
	Redemption Redemption
	// AuthToken is what was issued; ExpectationID and
	// Unexpected are set by the store.
	AuthToken AuthToken
	// Kept is the answer to keep for a retry; nil without an idempotency key.
	Kept *KeptAnswer
}

// Presented is what rules and list are applied to.
func (c *Consumption) Presented() Presented {
	return Presented{Claimed: c.Redemption.ClaimedIdentity, Verified: c.Redemption.VerifiedIdentity, IP: c.Redemption.IP}
}

// KeptAnswerLifetime is how long the answer to a redemption with an idempotency
// key can be repeated, and the key is taken (rule 8).
const KeptAnswerLifetime = 24 * time.Hour

// KeptAnswer is the sealed answer to a redemption with an idempotency key.
type KeptAnswer struct {
	RegistrationTokenID string `gorm:"primaryKey"`
	// KeyDigest is the SHA-256 of the idempotency key.
	KeyDigest []byte `gorm:"primaryKey"`
	// RequestDigest tells whether a retry has the same body.
	RequestDigest []byte
	AuthTokenID   string
	// Sealed opens only with the registration token's secret and the key. It is
	// emptied for good when the registration token is disabled.
	Sealed    []byte
	CreatedAt time.Time
}

// Rotation is everything one refresh writes.
type Rotation struct {
	// At is the time of the refresh; the row must be live then.
	At time.Time
	IP string
	// Presented is the digest the row must still hold; it becomes the
	// previous one, Successor the current one.
	Presented       []byte
	Successor       []byte
	SealedSuccessor []byte
	IdleExpiresAt   time.Time
}

// Repetition asks for the answer of a rotation again.
type Repetition struct {
	// At is the time of the request. The row must be live then, and Grace must
	// not have passed since the rotation.
	At    time.Time
	Grace time.Duration
	// Presented is the digest the row must hold as the previous one.
	Presented []byte
	IP        string
}
