package verdict

import (
	"cmp"
	"maps"
	"slices"

	"muster/models"
)

// rolloutDevices is from how many devices on a name that nearly all uses share is
// taken for an account that somebody installs machines with.
const rolloutDevices = 10

// severalPerPerson finds people who hold live auth tokens on more devices than
// usual. There is nothing to delete: each machine has one.
func severalPerPerson(l *ledger) *finding {
	f := &finding{remedyKind: models.RemedyAsk, ofUsers: true}
	f.Kind = models.FindingSeveralPerPerson
	devices := make([]int32, len(l.byPerson.ends))
	counted := make([]int32, l.evidence.Keys.Len())
	many := map[int32]int{} // how many people have that many
	n := int32(0)
	for of := range l.byPerson.each {
		for _, i := range of {
			if device := l.device[i]; l.is(i, isLive) && counted[device] != n+1 {
				counted[device] = n + 1
				devices[n]++
			}
		}
		if devices[n] > 0 {
			many[devices[n]]++
		}
		n++
	}
	least := max(l.rules.PersonDevices, 2*usualDevices(many)+1)
	n = 0
	for of := range l.byPerson.each {
		holds := int(devices[n])
		if n++; holds < least || holds >= rolloutDevices && 10*len(of) >= 9*len(l.uses) {
			continue
		}
		for _, i := range of {
			if l.open(i) && l.is(i, isLive) {
				f.uses = append(f.uses, i)
			}
		}
	}
	return f
}

// usualDevices is how many devices people usually have, given how many people have
// that many: the median, but what a quarter has where all others stand out, as when
// most have six and the rest one.
func usualDevices(many map[int32]int) int {
	quarter := share(many, 4)
	for number := range many {
		if int(number) > 2*quarter && int(number) <= 4*quarter {
			return share(many, 2)
		}
	}
	return quarter
}

// share is the number, of those that are there so many times each, that one in so
// many does not exceed: the median for 2; 0 for none.
func share(times map[int32]int, in int) int {
	all := 0
	for _, n := range times {
		all += n
	}
	below := 0
	for _, number := range slices.Sorted(maps.Keys(times)) {
		if below += times[number]; below > all/in {
			return int(number)
		}
	}
	return 0
}

// waiting is everybody who was turned away and holds no live auth token, whoever came
// first foremost. Who is nobody is known by the device, and what nobody holds is their
// device's.
func waiting(l *ledger) []models.Waiting {
	if len(l.evidence.Refused) == 0 {
		return nil
	}
	holds, anybody := make([]bool, l.evidence.Keys.Len()), make([]bool, l.evidence.Keys.Len())
	for i := range l.uses {
		if l.is(int32(i), isLive) {
			holds[l.person[i]], holds[l.device[i]] = true, true
			anybody[l.device[i]] = anybody[l.device[i]] || l.person[i] == 0 && !l.is(int32(i), isVague)
		}
	}
	refused := slices.SortedFunc(slices.Values(l.evidence.Refused), func(a, b models.RefusedFacts) int {
		return cmp.Or(a.AttemptedAt.Compare(b.AttemptedAt), cmp.Compare(a.ID, b.ID))
	})
	place := map[models.Text]int{}
	var all []models.Waiting
	for i := range refused {
		a := &refused[i]
		who := cmp.Or(a.Person, a.Device)
		if who == 0 || holds[who] || anybody[a.Device] {
			continue
		}
		at, known := place[who]
		if !known {
			at, place[who] = len(all), len(all)
			all = append(all, models.Waiting{})
		}
		w := &all[at]
		w.VerifiedIdentity, w.ClaimedIdentity, w.IP, w.Nobody = a.VerifiedIdentity, a.ClaimedIdentity, a.IP, a.Person == 0
		w.Attempts, w.Last, w.SupportCode = w.Attempts+1, a.AttemptedAt, a.SupportCode
		w.SupportCodes = append(w.SupportCodes, a.SupportCode)
	}
	return all
}
