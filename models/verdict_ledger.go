package models

import (
	"cmp"
	"iter"
	"slices"
	"time"
)

// use is a use that still holds a count, as the rules of a verdict see it.
type use struct {
	*TokenUse
	at   time.Time
	live bool
	// explained is true once a rule has accounted for it, so that no use counts
	// twice.
	explained bool
}

func (u *use) person() string {
	return PersonKey(u.Redemption.VerifiedIdentity, u.Redemption.ClaimedIdentity)
}
func (u *use) device() string { return DeviceKey(u.Redemption.ClaimedIdentity) }
func (u *use) domains() []string {
	return Domains(u.Redemption.VerifiedIdentity, u.Redemption.ClaimedIdentity)
}
func (u *use) networks() []string {
	if network := u.network(); network != "" {
		return []string{network}
	}
	return nil
}
func (u *use) network() string { return NetworkOf(u.Redemption.IP) }

// name is what people know the device or its user by.
func (u *use) name() string {
	return cmp.Or(u.Redemption.FQDN, u.Redemption.SystemUserName, u.Redemption.MACAddress)
}

// ledger is the uses that still hold a count, oldest first, and grouped.
type ledger struct {
	uses               []*use
	byDevice, byPerson [][]*use
	// listed is true when there is an expected list.
	listed bool
}

func newLedger(uses []TokenUse, now time.Time) *ledger {
	l := &ledger{}
	for i := range uses {
		if u := &uses[i]; !u.AuthToken.CountReclaimed {
			l.uses = append(l.uses, &use{TokenUse: u, at: u.Redemption.RedeemedAt, live: u.AuthToken.State(now) == AuthTokenLive})
		}
	}
	slices.SortFunc(l.uses, func(a, b *use) int { return cmp.Compare(a.Redemption.UseNumber, b.Redemption.UseNumber) })
	l.byDevice, l.byPerson = groups(l.uses, (*use).device), groups(l.uses, (*use).person)
	return l
}

// groups puts uses with the same key together, in the order of their first use;
// those without a key are in no group.
func groups(uses []*use, key func(*use) string) [][]*use {
	var all [][]*use
	at := map[string]int{}
	for _, u := range uses {
		k := key(u)
		if k == "" {
			continue
		}
		i, ok := at[k]
		if !ok {
			i, at[k] = len(all), len(all)
			all = append(all, nil)
		}
		all[i] = append(all[i], u)
	}
	return all
}

// runs splits uses where more than gap lies between two of them.
func runs(uses []*use, gap time.Duration) iter.Seq[[]*use] {
	return func(yield func([]*use) bool) {
		start := 0
		for i := 1; i <= len(uses); i++ {
			if i < len(uses) && uses[i].at.Sub(uses[i-1].at) <= gap {
				continue
			}
			if !yield(uses[start:i]) {
				return
			}
			start = i
		}
	}
}

// open are the uses that no rule has explained yet.
func (l *ledger) open() []*use {
	return slices.DeleteFunc(slices.Clone(l.uses), func(u *use) bool { return u.explained })
}

func (*ledger) explain(uses []*use) {
	for _, u := range uses {
		u.explained = true
	}
}

func (*ledger) people(uses []*use) int  { return distinct(uses, (*use).person) }
func (*ledger) devices(uses []*use) int { return distinct(uses, (*use).device) }

// distinct counts the different keys; a use without one counts for itself.
func distinct(uses []*use, key func(*use) string) int {
	n, seen := 0, map[string]bool{}
	for _, u := range uses {
		if k := key(u); k == "" || !seen[k] {
			seen[k] = true
			n++
		}
	}
	return n
}

// waiting is everybody who was refused because the count was used up, and whose
// device (or person, if no device was reported) holds no auth token.
func (l *ledger) waiting(refused []RefusedAttempt) []Waiting {
	in := map[string]bool{}
	for _, u := range l.uses {
		if u.live {
			in["device "+u.device()], in["person "+u.person()] = true, true
		}
	}
	at := map[string]int{}
	var all []Waiting
	sorted := slices.SortedFunc(slices.Values(refused), func(a, b RefusedAttempt) int { return a.AttemptedAt.Compare(b.AttemptedAt) })
	for _, a := range sorted {
		device, person := DeviceKey(a.ClaimedIdentity), PersonKey(a.VerifiedIdentity, a.ClaimedIdentity)
		key := "device " + device
		if device == "" {
			key = "person " + person
		}
		if a.Reason != CodeRegistrationTokenExhausted || in[key] || device == "" && person == "" {
			continue
		}
		i, ok := at[key]
		if !ok {
			i, at[key] = len(all), len(all)
			all = append(all, Waiting{})
		}
		w := &all[i]
		w.VerifiedIdentity, w.ClaimedIdentity, w.IP = a.VerifiedIdentity, a.ClaimedIdentity, a.IP
		w.Attempts, w.Last, w.SupportCode = w.Attempts+1, a.AttemptedAt, a.SupportCode
	}
	return all
}

// usualDevices is the median number of devices of a person.
func (l *ledger) usualDevices() int {
	if len(l.byPerson) == 0 {
		return 0
	}
	each := make([]int, len(l.byPerson))
	for i, group := range l.byPerson {
		each[i] = l.devices(group)
	}
	slices.Sort(each)
	return each[len(each)/2]
}

// A pace needs at least paceUses uses over at least paceSpan.
const (
	paceUses = 3
	paceSpan = time.Hour
)

// lastCount is when the last count goes if the pace of the last [AttentionExpiry]
// continues; zero when too little happened to tell.
func (l *ledger) lastCount(left int, now time.Time) time.Time {
	first := slices.IndexFunc(l.uses, func(u *use) bool { return now.Sub(u.at) <= AttentionExpiry })
	if first < 0 {
		return time.Time{}
	}
	recent := l.uses[first:]
	span := now.Sub(recent[0].at)
	if len(recent) < paceUses || span < paceSpan {
		return time.Time{}
	}
	return now.Add(span / time.Duration(len(recent)) * time.Duration(left))
}
