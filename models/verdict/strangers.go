package verdict

import (
	"cmp"
	"slices"

	"muster/models"
)

// bursts finds many new devices from many places within minutes, as after a
// registration token was published. A company that starts on one morning has its
// domain in common, or is on the expected list; whoever belongs to it is no part of
// a burst.
func bursts(l *ledger) *finding {
	f := &finding{remedyKind: models.RemedyDelete}
	f.Kind = models.FindingBurst
	open := l.selected(func(int32) bool { return true })
	crowd := l.crowds(open, func(int32) bool { return false })
	if len(crowd) == 0 {
		return nil
	}
	in := make([]bool, len(l.uses))
	for _, i := range crowd {
		in[i] = true
	}
	// What is usual is told by those around the crowd, if there are enough of them.
	around := slices.DeleteFunc(slices.Clone(open), func(i int32) bool { return in[i] })
	usual := cmp.Or(l.usual(around, domainsOf), l.usual(open, domainsOf))
	f.uses = l.crowds(open, func(i int32) bool {
		return l.listed() && !l.uses[i].Unexpected || usual != 0 && slices.Contains(l.uses[i].Domains[:], usual)
	})
	f.acted = f.uses
	return f
}

// crowds are the uses of others than the known that lie in some stretch with enough
// devices from enough networks, if at most half of all in it are known.
func (l *ledger) crowds(open []int32, known func(i int32) bool) []int32 {
	var crowd []int32
	devices, networks := newBag(l.evidence), newBag(l.evidence)
	first, others, taken := 0, 0, 0
	for last, i := range open {
		if !known(i) {
			others++
			devices.add(l.uses[i].Device, 1)
			networks.add(l.uses[i].Network, 1)
		}
		for ; l.uses[i].At.Sub(l.uses[open[first]].At) > l.rules.BurstWindow; first++ {
			if gone := open[first]; !known(gone) {
				others--
				devices.add(l.uses[gone].Device, -1)
				networks.add(l.uses[gone].Network, -1)
			}
		}
		if devices.different < l.rules.BurstDevices || networks.different < l.rules.BurstNetworks || 2*others <= last-first+1 {
			continue
		}
		for taken = max(taken, first); taken <= last; taken++ {
			if !known(open[taken]) {
				crowd = append(crowd, open[taken])
			}
		}
	}
	return crowd
}

// bag counts texts, and how many different ones there are; the empty one is none.
type bag struct {
	n         []int32
	different int
}

func newBag(e *models.Evidence) *bag { return &bag{n: make([]int32, e.Texts())} }

// add puts n of a text in, or takes them out.
func (b *bag) add(t models.Text, n int32) {
	if t == 0 {
		return
	}
	if b.n[t] == 0 {
		b.different++
	}
	if b.n[t] += n; b.n[t] == 0 {
		b.different--
	}
}

// strangers finds uses that match no entry of the expected list. Without a list, it
// finds those from another organisation than most: another domain, or no domain and
// another network. Who also came from where most are is no stranger.
func strangers(l *ledger) *finding {
	f := &finding{remedyKind: models.RemedyDelete}
	f.Kind = models.FindingStrangers
	if l.listed() {
		f.uses = l.selected(func(i int32) bool { return l.uses[i].Unexpected })
		f.acted = f.uses
		return f
	}
	open := l.selected(func(int32) bool { return true })
	domain, network := l.usual(open, domainsOf), l.usual(open, networkOf)
	if domain == 0 && network == 0 {
		return nil
	}
	native := func(u *models.UseFacts) bool {
		return domain != 0 && slices.Contains(u.Domains[:], domain) || network != 0 && u.Domains[0] == 0 && u.Network == network
	}
	belongs := make([]bool, l.evidence.Texts())
	for i := range l.uses {
		if u := &l.uses[i]; u.Person != 0 && native(u) {
			belongs[u.Person] = true
		}
	}
	f.uses = l.selected(func(i int32) bool {
		u := &l.uses[i]
		other := domain != 0 && u.Domains[0] != 0
		elsewhere := network != 0 && u.Domains[0] == 0 && u.Network != 0
		return (other || elsewhere) && !native(u) && !belongs[u.Person]
	})
	f.Usual, f.acted = l.evidence.String(cmp.Or(domain, network)), f.uses
	return f
}

func domainsOf(u *models.UseFacts) [2]models.Text { return u.Domains }
func networkOf(u *models.UseFacts) [2]models.Text { return [2]models.Text{u.Network} }

// usual is the value that most of those uses share that have one; 0 when there is
// none.
func (l *ledger) usual(uses []int32, of func(*models.UseFacts) [2]models.Text) models.Text {
	n, known := make([]int, l.evidence.Texts()), 0
	for _, i := range uses {
		values := of(&l.uses[i])
		if values[0] != 0 {
			known++
		}
		n[values[0]]++
		if values[1] != values[0] {
			n[values[1]]++
		}
	}
	n[0] = 0
	best := models.Text(0)
	for value, count := range n {
		value := models.Text(value)
		if count < l.rules.UsualUses || 100*count < l.rules.UsualPercent*known {
			continue
		}
		if count > n[best] || count == n[best] && l.evidence.String(value) < l.evidence.String(best) {
			best = value
		}
	}
	return best
}
