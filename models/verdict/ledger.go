package verdict

import (
	"cmp"
	"slices"
	"time"

	"muster/models"
)

// ledger is the uses that hold a count, as the rules read them, and which finding
// accounts for each. A use is known by its place. What the rules ask of every use
// lies in a column of its own, since half a million whole ones take long to visit.
type ledger struct {
	rules    models.VerdictRules
	token    *models.RegistrationToken
	evidence *models.Evidence
	now      time.Time
	uses     []models.UseFacts
	// order has the uses by time, which at has in microseconds.
	order          []int32
	at             []int64
	person, device []models.Text
	network, realm []models.Text
	domains        [][2]models.Text
	marks          []mark
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
	isUnexpected
	isRefreshed
	// isOlder: it is older than a day, so it had time to refresh.
	isOlder
)

// listed reports whether there is an expected list.
func (l *ledger) listed() bool { return l.token.ExpectedCount > 0 }

func newLedger(r models.VerdictRules, t *models.RegistrationToken, e *models.Evidence, now time.Time) *ledger {
	n := len(e.Uses)
	texts := make([]models.Text, 4*n)
	l := &ledger{
		rules: r, token: t, evidence: e, now: now, uses: e.Uses,
		at: make([]int64, n), person: texts[:n], device: texts[n : 2*n], network: texts[2*n : 3*n], realm: texts[3*n:], domains: make([][2]models.Text, n),
		marks: make([]mark, n), owner: make([]uint8, n),
	}
	silent, grace := now.Add(-models.LensSilence), now.Add(-models.LensGrace)
	for i := range l.uses {
		u := &l.uses[i]
		l.at[i], l.person[i], l.device[i] = u.At.UnixMicro(), u.Person, u.Device
		l.network[i], l.realm[i], l.domains[i] = u.Network, u.Realm, u.Domains
		l.marks[i] = markOf(u, now, silent, grace)
	}
	l.order = l.byTime()
	l.byDevice, l.byPerson = l.groupedBy(l.device), l.groupedBy(l.person)
	if l.siblingsRefresh() {
		for i, m := range l.marks {
			if m&(isOlder|isRefreshed|isDeleted) == isOlder {
				l.marks[i] |= isUnused
			}
		}
	}
	return l
}

func markOf(u *models.UseFacts, now, silent, grace time.Time) (m mark) {
	live := u.Live(now)
	for _, has := range [...]struct {
		it bool
		mark
	}{
		{live, isLive},
		{u.Deleted, isDeleted},
		{!u.Deleted && (!live || u.LastSeenAt.Before(silent)), isUnused},
		{u.Vague, isVague},
		{u.Unexpected, isUnexpected},
		{u.Refreshed, isRefreshed},
		{u.At.Before(grace), isOlder},
	} {
		if has.it {
			m |= has.mark
		}
	}
	return m
}

// byTime is the order of the uses by time, and by id where that is the same. They
// are usually read in it.
func (l *ledger) byTime() []int32 {
	order := make([]int32, len(l.uses))
	for i := range order {
		order[i] = int32(i)
	}
	if !slices.IsSortedFunc(order, l.compare) {
		slices.SortFunc(order, l.compare)
	}
	return order
}

func (l *ledger) compare(a, b int32) int {
	if l.at[a] != l.at[b] {
		return cmp.Compare(l.at[a], l.at[b])
	}
	return cmp.Compare(l.uses[a].AuthTokenID, l.uses[b].AuthTokenID)
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
	for n := range l.byDevice.without {
		count(l.byDevice.without[n : n+1])
	}
	return 2*refreshed > older
}

// gone reports whether a use had a day to come back, and did not.
func (l *ledger) gone(i int32) bool { return l.marks[i]&(isOlder|isRefreshed) == isOlder }

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
		if !ok || cmp.Or(l.uses[i].LastSeenAt.Compare(l.uses[last].LastSeenAt), cmp.Compare(l.uses[i].AuthTokenID, l.uses[last].AuthTokenID)) > 0 {
			last, ok = i, true
		}
	}
	return last, ok
}

// groups are the uses with the same key together, each in the order of time, and
// those without a key.
type groups struct {
	members []int32
	// ends has where each group ends in members; the first begins at without's end.
	ends    []int32
	without []int32
}

// each visits every group but that without a key.
func (g groups) each(yield func([]int32) bool) {
	start := int32(len(g.without)) //nolint:gosec // a registration token has at most MaxCount uses
	for _, end := range g.ends {
		if !yield(g.members[start:end:end]) {
			return
		}
		start = end
	}
}

// groupedBy groups the uses by a key.
func (l *ledger) groupedBy(key []models.Text) groups {
	next, different := make([]int32, l.evidence.Keys.Len()), 0
	for _, k := range key {
		if next[k] == 0 {
			different++
		}
		next[k]++
	}
	g := groups{members: make([]int32, len(key)), ends: make([]int32, 0, different)}
	at := int32(0)
	for k, n := range next {
		next[k] = at
		if at += n; n > 0 && k > 0 {
			g.ends = append(g.ends, at)
		} else if k == 0 {
			g.without = g.members[:n:n]
		}
	}
	for _, i := range l.order {
		g.members[next[key[i]]] = i
		next[key[i]]++
	}
	return g
}
