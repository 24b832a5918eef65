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
	if l.differentNetworks() < l.rules.BurstNetworks {
		return nil
	}
	open := l.selected(func(int32) bool { return true })
	crowd := l.crowds(open, func(int32) bool { return false })
	if len(crowd) == 0 {
		return nil
	}
	in := make([]bool, len(l.uses))
	for _, i := range crowd {
		in[i] = true
	}
	// Where the others belong is told by those around the crowd, if they are enough.
	around := slices.DeleteFunc(slices.Clone(open), func(i int32) bool { return in[i] })
	home := l.homeOf(around)
	if home.domain == 0 && home.realm == 0 {
		home = l.homeOf(open)
	}
	home.network = 0
	belongs := l.belonging(home)
	f.uses = l.crowds(open, func(i int32) bool {
		return l.listed() && !l.is(i, isUnexpected) || l.native(i, home) || belongs[l.person[i]]
	})
	f.acted = f.uses
	return f
}

func (l *ledger) differentNetworks() int {
	networks := newBag(&l.evidence.Places)
	for _, network := range l.network {
		networks.add(network, 1)
	}
	return networks.different
}

// home is where most uses come from; 0 for what they do not have in common.
type home struct{ domain, realm, network models.Text }

func (l *ledger) homeOf(uses []int32) home {
	return home{
		domain:  l.usual(uses, func(i int32) [2]models.Text { return l.domains[i] }),
		realm:   l.usual(uses, func(i int32) [2]models.Text { return [2]models.Text{l.realm[i]} }),
		network: l.usual(uses, func(i int32) [2]models.Text { return [2]models.Text{l.network[i]} }),
	}
}

// native reports whether a use comes from there: by its domain or, where it has
// none, by the realm of its user or its network.
func (l *ledger) native(i int32, h home) bool {
	if l.domains[i][0] != 0 {
		return h.domain != 0 && slices.Contains(l.domains[i][:], h.domain)
	}
	return h.realm != 0 && l.realm[i] == h.realm || h.network != 0 && l.network[i] == h.network
}

// belonging marks the people with a use from there.
func (l *ledger) belonging(h home) []bool {
	belongs := make([]bool, l.evidence.Keys.Len())
	for i, person := range l.person {
		belongs[person] = belongs[person] || l.native(int32(i), h)
	}
	belongs[0] = false
	return belongs
}

// crowds are the uses of others than the known that lie in some stretch with enough
// devices from enough networks, if at most half of all in it are known.
func (l *ledger) crowds(open []int32, known func(i int32) bool) []int32 {
	var crowd []int32
	devices, networks := newBag(&l.evidence.Keys), newBag(&l.evidence.Places)
	first, others, taken := 0, 0, 0
	for last, i := range open {
		if !known(i) {
			others++
			devices.add(l.device[i], 1)
			networks.add(l.network[i], 1)
		}
		for ; l.at[i]-l.at[open[first]] > l.rules.BurstWindow.Microseconds(); first++ {
			if gone := open[first]; !known(gone) {
				others--
				devices.add(l.device[gone], -1)
				networks.add(l.network[gone], -1)
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

func newBag(of *models.Texts) *bag { return &bag{n: make([]int32, of.Len())} }

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
// a network that is neither the usual one nor that of a branch. Who also came from
// where most are is no stranger.
func strangers(l *ledger) *finding {
	f := &finding{remedyKind: models.RemedyDelete}
	f.Kind = models.FindingStrangers
	if l.listed() {
		f.uses = l.selected(func(i int32) bool { return l.is(i, isUnexpected) })
		f.acted = f.uses
		return f
	}
	open := l.selected(func(int32) bool { return true })
	home := l.homeOf(open)
	if home.domain == 0 && home.network == 0 {
		return nil
	}
	belongs, branch := l.belonging(home), l.branches()
	f.uses = l.selected(func(i int32) bool {
		other := home.domain != 0 && l.domains[i][0] != 0
		elsewhere := home.network != 0 && l.domains[i][0] == 0 && l.network[i] != 0 && !branch[l.network[i]]
		return (other || elsewhere) && !l.native(i, home) && !belongs[l.person[i]]
	})
	f.Usual, f.acted = l.evidence.Places.String(cmp.Or(home.domain, home.network)), f.uses
	return f
}

// branches marks the networks that enough devices share to be a place of the
// organisation's: strangers come from all over.
func (l *ledger) branches() []bool {
	devices, branch := make([]int, l.evidence.Places.Len()), make([]bool, l.evidence.Places.Len())
	for of := range l.byDevice.each {
		network := l.network[of[0]]
		devices[network]++
		branch[network] = devices[network] >= l.rules.UsualUses
	}
	return branch
}

// usual is the value that most of those uses share that have one; 0 when there is
// none.
func (l *ledger) usual(uses []int32, of func(i int32) [2]models.Text) models.Text {
	n, known := make([]int, l.evidence.Places.Len()), 0
	for _, i := range uses {
		values := of(i)
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
		if count > n[best] || count == n[best] && l.evidence.Places.String(value) < l.evidence.Places.String(best) {
			best = value
		}
	}
	return best
}
