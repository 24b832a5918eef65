// Package verdict judges what became of the counts of a registration token. It is
// pure: what it knows is a [models.Evidence], and the same evidence in another
// order gives the same verdict.
package verdict

import (
	"cmp"
	"slices"
	"time"

	"muster/models"
)

// rules are the thresholds with what they are applied to.
type rules = models.VerdictRules

// Judge says what used the counts of t as of now.
func Judge(r models.VerdictRules, t *models.RegistrationToken, e *models.Evidence, now time.Time) models.Verdict {
	l := newLedger(e, now)
	l.listed = t.ExpectedCount > 0
	v := models.Verdict{Uses: len(l.uses), People: l.people(l.uses), Devices: l.devices(l.uses), Waiting: l.waiting(e.Refused)}
	blocked := blockedBy(t, now)
	if blocked != "" {
		v.Findings = append(v.Findings, models.Finding{Kind: blocked, Remedy: models.Remedy{Kind: models.RemedyNone}})
	}
	var taken []models.Finding
	for _, rule := range []func(models.VerdictRules, *ledger) models.Finding{retryLoop, burst, strangers, severalPerDevice} {
		if f := rule(r, l); f.Counts > 0 {
			taken = append(taken, f)
		}
	}
	surplus := 0
	for i := range taken {
		surplus += len(taken[i].Remedy.AuthTokens)
	}
	exhausted := t.UsedCount >= t.Count
	if exhausted && len(v.Waiting) > surplus {
		taken = append(taken, models.Finding{Kind: models.FindingTooSmall, Remedy: counted(models.RemedyRaise, len(v.Waiting)-surplus)})
	}
	slices.SortStableFunc(taken, func(a, b models.Finding) int { return cmp.Compare(b.Counts, a.Counts) })
	v.Findings = append(v.Findings, taken...)
	if blocked == "" && !exhausted {
		v.Findings = append(v.Findings, upcoming(t, l, now)...)
	}
	if rest := l.open(); len(rest) > 0 || len(v.Findings) == 0 {
		v.Findings = append(v.Findings, models.Finding{
			Kind: models.FindingInOrder, Counts: len(rest), People: l.people(rest), Devices: l.devices(rest), Remedy: models.Remedy{Kind: models.RemedyNone},
		})
	}
	for i := range v.Findings {
		if v.Findings[i].Names == nil {
			v.Findings[i].Names = []string{}
		}
	}
	return v
}

// counted is a remedy with a number.
func counted(kind models.RemedyKind, n int) models.Remedy {
	return models.Remedy{Kind: kind, Count: &n}
}

// deleting is a remedy that deletes the auth tokens of uses and returns the counts.
func deleting(kind models.RemedyKind, finding models.FindingKind, uses []*use) models.Remedy {
	r := counted(kind, len(uses))
	r.Finding, r.ReturnCount = finding, true
	for _, u := range uses {
		r.AuthTokens = append(r.AuthTokens, u.AuthTokenID)
	}
	slices.Sort(r.AuthTokens)
	return r
}

// blockedBy is the state that turns everybody away, in the order of
// precedence of the states; empty when it is the count, or nothing.
func blockedBy(t *models.RegistrationToken, now time.Time) models.FindingKind {
	switch t.Status(now) {
	case models.StatusDeleted:
		return models.FindingDeleted
	case models.StatusDisabled:
		if t.ReplacedByID != nil {
			return models.FindingReplaced
		}
		return models.FindingDisabled
	case models.StatusExpired:
		return models.FindingExpired
	case models.StatusExhausted, models.StatusActive:
	}
	return ""
}

// upcoming is what will soon keep an active registration token from being redeemed,
// by the same thresholds as [models.Attention].
func upcoming(t *models.RegistrationToken, l *ledger, now time.Time) []models.Finding {
	var all []models.Finding
	left := t.RemainingCount()
	if t.ExpiresAt.Sub(now) <= models.AttentionExpiry {
		all = append(all, models.Finding{Kind: models.FindingExpiring, To: t.ExpiresAt, Remedy: models.Remedy{Kind: models.RemedyExtend}})
	}
	if 100*t.UsedCount >= models.AttentionUsedPercent*t.Count {
		all = append(all, models.Finding{Kind: models.FindingNearlyUsedUp, To: l.lastCount(left, now), Remedy: models.Remedy{Kind: models.RemedyAsk}})
	}
	return all
}

