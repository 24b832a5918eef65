package verdict

import (
	"cmp"
	"iter"
	"slices"
	"time"

	"muster/models"
)

// use is a use that still holds a count, as the rules of a verdict see it.
type use struct {
	*models.UseFacts
	live bool
	// explained is true once a rule has accounted for it, so that no use counts
	// twice.
	explained bool
}

func (u *use) domains() []models.Text {
	n := slices.Index(u.Domains[:], 0)
	if n < 0 {
		n = len(u.Domains)
	}
	return u.Domains[:n]
}

func (u *use) networks() []models.Text {
	if u.Network == 0 {
		return nil
	}
	return []models.Text{u.Network}
}

// ledger is the uses that still hold a count, oldest first, and grouped.
type ledger struct {
	evidence           *models.Evidence
	uses               []*use
	byDevice, byPerson [][]*use
	// listed is true when there is an expected list.
	listed bool
}

func newLedger(e *models.Evidence, now time.Time) *ledger {
	l := &ledger{evidence: e}
	for i := range e.Uses {
		u := &e.Uses[i]
		l.uses = append(l.uses, &use{UseFacts: u, live: u.Live(now)})
	}
	slices.SortFunc(l.uses, func(a, b *use) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.AuthTokenID, b.AuthTokenID)) })
	l.byDevice = groups(l.uses, func(u *use) models.Text { return u.Device })
	l.byPerson = groups(l.uses, func(u *use) models.Text { return u.Person })
	return l
}

func (l *ledger) text(t models.Text) string { return l.evidence.String(t) }

// name is what people know the device or its user by.
func (l *ledger) name(u *use) string { return l.text(cmp.Or(u.Host, u.User, u.MAC)) }

// found completes a finding about uses, and marks them explained.
func (l *ledger) found(f models.Finding, uses []*use, remedy models.Remedy) models.Finding {
	f.Counts, f.People, f.Devices, f.Remedy = len(uses), l.people(uses), l.devices(uses), remedy
	for _, u := range uses {
		u.explained = true
	}
	return f
}

// groups puts uses with the same key together, in the order of their first use;
// those without a key are in no group.
func groups(uses []*use, key func(*use) models.Text) [][]*use {
	var all [][]*use
	at := map[models.Text]int{}
	for _, u := range uses {
		k := key(u)
		if k == 0 {
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
			if i < len(uses) && uses[i].At.Sub(uses[i-1].At) <= gap {
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

func (*ledger) people(uses []*use) int {
	return distinct(uses, func(u *use) models.Text { return u.Person })
}

func (*ledger) devices(uses []*use) int {
	return distinct(uses, func(u *use) models.Text { return u.Device })
}

// distinct counts the different keys.
func distinct(uses []*use, key func(*use) models.Text) int {
	seen := map[models.Text]bool{}
	for _, u := range uses {
		if k := key(u); k != 0 {
			seen[k] = true
		}
	}
	return len(seen)
}

// waiting is everybody who was refused because the count was used up, and whose
// device (or person, if no device was reported) holds no auth token.
func (l *ledger) waiting(refused []models.RefusedFacts) []models.Waiting {
	in := map[models.Text]bool{}
	for _, u := range l.uses {
		if u.live {
			in[u.Device], in[u.Person] = true, true
		}
	}
	at := map[models.Text]int{}
	var all []models.Waiting
	sorted := slices.SortedFunc(slices.Values(refused), func(a, b models.RefusedFacts) int { return a.AttemptedAt.Compare(b.AttemptedAt) })
	for _, a := range sorted {
		key := cmp.Or(a.Device, a.Person)
		if key == 0 || in[key] {
			continue
		}
		i, ok := at[key]
		if !ok {
			i, at[key] = len(all), len(all)
			all = append(all, models.Waiting{})
		}
		w := &all[i]
		w.VerifiedIdentity, w.ClaimedIdentity, w.IP = a.VerifiedIdentity, a.ClaimedIdentity, a.IP
		w.Attempts, w.Last, w.SupportCode = w.Attempts+1, a.AttemptedAt, a.SupportCode
	}
	return all
}

// A pace needs at least paceUses uses over at least paceSpan.
const (
	paceUses = 3
	paceSpan = time.Hour
)

// lastCount is when the last count goes if the pace of the last
// [models.AttentionExpiry] continues; zero when too little happened to tell.
func (l *ledger) lastCount(left int, now time.Time) time.Time {
	first := slices.IndexFunc(l.uses, func(u *use) bool { return now.Sub(u.At) <= models.AttentionExpiry })
	if first < 0 {
		return time.Time{}
	}
	recent := l.uses[first:]
	span := now.Sub(recent[0].At)
	if len(recent) < paceUses || span < paceSpan {
		return time.Time{}
	}
	return now.Add(span / time.Duration(len(recent)) * time.Duration(left))
}
