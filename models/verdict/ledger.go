package verdict

import (
	"cmp"
	"slices"
	"time"

	"muster/models"
)

// ledger is the uses that hold a count, as the rules read them, and which finding
// accounts for each. A use is known by its place.
type ledger struct {
	*columns
	rules    models.VerdictRules
	token    *models.RegistrationToken
	evidence *models.Evidence
	now      time.Time
	marks    []mark
	// refreshing tells whether most machines refresh.
	refreshing bool
	// owner is the finding that accounts for a use: its place in findings plus 1,
	// or openUse.
	owner    []uint8
	findings []*finding
}

// openUse is the owner of uses that no rule has claimed yet.
const openUse = 0

// mark is what is asked of a use again and again.
type mark uint8

const (
	isDeleted mark = 1 << iota
	isEnded
	isVague
	isUnexpected
	isRefreshed
	// The rest depends on the time.
	isLive
	isUnused
	isOlder // than a day, so it had time to refresh
)

// listed reports whether there is an expected list.
func (l *ledger) listed() bool { return l.token.ExpectedCount > 0 }

func newLedger(r models.VerdictRules, t *models.RegistrationToken, e *models.Evidence, now time.Time) *ledger {
	c := columnsOf(e)
	l := &ledger{
		columns: c, rules: r, token: t, evidence: e, now: now, marks: slices.Clone(c.facts), owner: make([]uint8, len(c.uses)),
	}
	at, silent, grace := now.UnixMicro(), now.Add(-models.LensSilence).UnixMicro(), now.Add(-models.LensGrace).UnixMicro()
	for i, m := range l.marks {
		if m&(isDeleted|isEnded) == 0 && at < c.idle[i] {
			m |= isLive
		}
		if m&isDeleted == 0 && (m&isLive == 0 || c.seen[i] < silent) {
			m |= isUnused
		}
		if c.at[i] < grace {
			m |= isOlder
		}
		l.marks[i] = m
	}
	if l.refreshing = l.siblingsRefresh(); l.refreshing {
		for i, m := range l.marks {
			if m&(isOlder|isRefreshed|isDeleted) == isOlder {
				l.marks[i] |= isUnused
			}
		}
	}
	return l
}

// siblingsRefresh reports whether most devices that are older than a day have
// refreshed since: then one that has not is not in use. A use that names no device
// stands for one.
func (l *ledger) siblingsRefresh() bool {
	older, refreshed := 0, 0
	count := func(of []int32) {
		m := mark(0)
		for _, i := range of {
			m |= l.marks[i]
		}
		if m&isOlder != 0 {
			older++
			if m&isRefreshed != 0 {
				refreshed++
			}
		}
	}
	for of := range l.byDevice.each {
		count(of)
	}
	for i := range l.byDevice.begin {
		count(l.byDevice.members[i : i+1])
	}
	return 2*refreshed > older
}

// gone reports whether a use had a day to come back and did not, or never can.
func (l *ledger) gone(i int32) bool {
	m := l.marks[i]
	return m&(isRefreshed|isDeleted) == 0 && (m&isOlder != 0 || m&isLive == 0)
}

func (l *ledger) is(i int32, m mark) bool { return l.marks[i]&m != 0 }
func (l *ledger) open(i int32) bool       { return l.owner[i] == openUse }

func (l *ledger) count(m mark) int {
	n := 0
	for _, marks := range l.marks {
		if marks&m != 0 {
			n++
		}
	}
	return n
}

// selected are the open uses that fit, in the order of time.
func (l *ledger) selected(fits func(i int32) bool) []int32 {
	all := make([]int32, 0, len(l.uses))
	for _, i := range l.order {
		if l.open(i) && fits(i) {
			all = append(all, i)
		}
	}
	return all
}

// lastUsed is the use of a device that is kept: the live one that was seen last;
// false if none is live.
func (l *ledger) lastUsed(of []int32) (last int32, ok bool) {
	for _, i := range of {
		if !l.is(i, isLive) {
			continue
		}
		if !ok || l.usedAfter(i, last) {
			last, ok = i, true
		}
	}
	return last, ok
}

// usedAfter tells whether one use was seen later than another; of those seen at one
// time the newer counts.
func (l *ledger) usedAfter(i, other int32) bool {
	return cmp.Or(cmp.Compare(l.seen[i], l.seen[other]), cmp.Compare(l.uses[i].AuthTokenID, l.uses[other].AuthTokenID)) > 0
}
