package verdict

import (
	"cmp"
	"slices"

	"muster/models"
)

// rolloutDevices is from how many devices on a name that most uses share is taken
// for an account that somebody installs machines with.
const rolloutDevices = 10

// severalPerPerson finds people who hold live auth tokens on more devices than
// usual. There is nothing to delete: each machine has one.
func severalPerPerson(l *ledger) *finding {
	f := &finding{remedyKind: models.RemedyAsk, about: aboutUser}
	f.Kind = models.FindingSeveralPerPerson
	devices := make([]int, len(l.byPerson.all))
	counted := make([]int32, l.evidence.Texts())
	var usual []int
	for n, of := range l.byPerson.all {
		for _, i := range of {
			if device := l.uses[i].Device; l.is(i, isLive) && counted[device] != int32(n+1) {
				counted[device] = int32(n + 1)
				devices[n]++
			}
		}
		if devices[n] > 0 {
			usual = append(usual, devices[n])
		}
	}
	if len(usual) == 0 {
		return nil
	}
	slices.Sort(usual)
	least := max(l.rules.PersonDevices, 2*usual[len(usual)/2]+1)
	for n, of := range l.byPerson.all {
		if devices[n] < least || devices[n] >= rolloutDevices && 2*len(of) > len(l.uses) {
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

// waiting is everybody who was refused because the count was used up and holds no
// live auth token, whoever came first foremost. Who is nobody is known by the device.
func waiting(l *ledger) []models.Waiting {
	holds := make([]bool, l.evidence.Texts())
	for i := range l.uses {
		if l.is(int32(i), isLive) {
			holds[l.uses[i].Person], holds[l.uses[i].Device] = true, true
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
		if who == 0 || holds[who] {
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
	}
	return all
}
