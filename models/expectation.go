package models

import (
	"slices"
	"strings"
	"time"
)

// ExpectationKind is what an entry of the list is compared with.
type ExpectationKind string

// The kinds, in the order in which they count when several match.
const (
	// ExpectEmail is compared with the verified e-mail; without a sign-in, with a
	// reported user name that is an e-mail address.
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
	// Pattern is the text as given, Folded the text that is compared.
	Pattern, Folded string
	// Glob is true when the pattern contains a *.
	Glob bool
	// Note is what the other columns said, often a name.
	Note      string
	CreatedAt time.Time
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

// Key identifies the entry.
func (e *Expectation) Key() ExpectationKey { return ExpectationKey{e.Kind, e.Folded} }

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
}

// Fold is a text as lists compare it: in lower case, without surrounding white
// space and trailing dots.
func Fold(text string) string {
	return strings.ToLower(strings.TrimRight(strings.TrimSpace(text), "."))
}

// Keys are the entries that would match, the most specific first. Patterns with
// * are not among them: they have to be compared one by one.
func (p Presented) Keys() []ExpectationKey {
	var keys []ExpectationKey
	add := func(kind ExpectationKind, text string) {
		if folded := Fold(text); folded != "" {
			keys = append(keys, ExpectationKey{kind, folded})
		}
	}
	user := p.Claimed.SystemUserName
	switch {
	case !p.Verified.IsZero():
		add(ExpectEmail, p.Verified.Email) // what the device reports must not replace it
	case strings.Contains(user, "@"):
		add(ExpectEmail, user)
	}
	add(ExpectPerson, user)
	// CONTOSO\ana is also ana; an entry with a domain matches that domain only.
	if _, bare, ok := strings.Cut(user, `\`); ok {
		add(ExpectPerson, bare)
	}
	add(ExpectHost, p.Claimed.FQDN)
	return keys
}

// Match finds the most specific entry of a list that matches a redemption: exact
// entries before patterns, e-mail before person before host; nil for none.
func Match(p Presented, list []Expectation) *Expectation {
	keys, host := p.Keys(), Fold(p.Claimed.FQDN)
	var best *Expectation
	rank := len(keys) + 1
	for i := range list {
		e := &list[i]
		at := slices.Index(keys, e.Key())
		switch {
		case e.Glob && host != "" && e.Kind == ExpectHost && globMatches(e.Folded, host):
			at = len(keys)
		case e.Glob || at < 0:
			continue
		}
		if at < rank || at == rank && e.Folded < best.Folded {
			best, rank = e, at
		}
	}
	return best
}

// globMatches compares with a pattern in which * stands for any text, even none.
// It looks at each character of the text at most once for each *.
func globMatches(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	rest, ok := strings.CutPrefix(text, parts[0])
	if !ok {
		return false
	}
	last := len(parts) - 1
	for _, part := range parts[1:last] {
		at := strings.Index(rest, part)
		if at < 0 {
			return false
		}
		rest = rest[at+len(part):]
	}
	return strings.HasSuffix(rest, parts[last])
}