// retryLoop finds devices that took one count after the other within minutes: a
// client that fails after redeeming, and starts again.
func retryLoop(r rules, l *ledger) models.Finding {
	f := models.Finding{Kind: models.FindingRetryLoop}
	var all, surplus []*use
	most := 0
	for _, group := range l.byDevice {
		for run := range runs(group, r.RetryGap) {
			if len(run) < r.RetryUses {
				continue
			}
			all, surplus = append(all, run...), append(surplus, run[:len(run)-1]...)
			span(&f, run)
			if len(run) > most {
				most, f.Names = len(run), []string{l.name(run[0])}
			}
		}
	}
	return l.found(f, all, deleting(models.RemedyDeleteSurplus, f.Kind, surplus))
}

// burst finds many new devices from many places within minutes, as after a
// registration token was published. A company that starts on one morning has its
// domain in common, or is on the expected list.
func burst(r rules, l *ledger) models.Finding {
	usual := usual(r, l.open(), (*use).domains)
	var best []*use
	open := l.open()
	for i := range open {
		j := i
		for j < len(open) && open[j].At.Sub(open[i].At) <= r.BurstWindow {
			j++
		}
		if window := open[i:j]; len(window) > len(best) && isBurst(r, l, window, usual) {
			best = window
		}
	}
	f := models.Finding{Kind: models.FindingBurst}
	span(&f, best)
	return l.found(f, best, deleting(models.RemedyDelete, f.Kind, best))
}

func isBurst(r rules, l *ledger, window []*use, usual models.Text) bool {
	if l.devices(window) < r.BurstDevices {
		return false
	}
	networks, known := map[models.Text]bool{}, 0
	for _, u := range window {
		if u.Network != 0 {
			networks[u.Network] = true
		}
		if usual != 0 && slices.Contains(u.domains(), usual) || l.listed && !u.Unexpected {
			known++
		}
	}
	return len(networks) >= r.BurstNetworks && 2*known < len(window)
}

// strangers finds uses that match no entry of the expected list. Without a
// list, it finds those from another organisation than most: another domain, or no
// domain and another network.
func strangers(r rules, l *ledger) models.Finding {
	open := l.open()
	var domain, network models.Text
	if !l.listed {
		domain, network = usual(r, open, (*use).domains), usual(r, open, (*use).networks)
	}
	var strange []*use
	for _, u := range open {
		domains := u.domains()
		other := domain != 0 && len(domains) > 0 && !slices.Contains(domains, domain)
		elsewhere := network != 0 && len(domains) == 0 && u.Network != 0 && u.Network != network
		if l.listed && u.Unexpected || other || elsewhere {
			strange = append(strange, u)
		}
	}
	f := models.Finding{Kind: models.FindingStrangers, Usual: l.text(cmp.Or(domain, network))}
	if len(strange) > 0 {
		f.Names = []string{l.name(strange[0])}
	}
	span(&f, strange)
	return l.found(f, strange, deleting(models.RemedyDelete, f.Kind, strange))
}

// severalPerDevice finds devices that hold several live auth tokens.
func severalPerDevice(_ rules, l *ledger) models.Finding {
	f := models.Finding{Kind: models.FindingSeveralPerDevice}
	var all, surplus []*use
	most := 0
	for _, group := range l.byDevice {
		live := slices.DeleteFunc(slices.Clone(group), func(u *use) bool { return !u.live || u.explained })
		if len(live) < 2 {
			continue
		}
		all, surplus = append(all, live...), append(surplus, live[:len(live)-1]...)
		if len(live) > most {
			most, f.Names = len(live), []string{l.name(live[0])}
		}
	}
	return l.found(f, all, deleting(models.RemedyDeleteSurplus, f.Kind, surplus))
}

// usual is the value that most uses share; 0 when there is none.
func usual(r rules, uses []*use, of func(*use) []models.Text) models.Text {
	n, known := map[models.Text]int{}, 0
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
	return 0
}

// span widens the time of a finding to that of its uses, which are in order.
func span(f *models.Finding, uses []*use) {
	if len(uses) == 0 {
		return
	}
	if first := uses[0].At; f.From.IsZero() || first.Before(f.From) {
		f.From = first
	}
	if last := uses[len(uses)-1].At; last.After(f.To) {
		f.To = last
	}
}
