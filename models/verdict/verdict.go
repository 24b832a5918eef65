// Package verdict judges what became of the counts of a registration token, by all
// of its uses. It is pure: what it knows is a [models.Evidence], and the same
// evidence in another order gives the same verdict. The time it takes grows with
// the number of uses, not faster.
//
// Start with [Judge]. Each rule has a file; ledger.go is what they read and write.
package verdict

import (
	"cmp"
	"slices"
	"time"

	"muster/models"
)

// Judge says what used the counts of t as of now.
func Judge(r models.VerdictRules, t *models.RegistrationToken, e *models.Evidence, now time.Time) models.Verdict {
	l := newLedger(r, t, e, now)
	// The first rule that claims a use accounts for it, so the most specific is first.
	for _, rule := range []func(*ledger) *finding{
		retryLoops, automation, bursts, strangers, severalPerDevice, notGivenBack, unusedSeats, severalPerPerson, indistinguishable,
	} {
		l.claim(rule(l))
	}
	v := models.Verdict{Uses: len(l.uses), Waiting: waiting(l), Holding: holding(l), UnusedSeats: l.count(isUnused)}
	tally := l.tally()
	v.People, v.Devices = tally.people, tally.devices
	taken, givable := l.told(tally)
	blocked := blockedBy(t, now)
	if blocked != "" {
		v.Findings = append(v.Findings, stateFinding(blocked, t, len(v.Waiting)))
	}
	v.Findings = append(v.Findings, taken...)
	if blocked == "" {
		v.Recent, v.RunsOut = l.pace(t.RemainingCount())
		v.Findings = append(v.Findings, l.needs(&v, givable)...)
	}
	if rest := tally.of[openUse]; rest.uses > 0 || len(v.Findings) == 0 {
		v.Findings = append(v.Findings, models.Finding{
			Kind: models.FindingInOrder, Counts: rest.uses, People: rest.people, Devices: rest.devices,
			Names: []string{}, Remedy: models.Remedy{Kind: models.RemedyNone},
		})
	}
	return v
}

// told are the findings that rules made, the largest first, and how many counts
// their remedies return.
func (l *ledger) told(t tally) (all []models.Finding, givable int) {
	for i, f := range l.findings {
		of := t.of[i+1]
		f.Counts, f.People, f.Devices = of.uses, of.people, of.devices
		if f.From.IsZero() {
			f.From, f.To = l.span(f.uses)
		}
		l.rankAccounts(f)
		f.Names = l.names(f)
		f.Remedy = f.remedy(l)
		givable += len(f.Remedy.AuthTokens)
		all = append(all, f.Finding)
	}
	slices.SortStableFunc(all, func(a, b models.Finding) int { return cmp.Compare(b.Counts, a.Counts) })
	return all, givable
}

// needs are what is needed now, or will be soon: more counts for those that wait
// beyond what can be given back, or more time. The thresholds are those of
// [models.Attention].
func (l *ledger) needs(v *models.Verdict, givable int) []models.Finding {
	var all []models.Finding
	add := func(f models.Finding) {
		f.Names = []string{}
		all = append(all, f)
	}
	t, left := l.token, l.token.RemainingCount()
	missing := len(v.Waiting) - givable - left
	if missing > 0 {
		add(models.Finding{Kind: models.FindingTooSmall, Remedy: counted(models.RemedyRaise, missing)})
	}
	if left <= 0 {
		return all
	}
	if t.ExpiresAt.Sub(l.now) <= models.AttentionExpiry {
		add(models.Finding{Kind: models.FindingExpiring, To: t.ExpiresAt, Remedy: models.Remedy{Kind: models.RemedyExtend}})
	}
	if missing <= 0 && 100*t.UsedCount >= models.AttentionUsedPercent*t.Count {
		add(models.Finding{Kind: models.FindingNearlyUsedUp, Recent: v.Recent, To: v.RunsOut, Remedy: counted(models.RemedyAsk, left)})
	}
	return all
}

// counted is a remedy with a number.
func counted(kind models.RemedyKind, n int) models.Remedy {
	return models.Remedy{Kind: kind, Count: &n}
}
