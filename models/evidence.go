package models

import (
	"cmp"
	"strings"
	"sync"
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
	// Keys are the texts of Person, Device and Account, Places those of Domains,
	// Realm and Network, Names those of User, Host and MAC.
	Keys, Places, Names Texts

	prepared sync.Once
	made     any
}

// Prepared is what prepare makes of the evidence, which is called once. The evidence
// must not be changed from then on.
func (e *Evidence) Prepared(prepare func() any) any {
	e.prepared.Do(func() { e.made = prepare() })
	return e.made
}

// Text stands for a text in one of the [Texts] of an [Evidence]; 0 is the empty one.
type Text int32

// Texts keeps texts, each once. The zero value holds the empty text.
type Texts struct {
	all   []string
	known map[string]Text
}

// Of is what stands for s: the same for the same s.
func (t *Texts) Of(s string) Text {
	if s == "" {
		return 0
	}
	if t.known == nil {
		t.all, t.known = []string{""}, map[string]Text{}
	}
	of, ok := t.known[s]
	if !ok {
		of = Text(len(t.all)) //nolint:gosec // a registration token has at most MaxCount uses
		t.all, t.known[s] = append(t.all, s), of
	}
	return of
}

// Len is how many there are; each [Text] is below it.
func (t *Texts) Len() int { return max(1, len(t.all)) }

// String is the text that of stands for.
func (t *Texts) String(of Text) string {
	if of == 0 {
		return ""
	}
	return t.all[of]
}

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
	// Domains are the organisations it seems to belong to (0 for none), Realm is
	// the first label of the domain that its user is reported with, Network the
	// network it came from.
	Domains        [2]Text
	Realm, Network Text
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

// AddUse adds a use that still holds a count, told by its auth token; account is
// the service account of its user, if it is one.
func (e *Evidence) AddUse(t *AuthToken, who names.Identity, account string) {
	u := UseFacts{
		AuthTokenID: t.ID, At: t.CreatedAt, LastSeenAt: t.LastSeenAt, IdleExpiresAt: t.IdleExpiresAt,
		Person: e.Keys.Of(who.Person), Device: e.Keys.Of(who.Device), Nobody: who.Nobody, Vague: who.Vague, Account: e.Keys.Of(account),
		User: e.Names.Of(cmp.Or(t.Email, t.SystemUserName)), Host: e.Names.Of(t.FQDN), MAC: e.Names.Of(t.MACAddress),
		Realm: e.Places.Of(realmOf(t.ClaimedIdentity)), Network: e.Places.Of(NetworkOf(t.IP)), Unexpected: t.Unexpected, Refreshed: t.Generation > 1,
		Ended: t.EndedAt != nil, Deleted: t.DeletedAt != nil,
	}
	for i, domain := range Domains(t.VerifiedIdentity, t.ClaimedIdentity) {
		u.Domains[i] = e.Places.Of(domain)
	}
	e.Uses = append(e.Uses, u)
}

// realmOf is "contoso" for CONTOSO\ann and for ann@contoso.example; empty for ann.
func realmOf(c ClaimedIdentity) string {
	if !strings.ContainsAny(c.SystemUserName, `\@`) {
		return ""
	}
	realm, _, _ := strings.Cut(names.Rules{}.Parse(names.Sighting{User: c.SystemUserName, Host: c.FQDN}).Domain, ".")
	return realm
}

// AddRefused adds a refusal for the count.
func (e *Evidence) AddRefused(a RefusedAttempt, who names.Identity) {
	e.Refused = append(e.Refused, RefusedFacts{
		RefusedAttempt: a, Person: e.Keys.Of(who.Person), Device: e.Keys.Of(who.Device), Nobody: who.Nobody, Vague: who.Vague,
	})
}
