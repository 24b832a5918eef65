package models

import (
	"cmp"
	"slices"
	"time"
)

// Cause says what used the counts of a registration token, or what keeps it from
// being redeemed.
type Cause string

// The causes. The first four block redemption whatever the count. The next explain
// who took more than was meant, or that more was needed. Then come those that will
// soon block it; the last two are as intended.
const (
	CauseDeleted    Cause = "deleted"
	CauseReplaced   Cause = "replaced"
	CauseDisabled   Cause = "disabled"
	CauseExpired    Cause = "expired"
	CauseRetryLoop  Cause = "retry_loop"
	CauseDuplicates Cause = "duplicates"
	CauseStrangers  Cause = "strangers"
	CauseBurst      Cause = "burst"
	CauseTooSmall   Cause = "too_small"
	CauseRunningOut Cause = "running_out"
	CauseExpiring   Cause = "expiring"
	CauseUsedUp     Cause = "used_up"
	CauseInOrder    Cause = "in_order"
)

// Finding is a cause with its evidence.
type Finding struct {
	Cause Cause
	// Uses is how many uses it is about; Surplus is how many of them go beyond
	// one for each device or person.
	Uses, Surplus int
	// People and Devices count who made them; Name is whoever made the most, as
	// reported by the device.
	People, Devices int
	Name            string
	// From and To bound its time; zero where time does not matter. To of
	// CauseRunningOut is when the last count goes at the present pace.
	From, To time.Time
	// Usual is what most of the others have in common: a domain or a network;
	// empty when these are not on the expected list.
	Usual string
}

// Waiting is somebody who was refused because the count was used up, and holds no
// auth token of the registration token.
type Waiting struct {
	VerifiedIdentity
	ClaimedIdentity
	IP       string
	Attempts int
	Last     time.Time
	// SupportCode is that of the last attempt.
	SupportCode string
}

// Verdict says what used the counts. The finding that explains most comes first;
// there is always one.
type Verdict struct {
	Findings []Finding
	// Waiting is everybody who is still waiting, the longest first.
	Waiting []Waiting
	// Judged is how many uses were looked at: those that still hold a count.
	Judged int
}

// VerdictRules are the thresholds of a verdict.
type VerdictRules struct {
	// RetryGap is the longest time between two retries of a device, RetryUses how
	// many uses make a loop.
	RetryGap  time.Duration
	RetryUses int
	// PersonDevices is how many devices of one person are more than usual where
	// most people have one; otherwise it takes more than twice the usual number.
	PersonDevices int
	// UsualPercent is the share of the uses that makes a domain or a network the
	// usual one, UsualUses their least number.
	UsualPercent, UsualUses int
	// A burst is at least BurstDevices devices from at least BurstNetworks
	// networks within BurstWindow.
	BurstWindow                 time.Duration
	BurstDevices, BurstNetworks int
}

// DefaultVerdictRules are meant for offices of ten to some thousand devices.
func DefaultVerdictRules() VerdictRules {
	return VerdictRules{
		RetryGap: 10 * time.Minute, RetryUses: 3, PersonDevices: 3, UsualPercent: 60, UsualUses: 5,
		BurstWindow: 10 * time.Minute, BurstDevices: 10, BurstNetworks: 5,
	}
}

// Judge says what used the counts of t as of now. uses and refused are its newest,
// in any order; more of them make the verdict more accurate.
func (r VerdictRules) Judge(t *RegistrationToken, uses []TokenUse, refused []RefusedAttempt, now time.Time) Verdict {
	l := newLedger(uses, now)
	l.listed = t.ExpectedCount > 0
	v := Verdict{Judged: len(l.uses), Waiting: l.waiting(refused)}
	blocked := blockedBy(t, now)
	if blocked != "" {
		v.Findings = append(v.Findings, Finding{Cause: blocked})
	}
	var taken []Finding
	for _, rule := range []func(*ledger) Finding{r.retryLoop, r.burst, r.strangers, r.duplicates} {
		if f := rule(l); f.Surplus > 0 {
			taken = append(taken, f)
		}
	}
	surplus := 0
	for _, f := range taken {
		surplus += f.Surplus
	}
	exhausted := t.UsedCount >= t.Count
	if exhausted && len(v.Waiting) > surplus {
		taken = append(taken, Finding{Cause: CauseTooSmall, Uses: len(l.uses), Surplus: len(l.uses) - surplus, People: l.people(l.uses), Devices: l.devices(l.uses)})
	}
	slices.SortStableFunc(taken, func(a, b Finding) int { return cmp.Compare(b.Surplus, a.Surplus) })
	v.Findings = append(v.Findings, taken...)
	if blocked == "" && !exhausted {
		v.Findings = append(v.Findings, upcoming(t, l, now)...)
	}
	if len(v.Findings) == 0 {
		cause := CauseInOrder
		if exhausted {
			cause = CauseUsedUp
		}
		v.Findings = []Finding{{Cause: cause, Uses: len(l.uses), People: l.people(l.uses), Devices: l.devices(l.uses)}}
	}
	return v
}

// blockedBy is the state that turns everybody away, in the order of
// precedence of the states; empty when it is the count, or nothing.
func blockedBy(t *RegistrationToken, now time.Time) Cause {
	switch t.Status(now) {
	case StatusDeleted:
		return CauseDeleted
	case StatusDisabled:
		if t.ReplacedByID != nil {
			return CauseReplaced
		}
		return CauseDisabled
	case StatusExpired:
		return CauseExpired
	case StatusExhausted, StatusActive:
	}
	return ""
}

