package models

import "time"

// ExpectationKind is what an entry of the list is compared with.
type ExpectationKind string

// The kinds, in the order in which they count when several match.
const (
	// ExpectEmail is compared with the verified e-mail of who is signed in, and
	// with nothing that a device reports.
	ExpectEmail ExpectationKind = "email"
	// ExpectPerson is compared with the user name, ExpectHost with the host name,
	// both as reported by the device. ExpectHost may contain * for any text.
	ExpectPerson ExpectationKind = "person"
	ExpectHost   ExpectationKind = "host"
)

// Expectation is an entry of the list of those expected to redeem a registration
// token.
type Expectation struct {
	ID                  string `gorm:"primaryKey"`
	RegistrationTokenID string
	Kind                ExpectationKind
	// Pattern is the text as given. Folded is what lists are sorted and looked
	// up by: user@domain, user, or the host name, in canonical form.
	Pattern, Folded string
	// Glob is true when the pattern contains a *.
	Glob bool
	// Note is what the other columns said, often a name.
	Note      string
	CreatedAt time.Time
	// ByClaim is true for an e-mail entry from before they needed a sign-in: it is
	// met by a reported user name too, until an administrator settles it; see
	// ListVerify.
	ByClaim bool
	// Arrivals counts the redemptions that matched; the first, at FirstArrivedAt,
	// made FirstAuthTokenID. They are copied when the registration token is
	// replaced.
	Arrivals         int
	FirstArrivedAt   *time.Time
	FirstAuthTokenID *string
}

// ExpectationKey identifies an entry of a list.
type ExpectationKey struct {
	Kind   ExpectationKind
	Folded string
}

// Key identifies the entry. It is made of the pattern: lists stored earlier are
// folded in an earlier way.
func (e *Expectation) Key() ExpectationKey {
	return ExpectationKey{e.Kind, foldExpected(e.Kind, e.Pattern)}
}

// Claimable reports whether what a device reports can meet the entry.
func (e *Expectation) Claimable() bool { return e.Kind != ExpectEmail || e.ByClaim }

// ExpectationState narrows a list to those who have arrived, or have not.
type ExpectationState string

// The states.
const (
	ExpectationArrived ExpectationState = "arrived"
	ExpectationMissing ExpectationState = "missing"
)

// ExpectationFilter selects a part of the list of a registration token.
type ExpectationFilter struct {
	RegistrationTokenID string
	State               ExpectationState
	// AsMasked is as in [AuthTokenFilter].
	AsMasked bool
}

// ExpectationCounts sums up a list.
type ExpectationCounts struct {
	Arrived, Missing int
	// Unexpected counts the live auth tokens whose use matched no entry.
	Unexpected int
	// Claimable counts the entries that what a device reports can meet, ByClaim
	// those of them that are e-mail addresses.
	Claimable, ByClaim int
}

// ClaimedList is a registration token with e-mail entries that claims meet; see
// [Expectation.ByClaim].
type ClaimedList struct {
	ID, Identifier string
	OnlyExpected   bool
	Entries        int
}
