package verdict

import (
	"slices"

	"muster/models"
)

// retryLoops finds devices that took one count after the other within minutes: a
// client that fails after redeeming, and starts again. All uses of such a device
// belong to its loop. Of what may be several machines that is only said when
// nothing but a person is known and all came from one network.
func retryLoops(l *ledger) *finding {
	f := &finding{remedyKind: models.RemedyDeleteSurplus}
	f.Kind = models.FindingRetryLoop
	for of := range l.byDevice.each {
		if len(of) < l.rules.RetryUses {
			continue
		}
		var sure []int32
		for _, i := range of {
			if !l.is(i, isVague) {
				sure = append(sure, i)
			}
		}
		if runs := l.runs(sure, l.soonAfter); len(runs) > 0 {
			f.add(l, runs, sure)
			continue
		}
		for _, run := range l.runs(of, l.sameAgain) {
			f.add(l, [][]int32{run}, run)
		}
	}
	return f
}

// add adds the uses of a device that did not stop redeeming in those runs, unless
// each of them is at work.
func (f *finding) add(l *ledger, runs [][]int32, of []int32) {
	surplus := l.surplus(of)
	if len(surplus) == 0 {
		return
	}
	f.uses, f.acted = append(f.uses, of...), append(f.acted, surplus...)
	for _, run := range runs {
		from, to := l.span(run)
		if f.From.IsZero() || from.Before(f.From) {
			f.From = from
		}
		if to.After(f.To) {
			f.To = to
		}
	}
}

// runs are the stretches of uses in which each follows the one before it, as far as
// they are long enough for a loop.
func (l *ledger) runs(uses []int32, follows func(before, i int32) bool) (all [][]int32) {
	start := 0
	for n := 1; n <= len(uses); n++ {
		if n < len(uses) && follows(uses[n-1], uses[n]) {
			continue
		}
		if n-start >= l.rules.RetryUses {
			all = append(all, uses[start:n])
		}
		start = n
	}
	return all
}

// soonAfter tells whether a device came again within minutes. Many people who log in
// to one machine in the morning are no loop.
func (l *ledger) soonAfter(before, i int32) bool {
	return l.at[i]-l.at[before] <= l.rules.RetryGap.Microseconds() && !l.differ(before, i)
}

// differ tells whether two uses are of two people.
func (l *ledger) differ(a, b int32) bool {
	one, other := l.uses[a].Person, l.uses[b].Person
	return one != 0 && other != 0 && one != other
}

// sameAgain tells whether a person of whom nothing else is known came again.
func (l *ledger) sameAgain(before, i int32) bool {
	a, b := &l.uses[before], &l.uses[i]
	return l.soonAfter(before, i) && a.Network != 0 && a.Network == b.Network && personAlone(a) && personAlone(b)
}

func personAlone(u *models.UseFacts) bool { return u.Person != 0 && u.Host == 0 && u.MAC == 0 }

// surplus is all but what is kept: of each machine the working seat that was used
// last, and the one that each other person used last, if it is still at work. Where
// none works, none is kept. models/store lists the surplus by the same rule.
func (l *ledger) surplus(of []int32) []int32 {
	kept, ok := l.lastUsed(of)
	others := l.keptForOthers(of, kept)
	var all []int32
	for n, i := range of {
		keeps := i == kept || others[l.person[i]] == i+1 && l.isAtWork(of[n:])
		if !ok || !keeps {
			all = append(all, i)
		}
	}
	return all
}

// keptForOthers are the live seats that people used last, plus 1, on a machine that
// several of them share. What a person and nobody used may be the same.
func (l *ledger) keptForOthers(of []int32, kept int32) map[models.Text]int32 {
	if !slices.ContainsFunc(of, func(i int32) bool { return l.differ(i, kept) }) {
		return nil
	}
	last := map[models.Text]int32{}
	for _, i := range of {
		if person := l.person[i]; l.is(i, isLive) && (last[person] == 0 || l.usedAfter(i, last[person]-1)) {
			last[person] = i + 1
		}
	}
	for person, i := range last {
		if nobody := last[0]; person != 0 && nobody != 0 && l.usedAfter(nobody-1, i-1) {
			delete(last, person)
		}
	}
	delete(last, 0)
	return last
}

// isAtWork tells whether the first of a device's uses, in the order of time, did not
// make room for the next one: it was used after that was made, or is so new that
// nobody can tell.
func (l *ledger) isAtWork(of []int32) bool {
	u := &l.uses[of[0]]
	return l.is(of[0], isLive) && (len(of) == 1 || !l.is(of[0], isOlder) || u.LastSeenAt.After(l.uses[of[1]].At))
}

// severalPerDevice finds devices that hold more live auth tokens than they need.
func severalPerDevice(l *ledger) *finding {
	f := &finding{remedyKind: models.RemedyDeleteSurplus}
	f.Kind = models.FindingSeveralPerDevice
	var live []int32
	for of := range l.byDevice.each {
		if len(of) < 2 {
			continue
		}
		live = live[:0]
		for _, i := range of {
			if l.open(i) && l.is(i, isLive) && !l.is(i, isVague) {
				live = append(live, i)
			}
		}
		if surplus := l.surplus(live); len(surplus) > 0 {
			f.uses, f.acted = append(f.uses, live...), append(f.acted, surplus...)
		}
	}
	return f
}

// indistinguishableUses is from how many uses on it is said that they cannot be
// told apart.
const indistinguishableUses = 3

// indistinguishable finds uses that report one name and nothing else: one machine,
// or many.
func indistinguishable(l *ledger) *finding {
	f := &finding{remedyKind: models.RemedyAsk}
	f.Kind = models.FindingIndistinguishable
	for of := range l.byDevice.each {
		if len(of) < indistinguishableUses {
			continue
		}
		var same []int32
		for _, i := range of {
			if l.open(i) && l.is(i, isVague) {
				same = append(same, i)
			}
		}
		if len(same) >= indistinguishableUses {
			f.uses = append(f.uses, same...)
		}
	}
	return f
}
