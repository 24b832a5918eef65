package histories

import (
	"cmp"
	"slices"
	"time"

	"muster/models"
)

// Units that histories are told in.
const (
	minute = time.Minute
	hour   = time.Hour
	day    = 24 * time.Hour
)

// Kind says what happened.
type Kind int

// The kinds. TurnedAway is for the count alone; what is refused otherwise
// follows from the state.
const (
	Redeemed Kind = iota
	TurnedAway
	Refreshed
	Deleted   // the auth token of a use was deleted, its count kept
	GivenBack // it was deleted and its count given back
	Ended     // its refresh token was used again by a copy
	Disabled
	Replaced
	Withdrawn // the registration token was deleted
)

// Event is one thing that happened.
type Event struct {
	// After counts from the beginning of the history.
	After time.Duration
	Kind  Kind
	// Use is the use that it is about, or who was turned away; nil when it is about
	// the registration token.
	Use *Use
}

// Use is a redemption, and how long the machine went on with what it got. Number
// counts from 1; it is 0 for who was turned away.
type Use struct {
	Number   int
	After    time.Duration
	Claimed  models.ClaimedIdentity
	Verified models.VerifiedIdentity
	IP       string
	// Refreshes is for how long it refreshed: to the end when negative, never when
	// zero.
	Refreshes time.Duration
}

// Never says that the machine did not come back after redeeming.
func (u *Use) Never() *Use { return u.Until(0) }

// Until says that the machine came back for that long, and no longer.
func (u *Use) Until(refreshes time.Duration) *Use {
	u.Refreshes = refreshes
	return u
}

// MAC says which hardware address it reported.
func (u *Use) MAC(address string) *Use {
	u.Claimed.MACAddress = address
	return u
}

// SignedIn says who was signed in.
func (u *Use) SignedIn(subject, email string) *Use {
	u.Verified = models.VerifiedIdentity{Issuer: "https://login.contoso.example", Subject: subject, Email: email}
	return u
}

// Truth is what is to be found out about a history.
type Truth struct {
	// People and Devices count over the uses that hold a count; Waiting has no live
	// auth token, Unused holds a count and is not in use.
	People, Devices, Waiting, Unused int
	// Findings are the kinds with their counts, in order: "retry_loop 7".
	Findings []string
	// Remedy is that of the first finding, with its number where it has one:
	// "delete_surplus 6".
	Remedy string
	// Never are remedies that no finding may propose.
	Never []models.RemedyKind
}

// History is a registration token with everything that happened to it.
type History struct {
	// Name says what it is about, and labels the registration token; Happened tells
	// it in a sentence or two.
	Name, Happened string
	Count          int
	// Expires and Looked, when it is judged, count from the beginning.
	Expires, Looked time.Duration
	// Expected is the expected list, as it is pasted; empty for none.
	Expected string
	Uses     []*Use
	// Events are everything but redemptions and refreshes.
	Events []Event
	Truth  Truth
}

// tell begins a history of ten days; its registration token outlasts it.
func tell(name string, count int, happened string) *History {
	return &History{Name: name, Happened: happened, Count: count, Expires: 90 * day, Looked: 10 * day}
}

// over makes it longer, or shorter.
func (h *History) over(looked time.Duration) *History {
	h.Looked, h.Expires = looked, looked+80*day
	return h
}

// is says what is true of it.
func (h *History) is(t Truth) *History {
	h.Truth = t
	return h
}

// Redeem adds a use. The machine refreshes to the end until something else is said.
func (h *History) Redeem(after time.Duration, user, host, ip string) *Use {
	u := newUse(after, user, host, ip)
	u.Number = len(h.Uses) + 1
	h.Uses = append(h.Uses, u)
	return u
}

func newUse(after time.Duration, user, host, ip string) *Use {
	return &Use{After: after, IP: ip, Refreshes: -1, Claimed: models.ClaimedIdentity{SystemUserName: user, FQDN: host}}
}

// TurnAway adds somebody who came too late.
func (h *History) TurnAway(after time.Duration, user, host string) *Use {
	u := newUse(after, user, host, "10.20.250.1")
	h.Then(after, TurnedAway, u)
	return u
}

// Then adds what happened to the auth token of a use, or for nil to the
// registration token.
func (h *History) Then(after time.Duration, kind Kind, u *Use) {
	h.Events = append(h.Events, Event{after, kind, u})
}

// Staff lets n people of an office redeem on a laptop each, one every step.
func (h *History) Staff(n int, step time.Duration) []*Use {
	for i := range n {
		h.Redeem(time.Duration(i)*step, staff(i), laptop(i), "10.20.5.7")
	}
	return h.Uses[len(h.Uses)-n:]
}

// rotation is how often a machine refreshes at least.
const rotation = 60 * day

// InOrder is what happened, in the order of time. Of the refreshes it has those
// that matter: the first, one in two months, and the last.
func (h *History) InOrder() []Event {
	stopped := map[*Use]time.Duration{}
	for _, e := range h.Events {
		if e.Use != nil {
			stopped[e.Use] = e.After
		}
	}
	var all []Event
	for _, u := range h.Uses {
		all = append(all, Event{u.After, Redeemed, u})
		last := h.Looked - time.Second
		if u.Refreshes >= 0 {
			last = min(last, u.After+u.Refreshes)
		}
		if at, ok := stopped[u]; ok {
			last = min(last, at-time.Second)
		}
		for at := u.After + hour; at < last; at += rotation {
			all = append(all, Event{at, Refreshed, u})
		}
		if last > u.After+hour {
			all = append(all, Event{last, Refreshed, u})
		}
	}
	all = append(all, h.Events...)
	slices.SortStableFunc(all, func(a, b Event) int { return cmp.Compare(a.After, b.After) })
	return all
}
