package models

import (
	"cmp"
	"time"

	"muster/models/names"
)

// Evidence is what a verdict about one registration token is judged by. It keeps
// every text once, so that half a million uses fit into memory.
type Evidence struct {
	// Uses are all that still hold a count, in any order.
	Uses []UseFacts
	// Refused are the newest refusals for the count alone, in any order.
	Refused []RefusedFacts

	texts []string
	known map[string]Text
}

// Text is a text of an [Evidence]; 0 is the empty one.
type Text int32

// UseFacts is one use as a verdict sees it.
type UseFacts struct {
	AuthTokenID                   string
	At, LastSeenAt, IdleExpiresAt time.Time
	// Person and Device are keys within the customer: Person is 0 for nobody and
	// for an unknown one, Device where nothing names one.
	Person, Device Text
	// Account is the service account, where Nobody.
	Account Text
	// User, Host and MAC are what they are called: as reported, the e-mail address
	// of whoever was signed in.
	User, Host, MAC Text
	// Domains are the organisations it seems to belong to (0 for none), Network
	// the network it came from.
	Domains [2]Text
	Network Text
	// Nobody tells that the user is a service account, Vague that several machines
	// may hide behind Device.
	Nobody, Vague bool
	// Unexpected tells that no entry of the expected list matched, Refreshed that
	// it was refreshed at least once.
	Unexpected, Refreshed bool
	// Ended and Deleted are states of the auth token; a count that was given back
	// is no use any more.
	Ended, Deleted bool
}

// Live reports whether the auth token can be used at now.
func (u *UseFacts) Live(now time.Time) bool {
	return !u.Deleted && !u.Ended && now.Before(u.IdleExpiresAt)
}

// RefusedFacts is a refusal for the count with whom it turned away; the keys are
// as in [UseFacts].
type RefusedFacts struct {
	RefusedAttempt
	Person, Device Text
	Nobody, Vague  bool
}

// Text is the text for s, the same for the same s.
func (e *Evidence) Text(s string) Text {
	if s == "" {
		return 0
	}
	if e.known == nil {
		e.texts, e.known = []string{""}, map[string]Text{}
	}
	t, ok := e.known[s]
	if !ok {
		t = Text(len(e.texts))
		e.texts, e.known[s] = append(e.texts, s), t
	}
	return t
}

// Texts is how many different texts there are; each [Text] is below it.
func (e *Evidence) Texts() int { return max(1, len(e.texts)) }

// String is the text that t stands for.
func (e *Evidence) String(t Text) string {
	if t == 0 {
		return ""
	}
	return e.texts[t]
}

// AddUse adds a use that still holds a count, told by its auth token; account is
// the service account of its user, if it is one.
func (e *Evidence) AddUse(t *AuthToken, who names.Identity, account string) {
	u := UseFacts{
		AuthTokenID: t.ID, At: t.CreatedAt, LastSeenAt: t.LastSeenAt, IdleExpiresAt: t.IdleExpiresAt,
		Person: e.Text(who.Person), Device: e.Text(who.Device), Nobody: who.Nobody, Vague: who.Vague, Account: e.Text(account),
		User: e.Text(cmp.Or(t.Email, t.SystemUserName)), Host: e.Text(t.FQDN), MAC: e.Text(t.MACAddress),
		Network: e.Text(NetworkOf(t.IP)), Unexpected: t.Unexpected, Refreshed: t.Generation > 1,
		Ended: t.EndedAt != nil, Deleted: t.DeletedAt != nil,
	}
	for i, domain := range Domains(t.VerifiedIdentity, t.ClaimedIdentity) {
		u.Domains[i] = e.Text(domain)
	}
	e.Uses = append(e.Uses, u)
}

// AddRefused adds a refusal for the count.
func (e *Evidence) AddRefused(a RefusedAttempt, who names.Identity) {
	e.Refused = append(e.Refused, RefusedFacts{
		RefusedAttempt: a, Person: e.Text(who.Person), Device: e.Text(who.Device), Nobody: who.Nobody, Vague: who.Vague,
	})
}
