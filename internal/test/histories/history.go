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
	// Finding is what a verdict has to say first, Counts how many uses that
	// accounts for. Calm tells that there is nothing else to say.
	Finding models.FindingKind
	Counts  int
	Calm    bool
}

// Length is when a history is looked at, after its beginning.
const Length = 10 * 24 * time.Hour

// New begins a history; its registration token outlasts it.
func New(name string, count int) *History {
	return &History{Name: name, Count: count, Expires: 90 * 24 * time.Hour}
}

// because says what the verdict has to be.
func (h *History) because(finding models.FindingKind, counts int) *History {
	h.Finding, h.Counts = finding, counts
	return h
}

// calmly says that nobody took more than was meant.
func (h *History) calmly(finding models.FindingKind) *History {
	h.Finding, h.Calm = finding, true
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

// Told is the registration token with the evidence about it as it stands in the
// end, when it began at start.
func (h *History) Told(start time.Time) (models.RegistrationToken, *models.Evidence) {
	t := models.RegistrationToken{ID: "told", Count: h.Count, ExpiresAt: start.Add(h.Expires)}
	expected := models.ParseExpected(h.Expected).Entries
	t.ExpectedCount = len(expected)
	e := &models.Evidence{}
	reclaimed := map[string]bool{}
	for _, event := range h.InOrder() {
		at := start.Add(event.After)
		switch event.Kind {
		case Redeemed:
			t.RedemptionCount++
			t.UsedCount++
			u := models.UseFacts{
				AuthTokenID: fmt.Sprintf("use%06d", t.RedemptionCount), At: at, LastSeenAt: at, IdleExpiresAt: at.Add(90 * 24 * time.Hour),
				Person: e.Text(models.PersonKey(event.Verified, event.Claimed)), Device: e.Text(models.DeviceKey(event.Claimed)),
				User: e.Text(event.Claimed.SystemUserName), Host: e.Text(event.Claimed.FQDN), MAC: e.Text(event.Claimed.MACAddress),
				Network:    e.Text(models.NetworkOf(event.IP)),
				Unexpected: len(expected) > 0 && models.Match(models.Presented{Claimed: event.Claimed, Verified: event.Verified, IP: event.IP}, expected) == nil,
			}
			for i, domain := range models.Domains(event.Verified, event.Claimed) {
				u.Domains[i] = e.Text(domain)
			}
			e.Uses = append(e.Uses, u)
		case TurnedAway:
			e.Refused = append(e.Refused, models.RefusedFacts{
				RefusedAttempt: models.RefusedAttempt{
					Reason: models.CodeRegistrationTokenExhausted, AttemptedAt: at, SupportCode: "K7Q4-M2QX",
					ClaimedIdentity: event.Claimed, VerifiedIdentity: event.Verified, IP: event.IP,
				},
				Person: e.Text(models.PersonKey(event.Verified, event.Claimed)), Device: e.Text(models.DeviceKey(event.Claimed)),
			})
		case Reclaimed:
			t.UsedCount--
			reclaimed[e.Uses[event.Use-1].AuthTokenID] = true
		case Disabled:
			t.DisabledAt, t.DisabledBy = &at, "Ada Admin"
		case Replaced:
			successor := "successor"
			t.DisabledAt, t.ReplacedAt, t.ReplacedByID = &at, &at, &successor
		}
	}
	e.Uses = slices.DeleteFunc(e.Uses, func(u models.UseFacts) bool { return reclaimed[u.AuthTokenID] })
	return t, e
}
