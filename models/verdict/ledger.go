package verdict

import (
	"cmp"
	"slices"
	"time"

	"muster/models"
)

// ledger is the uses that hold a count, as the rules read them, and which finding
// accounts for each. A use is known by its place in uses.
type ledger struct {
	rules    models.VerdictRules
	token    *models.RegistrationToken
	evidence *models.Evidence
	now      time.Time
	uses     []models.UseFacts
	// order has the uses by time.
	order []int32
	marks []mark
	// owner is the finding that accounts for a use: its place in findings plus 1,
	// or openUse.
	owner    []uint8
	findings []*finding

	byDevice, byPerson groups
}

// openUse is the owner of uses that no rule has claimed yet.
const openUse = 0

// mark is what is asked of a use again and again.
type mark uint8

const (
	isLive mark = 1 << iota
	isDeleted
	isUnused
	isVague
	// isGone: it never came back in its first day, and had that day.
	isGone
)

// listed reports whether there is an expected list.
func (l *ledger) listed() bool { return l.token.ExpectedCount > 0 }

func newLedger(r models.VerdictRules, t *models.RegistrationToken, e *models.Evidence, now time.Time) *ledger {
	l := &ledger{
		rules: r, token: t, evidence: e, now: now, uses: e.Uses,
		order: byTime(e.Uses), marks: make([]mark, len(e.Uses)), owner: make([]uint8, len(e.Uses)),
	}
	l.byDevice = grouped(l, func(u *models.UseFacts) models.Text { return u.Device })
	l.byPerson = grouped(l, func(u *models.UseFacts) models.Text { return u.Person })
	l.mark()
	return l
}

// byTime is the order of uses by time, and by id where that is the same. They are
// usually read in it.
func byTime(uses []models.UseFacts) []int32 {
	order := make([]int32, len(uses))
	for i := range order {
		order[i] = int32(i)
	}
	compare := func(a, b int32) int {
		return cmp.Or(uses[a].At.Compare(uses[b].At), cmp.Compare(uses[a].AuthTokenID, uses[b].AuthTokenID))
	}
	if !slices.IsSortedFunc(order, compare) {
		slices.SortFunc(order, compare)
	}
	return order
}

// mark marks each use.
func (l *ledger) mark() {
	refreshing := l.siblingsRefresh()
	silent, grace := l.now.Add(-models.LensSilence), l.now.Add(-models.LensGrace)
	for i := range l.uses {
		u, m := &l.uses[i], mark(0)
		if u.Vague {
			m |= isVague
		}
		gone := !u.Refreshed && u.At.Before(grace)
		if gone {
			m |= isGone
		}
		live := u.Live(l.now)
		switch {
		case u.Deleted:
			m |= isDeleted
		case !live, gone && refreshing, u.LastSeenAt.Before(silent):
			m |= isUnused
		}
		if live {
			m |= isLive
		}
		l.marks[i] = m
	}
}

// siblingsRefresh reports whether most devices that are older than a day have
// refreshed since: then one that has not is not in use. A use that names no device
// stands for one.
func (l *ledger) siblingsRefresh() bool {
	grace := l.now.Add(-models.LensGrace)
	older, refreshed := 0, 0
	count := func(of ...int32) {
		old, came := false, false
		for _, i := range of {
			old = old || l.uses[i].At.Before(grace)
			came = came || l.uses[i].Refreshed
		}
		if old {
			older++
			if came {
				refreshed++
			}
		}
	}
	for _, of := range l.byDevice.all {
		count(of...)
	}
	for _, i := range l.byDevice.without {
		count(i)
	}
	return 2*refreshed > older
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
	var all []int32
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
		if !ok || cmp.Or(l.uses[i].LastSeenAt.Compare(l.uses[last].LastSeenAt), cmp.Compare(l.uses[i].AuthTokenID, l.uses[last].AuthTokenID)) > 0 {
			last, ok = i, true
		}
	}
	return last, ok
}

// groups are the uses with the same key together, each in the order of time, and
// those without a key.
type groups struct {
	all     [][]int32
	without []int32
}

// grouped groups the uses by a key.
func grouped(l *ledger, key func(*models.UseFacts) models.Text) groups {
	place := make([]int32, l.evidence.Texts())
	for i := range l.uses {
		place[key(&l.uses[i])]++
	}
	members := make([]int32, len(l.uses))
	var g groups
	at := int32(0)
	for k, n := range place {
		if n == 0 {
			continue
		}
		if of := members[at : at+n : at+n]; k == 0 {
			g.without = of
		} else {
			g.all = append(g.all, of)
		}
		place[k], at = at, at+n
	}
	for _, i := range l.order {
		k := key(&l.uses[i])
		members[place[k]] = i
		place[k]++
	}
	return g
}
