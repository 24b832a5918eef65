package models

import "time"

// AuthTokenState is the state of an auth token.
type AuthTokenState string

// The states, in order of precedence.
const (
	AuthTokenDeleted     AuthTokenState = "deleted"
	AuthTokenEnded       AuthTokenState = "ended"        // by refresh-token reuse
	AuthTokenIdleExpired AuthTokenState = "idle_expired" // not refreshed for too long
	AuthTokenLive        AuthTokenState = "live"
)

// AuthTokenStates lists every state in order of precedence.
var AuthTokenStates = []AuthTokenState{AuthTokenDeleted, AuthTokenEnded, AuthTokenIdleExpired, AuthTokenLive}

// AuthToken is what one application instance holds: a family of refresh
// tokens and the access tokens minted from it. Only digests are kept.
type AuthToken struct {
	// ID is the public id, a lower-case ULID; also the access token's sub.
	ID                  string `gorm:"primaryKey"`
	RegistrationTokenID string
	RedemptionID        string
	CustomerID          string
	Customer            Customer `gorm:"-"`
	ClaimedIdentity
	VerifiedIdentity
	IP        string
	UserAgent string
	CreatedAt time.Time
	// LastSeenAt is the newest refresh or introspection, CreatedAt at first.
	LastSeenAt time.Time
	LastSeenIP string `gorm:"column:last_seen_ip"`
	// FirstUsedAt is when any secret of the auth token was first used.
	FirstUsedAt *time.Time

	// Generation counts the refresh tokens of the family, from 1.
	Generation int
	// FamilyDigest is the SHA-256 of the part all refresh tokens of the
	// family share; it tells reuse from a guess.
	FamilyDigest []byte
	// RefreshDigest is the SHA-256 of the current refresh token.
	RefreshDigest []byte
	// PreviousDigest is the SHA-256 of the refresh token before it, within
	// whose grace SealedSuccessor (the current refresh token, sealed under
	// a key derived from the previous one) may be answered again.
	PreviousDigest  []byte
	SealedSuccessor []byte
	RotatedAt       *time.Time
	// IdleExpiresAt is when the refresh token lapses unless used before.
	IdleExpiresAt time.Time

	EndedAt        *time.Time
	EndReason      string
	DeletedAt      *time.Time
	DeletedBy      string
	DeleteReason   string
	CountReclaimed bool

	// ExpectationID is the entry of the expected list that the use matched;
	// Unexpected is true when there was a list and no entry matched.
	ExpectationID *string
	Unexpected    bool
}

// State derives the state at now.
func (t *AuthToken) State(now time.Time) AuthTokenState { return t.Standing().State(now) }

// Standing is what decides what an auth token is worth right now, who holds it, and when
// it was last seen: what is asked for at each verification.
type Standing struct {
	ID                  string
	RegistrationTokenID string
	ClaimedIdentity
	VerifiedIdentity
	DeletedAt, EndedAt *time.Time
	IdleExpiresAt      time.Time
	FirstUsedAt        *time.Time
	LastSeenAt         time.Time
	LastSeenIP         string
}

// Standing is that of t.
func (t *AuthToken) Standing() *Standing {
	return &Standing{
		ID: t.ID, RegistrationTokenID: t.RegistrationTokenID,
		ClaimedIdentity: t.ClaimedIdentity, VerifiedIdentity: t.VerifiedIdentity,
		DeletedAt: t.DeletedAt, EndedAt: t.EndedAt, IdleExpiresAt: t.IdleExpiresAt,
		FirstUsedAt: t.FirstUsedAt, LastSeenAt: t.LastSeenAt, LastSeenIP: t.LastSeenIP,
	}
}

// State derives the state at now.
func (t *Standing) State(now time.Time) AuthTokenState {
	switch {
	case t.DeletedAt != nil:
		return AuthTokenDeleted
	case t.EndedAt != nil:
		return AuthTokenEnded
	case !now.Before(t.IdleExpiresAt):
		return AuthTokenIdleExpired
	default:
		return AuthTokenLive
	}
}

// BelongsTo reports whether the actor is the signed-in person who redeemed
// it. What a device reported of itself proves nothing.
func (t *AuthToken) BelongsTo(actor Actor) bool {
	return actor.Kind == ActorPerson && !t.VerifiedIdentity.IsZero() && actor.ID == t.VerifiedIdentity.ActorID()
}

// AuthTokenLens narrows a list to live auth tokens that may be one too many.
type AuthTokenLens string

