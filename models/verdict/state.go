package verdict

import (
	"time"

	"muster/models"
)

// blockedBy is the state that turns everybody away, in the order of precedence of
// the states; empty when it is the count, or nothing.
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

// stateFinding is the finding of a state. What has expired is replaced, for what
// was left of its count or for those who wait.
func stateFinding(kind models.FindingKind, t *models.RegistrationToken, waiting int) models.Finding {
	f := models.Finding{Kind: kind, Names: []string{}, Remedy: models.Remedy{Kind: models.RemedyNone}}
	if kind == models.FindingDisabled {
		f.Remedy.Kind = models.RemedyEnable
	}
	if n := max(t.RemainingCount(), waiting); kind == models.FindingExpired && n > 0 && t.ReplacedByID == nil {
		f.Remedy = counted(models.RemedyReplace, n)
	}
	return f
}

// A pace needs at least paceUses uses, the first and the last of them at least
// paceSpan apart: what happened on one morning says nothing about the next. It looks
// no further ahead than paceAhead.
const (
	paceUses  = 3
	paceSpan  = time.Hour
	paceAhead = 100 * 365 * 24 * time.Hour
)

// pace counts the uses of the last [models.AttentionExpiry], and says when the last
// of the counts that are left goes if they go on like that; zero when they are too
// few to tell, or none is left.
func (l *ledger) pace(left int) (recent int, last time.Time) {
	var from, to time.Time
	for _, i := range l.order {
		if at := l.uses[i].At; l.now.Sub(at) <= models.AttentionExpiry {
			if recent++; recent == 1 {
				from = at
			}
			to = at
		}
	}
	if left <= 0 || recent < paceUses || to.Sub(from) < paceSpan {
		return recent, time.Time{}
	}
	each := l.now.Sub(from) / time.Duration(recent)
	return recent, l.now.Add(each * time.Duration(min(left, int(paceAhead/each))))
}
