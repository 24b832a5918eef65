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
	// ExpectEmail is compared with the verified e-mail of who is signed in,
	// else with a user name that is an e-mail address, as reported.
	ExpectEmail ExpectationKind = "email"
	// ExpectPerson is compared with the user name, ExpectHost with the host
	// name as the device reported it. ExpectHost may hold * for any text.
	ExpectPerson ExpectationKind = "person"
	ExpectHost   ExpectationKind = "host"
)

// Expectation is one entry of the list of who is expected to redeem a
// registration token.
type Expectation struct {
	ID                  string `gorm:"primaryKey"`
	RegistrationTokenID string
	Kind                ExpectationKind
	// Pattern is as it was given, Folded as it is compared.
	Pattern, Folded string
	// Glob tells that the pattern holds a *.
	Glob bool
	// Note is what stood beside it, often a name.
	Note      string
	CreatedAt time.Time
	// Arrivals counts the redemptions that matched; the first came at
	// FirstArrivedAt and made FirstAuthTokenID. Replacing a registration token
	// carries them over.
	Arrivals         int
	FirstArrivedAt   *time.Time
	FirstAuthTokenID *string
}

// ExpectationKey tells entries of one list apart.
type ExpectationKey struct {
	Kind   ExpectationKind
	Folded string
}

// Key is the entry's own.
func (e *Expectation) Key() ExpectationKey { return ExpectationKey{e.Kind, e.Folded} }

// ExpectationState narrows a list to who came, and who did not.
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
	// AsMasked is that of [AuthTokenFilter].
	AsMasked bool
}

// ExpectationCounts are how a list stands.
type ExpectationCounts struct {
	Arrived, Missing int
	// Unexpected counts the live auth tokens of uses that match nothing.
	Unexpected int
}

// Fold is a text as lists compare it: in lower case, without white space and
// dots around it.
func Fold(text string) string {
	return strings.ToLower(strings.TrimRight(strings.TrimSpace(text), "."))
}

// Keys are the entries that would match, those that tell most first. Patterns
// with * have to be compared one by one beside.
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
		add(ExpectEmail, p.Verified.Email) // what the device reports beside it must not stand in for it
	case strings.Contains(user, "@"):
		add(ExpectEmail, user)
	}
	add(ExpectPerson, user)
	// CONTOSO\ana is ana too; an entry with a domain is of that one only.
	if _, bare, ok := strings.Cut(user, `\`); ok {
		add(ExpectPerson, bare)
	}
	add(ExpectHost, p.Claimed.FQDN)
	return keys
}

// Match finds the entry of a list that says most about a redemption: exact
// ones before patterns, e-mail before person before host; nil for none.
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

// globMatches compares with a pattern in which * stands for any text, also
// none. It looks at each character of the text once for each *.
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
