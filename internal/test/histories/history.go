// Package histories holds believable pasts of registration tokens, each with
// what became of its counts: ten in which something went wrong, and some in
// which nothing did. The tests of the verdict judge them as they stand; the
// browser tests play them through the real token service and let the helpdesk
// find out.
//
// It imports models and nothing else of this repository. Start with [All].
package histories

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"muster/models"
)

// Kind says what happened.
type Kind int

// The kinds. TurnedAway is for the count alone; what is refused otherwise
// follows from the state.
const (
	Redeemed Kind = iota
	TurnedAway
	Reclaimed // the auth token of the event's Use was deleted, its count given back
	Disabled
	Replaced
)

// Event is one thing that happened.
type Event struct {
	// After counts from the beginning of the history.
	After    time.Duration
	Kind     Kind
	Claimed  models.ClaimedIdentity
	Verified models.VerifiedIdentity
	IP       string
	// Use is which one was reclaimed, from 1.
	Use int
}

// History is a registration token with everything that happened to it.
type History struct {
	// Name says what it tells, and labels the registration token.
	Name    string
	Count   int
	Expires time.Duration // after the beginning
	// Expected is the expected list, as it is pasted; empty for none.
	Expected string
	Events   []Event
	// Cause is what a verdict has to say first, Surplus how many uses that
	// explains. Calm tells that there is nothing else to say.
	Cause   models.Cause
	Surplus int
	Calm    bool
}

// Length is when a history is looked at, after its beginning.
const Length = 10 * 24 * time.Hour

// New begins a history; its registration token outlasts it.
func New(name string, count int) *History {
	return &History{Name: name, Count: count, Expires: 90 * 24 * time.Hour}
}

// because says what the verdict has to be.
func (h *History) because(cause models.Cause, surplus int) *History {
	h.Cause, h.Surplus = cause, surplus
	return h
}

// calmly says that nobody took more than was meant.
func (h *History) calmly(cause models.Cause) *History {
	h.Cause, h.Calm = cause, true
	return h
}

// Redeem adds a use; the device goes on working until something else is said.
func (h *History) Redeem(after time.Duration, user, host, ip string) *Event {
	h.Events = append(h.Events, Event{After: after, Kind: Redeemed, Claimed: models.ClaimedIdentity{SystemUserName: user, FQDN: host}, IP: ip})
	return &h.Events[len(h.Events)-1]
}

// TurnAway adds somebody who came too late.
func (h *History) TurnAway(after time.Duration, user, host string) {
	h.Events = append(h.Events, Event{After: after, Kind: TurnedAway, Claimed: models.ClaimedIdentity{SystemUserName: user, FQDN: host}, IP: "10.20.250.1"})
}

func (h *History) then(after time.Duration, kind Kind) *History {
	h.Events = append(h.Events, Event{After: after, Kind: kind})
	return h
}

// Staff lets n people of an office redeem on a laptop each, one every step.
func (h *History) Staff(n int, step time.Duration) *History {
	for i := range n {
		h.Redeem(time.Duration(i)*step, fmt.Sprintf("person%d", i), fmt.Sprintf("lt-%03d.emea.contoso.example", i), fmt.Sprintf("10.20.%d.7", i%200))
	}
	return h
}

// InOrder is what happened, in the order of time.
func (h *History) InOrder() []Event {
	return slices.SortedStableFunc(slices.Values(h.Events), func(a, b Event) int { return cmp.Compare(a.After, b.After) })
}

// Told is the registration token, its uses and its refusals as they stand in
// the end, when it began at start.
func (h *History) Told(start time.Time) (models.RegistrationToken, []models.TokenUse, []models.RefusedAttempt) {
	t := models.RegistrationToken{ID: "told", Count: h.Count, ExpiresAt: start.Add(h.Expires)}
	expected := models.ParseExpected(h.Expected).Entries
	t.ExpectedCount = len(expected)
	var uses []models.TokenUse
	var refused []models.RefusedAttempt
	for _, e := range h.InOrder() {
		at := start.Add(e.After)
		switch e.Kind {
		case Redeemed:
			t.RedemptionCount++
			t.UsedCount++
			presented := models.Presented{Claimed: e.Claimed, Verified: e.Verified, IP: e.IP}
			uses = append(uses, models.TokenUse{
				Redemption: models.Redemption{UseNumber: t.RedemptionCount, RedeemedAt: at, ClaimedIdentity: e.Claimed, VerifiedIdentity: e.Verified, IP: e.IP},
				AuthToken: models.AuthToken{
					ClaimedIdentity: e.Claimed, VerifiedIdentity: e.Verified, IdleExpiresAt: at.Add(90 * 24 * time.Hour),
					Unexpected: len(expected) > 0 && models.Match(presented, expected) == nil,
				},
			})
		case TurnedAway:
			refused = append(refused, models.RefusedAttempt{
				Reason: models.CodeRegistrationTokenExhausted, AttemptedAt: at, SupportCode: "K7Q4-M2QX",
				ClaimedIdentity: e.Claimed, VerifiedIdentity: e.Verified, IP: e.IP,
			})
		case Reclaimed:
			t.UsedCount--
			use := &uses[e.Use-1]
			use.AuthToken.CountReclaimed, use.AuthToken.DeletedAt = true, &at
		case Disabled:
			t.DisabledAt, t.DisabledBy = &at, "Ada Admin"
		case Replaced:
			successor := "successor"
			t.DisabledAt, t.ReplacedAt, t.ReplacedByID = &at, &at, &successor
		}
	}
	return t, uses, refused
}