// The lenses.
const (
	// LensSilent has those not seen for LensSilence.
	LensSilent AuthTokenLens = "silent"
	// LensNeverRefreshed has those redeemed more than LensGrace ago and
	// never refreshed since.
	LensNeverRefreshed AuthTokenLens = "never_refreshed"
	// LensSharedDevice and LensSharedPerson have those whose device or
	// person holds another one of the same customer that has not ended either.
	LensSharedDevice AuthTokenLens = "several_on_device"
	LensSharedPerson AuthTokenLens = "several_of_person"
	// LensSurplus has those whose device holds another one of the same
	// registration token that was seen later. Without them, each device has one.
	LensSurplus AuthTokenLens = "surplus"
	// LensUnexpected has those whose use matched no entry of the expected list.
	LensUnexpected AuthTokenLens = "unexpected"
)

// AuthTokenLenses lists every lens.
var AuthTokenLenses = []AuthTokenLens{
	LensSilent, LensNeverRefreshed, LensSharedDevice, LensSharedPerson, LensSurplus, LensUnexpected,
}

// When an auth token counts as silent, and how long a new one may go without a
// refresh.
const (
	LensSilence = 30 * 24 * time.Hour
	LensGrace   = 24 * time.Hour
)

// AuthTokenFilter narrows a list; zero fields match all, and IDs that are empty but
// not nil match none. Text fields match a
// whole value as names are compared, as does each field of ClaimedIdentity; Search
// matches all words of a text, the last of which may be only begun, in user, host, identifier,
// references and e-mail address, and what MAC and IP address begin with; where nothing
// fits, a part of any of these, in the newest 20,000.
type AuthTokenFilter struct {
	IDs                 []string
	RegistrationTokenID string
	ClaimedIdentity
	IP         string
	CustomerID string
	// Owner is the person who was signed in, known by issuer and subject: nil
	// for everybody. Without an issuer or a subject it is nobody.
	Owner *VerifiedIdentity
	State AuthTokenState
	Lens  AuthTokenLens
	// LensAge replaces LensSilence or LensGrace; zero leaves them.
	LensAge time.Duration
	// From and To bound when it was redeemed: From included, To not.
	From, To time.Time
	// Finding has those that the remedy of a finding about the registration token
	// acts on. A deletion works them out itself; whoever lists them has them
	// worked out before.
	Finding FindingKind
	// Like has those that share something with a given auth token.
	Like   Like
	Search string
	// Where are criteria; their fields are of [AuthTokenCriteria].
	Where []Criterion
	// AsMasked is for readers who see e-mail and IP addresses masked: a part of
	// a text matches only if the text contains no address, and no order depends
	// on what is hidden. A text given in full always matches.
	AsMasked bool
}

// Empty reports whether the filter would select everything.
func (f AuthTokenFilter) Empty() bool {
	return len(f.IDs) == 0 && f.RegistrationTokenID == "" && f.ClaimedIdentity == ClaimedIdentity{} && f.IP == "" &&
		f.CustomerID == "" && f.Owner == nil && f.State == "" && f.Lens == "" && f.Finding == "" && f.Search == "" && len(f.Where) == 0 &&
		f.From.IsZero() && f.To.IsZero() && f.Like == Like{}
}

// AuthTokenLabels are the fields of an auth token that an administrator may
// change; nil leaves a field as it is.
type AuthTokenLabels struct {
	Identifier *string
	RefID1     *string
	RefID2     *string
	// IfVersion are the versions that the change may start from.
	IfVersion Versions
}

// AuthTokenDeletion says which auth tokens to delete and how.
type AuthTokenDeletion struct {
	Filter AuthTokenFilter
	Reason string
	// ReturnCount gives back the count of each, also of those that were deleted
	// without it.
	ReturnCount bool
	// DryRun counts and changes nothing.
	DryRun bool
	// Judge gives the verdict whose finding the filter names, from what the
	// deletion reads in its own transaction.
	Judge func(*RegistrationToken, *Evidence) Verdict
	// Expected, when set, must equal the number of auth tokens acted on, or
	// nothing happens (KindConflict).
	Expected *int
	// IfVersion are the versions that a single one may have.
	IfVersion Versions
}

// AuthTokenDeletionResult counts the effect of a deletion.
type AuthTokenDeletionResult struct {
	Matched        int // selected by the filter, deleted ones included
	Deleted        int // newly deleted
	AlreadyDeleted int
	Late           int // deleted before, and their counts given back only now
	Reclaimed      int // counts given back, late ones included
	People         int // distinct people among those acted on
	Devices        int // distinct devices among those acted on
	// LastSeenAt is when one of the newly deleted was last seen; none of their
	// access tokens is newer.
	LastSeenAt time.Time
}

// Acted is how many auth tokens the deletion changes.
func (r AuthTokenDeletionResult) Acted() int { return r.Deleted + r.Late }
