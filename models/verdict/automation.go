package verdict

import (
	"cmp"
	"strings"

	"muster/models"
)

// It takes automationUses uses that never came back to be automation; names that
// only count up are usual in offices, so it takes counterUses of those.
const (
	automationUses = 5
	counterUses    = 100
)

// automation finds service accounts, and patterns of throw-away hosts, that take
// counts for machines which never come back. An account whose machines do is a
// rollout. What can no longer be used can be given back.
func automation(l *ledger) *finding {
	f := &finding{remedyKind: models.RemedyOwnToken, ofUsers: true}
	f.Kind = models.FindingAutomation
	accounts, patterns := map[models.Text]*returns{}, map[pattern]*returns{}
	candidates, found := l.oftenGone()
	if !found {
		return nil
	}
	for _, i := range l.order {
		u := &l.uses[i]
		who := cmp.Or(u.Account, u.Person)
		if !candidates[who] || !l.open(i) {
			continue
		}
		if u.Account != 0 {
			note(accounts, u.Account, l, i)
		}
		if shape, counts := hostShape(l.evidence.Names.String(u.Host)); shape != "" {
			note(patterns, pattern{shape, counts, who}, l, i)
		}
	}
	claimed := make([]bool, len(l.uses))
	add := func(r *returns, least int) {
		if len(r.gone) < least || 2*len(r.gone) <= r.all {
			return
		}
		for _, i := range r.gone {
			if !claimed[i] {
				claimed[i] = true
				f.uses = append(f.uses, i)
				if !l.is(i, isLive) {
					f.acted = append(f.acted, i)
				}
			}
		}
	}
	for _, r := range accounts {
		add(r, automationUses)
	}
	for p, r := range patterns {
		if p.counts {
			add(r, counterUses)
		} else {
			add(r, automationUses)
		}
	}
	return f
}

// pattern is a shape of host names that one user takes counts from.
type pattern struct {
	shape  string
	counts bool
	who    models.Text
}

// returns are uses of one kind that had time to come back, and those that did not.
type returns struct {
	all  int
	gone []int32
}

func note[K comparable](m map[K]*returns, key K, l *ledger, i int32) {
	r := m[key]
	if r == nil {
		r = &returns{}
		m[key] = r
	}
	if l.gone(i) {
		r.gone = append(r.gone, i)
	}
	if l.gone(i) || l.is(i, isRefreshed) {
		r.all++
	}
}

// oftenGone marks the accounts and people with enough uses that never came back, and
// reports whether there are any.
func (l *ledger) oftenGone() (often []bool, found bool) {
	gone := make([]int32, l.evidence.Keys.Len())
	often = make([]bool, len(gone))
	for i := range l.uses {
		if !l.gone(int32(i)) {
			continue
		}
		if who := cmp.Or(l.uses[i].Account, l.uses[i].Person); who != 0 {
			if gone[who]++; gone[who] >= automationUses {
				often[who], found = true, true
			}
		}
	}
	return often, found
}

// hostShape is what the host names of machines that somebody starts by the dozen
// have in common: runner-8f3a21c4, ip-10-0-0-5, 3f2b9c0d1e4a, farm-0017. It is
// empty for a name without such a part; counts tells that the part only counts.
func hostShape(host string) (shape string, counts bool) {
	label, _, _ := strings.Cut(strings.ToLower(host), ".")
	parts := strings.Split(label, "-")
	n := len(parts)
	for n > 0 && isRandom(parts[n-1]) {
		n--
	}
	if n < len(parts) {
		return strings.Join(parts[:n], "-") + "*", false
	}
	for n > 0 && isNumber(parts[n-1]) {
		n--
	}
	if len(parts)-n >= 4 {
		return strings.Join(parts[:n], "-") + "*", false
	}
	if prefix := strings.TrimRight(label, "0123456789"); prefix != label {
		return prefix + "#", true
	}
	return "", false
}

func isNumber(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }

// isRandom tells a made-up part of a name: at least four letters and digits mixed,
// or eight hexadecimal digits.
func isRandom(part string) bool {
	if len(part) < 4 || strings.Trim(part, "0123456789abcdefghijklmnopqrstuvwxyz") != "" {
		return false
	}
	digits := strings.ContainsAny(part, "0123456789")
	letters := strings.ContainsAny(part, "abcdefghijklmnopqrstuvwxyz")
	return digits && letters || digits && len(part) >= 8
}
