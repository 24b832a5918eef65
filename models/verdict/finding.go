package verdict

import (
	"cmp"
	"slices"
	"time"

	"muster/models"
)

// finding is a finding in the making: what a rule says, and which uses it claims.
type finding struct {
	models.Finding
	// uses are all that it accounts for, acted those that its remedy acts on.
	uses, acted []int32
	remedyKind  models.RemedyKind
	// ofUsers tells that it is about users, and named by them, not by their devices.
	ofUsers bool
	named   ranking
}

// claim makes a finding account for its uses.
func (l *ledger) claim(f *finding) {
	if f == nil || len(f.uses) == 0 {
		return
	}
	f.uses, f.acted = l.inOrder(f.uses), l.inOrder(f.acted)
	l.findings = append(l.findings, f)
	for _, i := range f.uses {
		l.owner[i] = uint8(len(l.findings)) //nolint:gosec // there are fewer than maxFindings
	}
}

// inOrder puts uses in the order of time.
func (l *ledger) inOrder(uses []int32) []int32 {
	in := make([]bool, len(l.uses))
	for _, i := range uses {
		in[i] = true
	}
	ordered := make([]int32, 0, len(uses))
	for _, i := range l.order {
		if in[i] {
			ordered = append(ordered, i)
		}
	}
	return ordered
}

// remedy is what mends the finding. What deletes returns the counts too. Counts that
// nobody can redeem any more are not given back.
func (f *finding) remedy(l *ledger) models.Remedy {
	ids, late := make([]string, len(f.acted)), 0
	for n, i := range f.acted {
		if ids[n] = l.uses[i].AuthTokenID; l.is(i, isDeleted) {
			late++
		}
	}
	r := models.Remedy{Kind: f.remedyKind, AuthTokens: ids, Late: late}
	switch f.remedyKind {
	case models.RemedyDelete, models.RemedyDeleteSurplus, models.RemedyGiveBack:
		if late == len(ids) {
			r.Kind = models.RemedyGiveBack
		}
		if over := l.token.DeletedAt != nil || l.token.ReplacedByID != nil; over && r.Kind == models.RemedyGiveBack {
			return models.Remedy{Kind: models.RemedyNone}
		}
		number := len(ids)
		r.Count, r.Finding, r.ReturnCount = &number, f.Kind, true
	case models.RemedyOwnToken:
	default:
		return counted(f.remedyKind, len(f.uses))
	}
	return r
}

// ranking has those who took most, at most [models.MaxFindingNames]: whoever took
// most first, then whoever came first.
type ranking []taker

// taker is somebody who took n counts, the first and the last of them by these uses.
type taker struct {
	n           int
	first, last int32
}

func (l *ledger) rank(r ranking, t taker) ranking {
	if len(r) == models.MaxFindingNames && l.rankedBefore(r[len(r)-1], t) {
		return r
	}
	at := len(r)
	for at > 0 && l.rankedBefore(t, r[at-1]) {
		at--
	}
	r = slices.Insert(r, at, t)
	return r[:min(len(r), models.MaxFindingNames)]
}

func (l *ledger) rankedBefore(a, b taker) bool {
	return a.n > b.n || a.n == b.n && l.compare(a.first, b.first) < 0
}

// rankAccounts adds the service accounts to whom the finding is about: they are
// nobody, so they are not among the people.
func (l *ledger) rankAccounts(f *finding) {
	if !f.ofUsers {
		return
	}
	took := map[models.Text]taker{}
	for _, i := range f.uses {
		account := l.uses[i].Account
		if account == 0 {
			continue
		}
		t, known := took[account]
		if !known {
			t.first = i
		}
		t.n++
		t.last = i
		took[account] = t
	}
	for _, t := range took {
		f.named = l.rank(f.named, t)
	}
}

// names are those in the ranking, as they were last called.
func (l *ledger) names(f *finding) []string {
	names := make([]string, len(f.named))
	for i, t := range f.named {
		u := &l.uses[t.last]
		name := cmp.Or(u.Host, u.User, u.MAC)
		if f.ofUsers {
			name = u.User
		}
		names[i] = l.evidence.Names.String(name)
	}
	return names
}

// span is the time from the first of uses to the last, which are in order.
func (l *ledger) span(uses []int32) (from, to time.Time) {
	return l.uses[uses[0]].At, l.uses[uses[len(uses)-1]].At
}

// tally counts uses, people and devices, of each finding and in all.
type tally struct {
	people, devices int
	of              [maxFindings]struct{ uses, people, devices int }
}

// maxFindings is the number of rules plus one, for what none of them claims.
const maxFindings = 10

func (l *ledger) tally() tally {
	var t tally
	for i := range l.uses {
		t.of[l.owner[i]].uses++
	}
	for of := range l.byPerson.each {
		t.people++
		l.byOwner(of, func(n uint8, who taker) {
			t.of[n].people++
			if n != openUse && l.findings[n-1].ofUsers {
				l.findings[n-1].named = l.rank(l.findings[n-1].named, who)
			}
		})
	}
	for of := range l.byDevice.each {
		t.devices++
		l.byOwner(of, func(n uint8, who taker) {
			t.of[n].devices++
			if n != openUse && !l.findings[n-1].ofUsers {
				l.findings[n-1].named = l.rank(l.findings[n-1].named, who)
			}
		})
	}
	return t
}

// byOwner visits each finding that accounts for some of the uses of one person or
// device, with what it took of them.
func (l *ledger) byOwner(of []int32, visit func(owner uint8, who taker)) {
	if len(of) == 1 { // as most are
		visit(l.owner[of[0]], taker{1, of[0], of[0]})
		return
	}
	var took [maxFindings]taker
	for _, i := range of {
		t := &took[l.owner[i]]
		if t.n == 0 {
			t.first = i
		}
		t.n++
		t.last = i
	}
	for owner := range took {
		if took[owner].n > 0 {
			visit(uint8(owner), took[owner])
		}
	}
}