// upcoming is what will soon keep an active registration token from being redeemed,
// by the same thresholds as [Attention].
func upcoming(t *RegistrationToken, l *ledger, now time.Time) []Finding {
	var all []Finding
	left := t.RemainingCount()
	if 100*t.UsedCount >= AttentionUsedPercent*t.Count {
		all = append(all, Finding{Cause: CauseRunningOut, Uses: left, To: l.lastCount(left, now)})
	}
	if t.ExpiresAt.Sub(now) <= AttentionExpiry {
		all = append(all, Finding{Cause: CauseExpiring, Uses: left, To: t.ExpiresAt})
	}
	return all
}

// retryLoop finds devices that took one count after the other within minutes: a
// client that fails after redeeming, and starts again.
func (r VerdictRules) retryLoop(l *ledger) Finding {
	f := Finding{Cause: CauseRetryLoop}
	most := 0
	for _, group := range l.byDevice {
		for run := range runs(group, r.RetryGap) {
			if len(run) < r.RetryUses {
				continue
			}
			f.Devices++
			f.Uses += len(run)
			f.Surplus += len(run) - 1
			f.span(run)
			l.explain(run[1:])
			if len(run) > most {
				most, f.Name = len(run), run[0].name()
			}
		}
	}
	return f
}

// burst finds many new devices from many places within minutes, as after a
// registration token was published. A company that starts on one morning has its
// domain in common, or is on the expected list.
func (r VerdictRules) burst(l *ledger) Finding {
	usual := r.usual(l.open(), (*use).domains)
	var best []*use
	open := l.open()
	for i := range open {
		j := i
		for j < len(open) && open[j].at.Sub(open[i].at) <= r.BurstWindow {
			j++
		}
		if window := open[i:j]; len(window) > len(best) && r.isBurst(l, window, usual) {
			best = window
		}
	}
	if best == nil {
		return Finding{}
	}
	f := Finding{Cause: CauseBurst, Uses: len(best), Surplus: len(best), Devices: l.devices(best), People: l.people(best)}
	f.span(best)
	l.explain(best)
	return f
}

func (r VerdictRules) isBurst(l *ledger, window []*use, usual string) bool {
	if l.devices(window) < r.BurstDevices {
		return false
	}
	networks, known := map[string]bool{}, 0
	for _, u := range window {
		if network := u.network(); network != "" {
			networks[network] = true
		}
		if usual != "" && slices.Contains(u.domains(), usual) || l.listed && !u.AuthToken.Unexpected {
			known++
		}
	}
	return len(networks) >= r.BurstNetworks && 2*known < len(window)
}

// strangers finds uses that match no entry of the expected list. Without a
// list, it finds those from another organisation than most: another domain, or no
// domain and another network.
func (r VerdictRules) strangers(l *ledger) Finding {
	open := l.open()
	var domain, network string
	if !l.listed {
		domain, network = r.usual(open, (*use).domains), r.usual(open, (*use).networks)
	}
	var strange []*use
	for _, u := range open {
		domains := u.domains()
		other := domain != "" && len(domains) > 0 && !slices.Contains(domains, domain)
		elsewhere := network != "" && len(domains) == 0 && u.network() != "" && u.network() != network
		if l.listed && u.AuthToken.Unexpected || other || elsewhere {
			strange = append(strange, u)
		}
	}
	if len(strange) == 0 {
		return Finding{}
	}
	f := Finding{
		Cause: CauseStrangers, Uses: len(strange), Surplus: len(strange), People: l.people(strange), Devices: l.devices(strange),
		Usual: cmp.Or(domain, network), Name: strange[0].name(),
	}
	f.span(strange)
	l.explain(strange)
	return f
}

// duplicates finds devices that hold several live auth tokens, and people who hold
// them on more devices than usual. A name that most uses share is an installation
// account, not a person.
func (r VerdictRules) duplicates(l *ledger) Finding {
	f := Finding{Cause: CauseDuplicates}
	most := 0
	count := func(group []*use, least int) bool {
		live := slices.DeleteFunc(slices.Clone(group), func(u *use) bool { return !u.live || u.explained })
		if len(live) < least {
			return false
		}
		f.Uses += len(live)
		f.Surplus += len(live) - 1
		l.explain(live[1:])
		if len(live) > most {
			most, f.Name = len(live), live[0].name()
		}
		return true
	}
	for _, group := range l.byDevice {
		if count(group, 2) {
			f.Devices++
		}
	}
	least := max(r.PersonDevices, 2*l.usualDevices()+1)
	for _, group := range l.byPerson {
		if 2*len(group) > len(l.uses) && len(l.byPerson) > 1 || len(group) == len(l.uses) {
			continue
		}
		if l.devices(group) >= least && count(group, least) {
			f.People++
		}
	}
	// A device that was set up twice is normal; it takes more to use up a count.
	if f.Surplus < 2 && 10*f.Surplus < len(l.uses) {
		return Finding{}
	}
	return f
}

// usual is the value that most uses share; empty when there is none.
func (r VerdictRules) usual(uses []*use, of func(*use) []string) string {
	n, known := map[string]int{}, 0
	for _, u := range uses {
		values := of(u)
		for _, value := range values {
			n[value]++
		}
		if len(values) > 0 {
			known++
		}
	}
	for value, count := range n {
		if count >= r.UsualUses && 100*count >= r.UsualPercent*known {
			return value
		}
	}
	return ""
}

// span widens the time of a finding to that of its uses, which are in order.
func (f *Finding) span(uses []*use) {
	if first := uses[0].at; f.From.IsZero() || first.Before(f.From) {
		f.From = first
	}
	if last := uses[len(uses)-1].at; last.After(f.To) {
		f.To = last
	}
}
