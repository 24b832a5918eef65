package verdict

import "muster/models"

// holding finds out who was refused although their device, or they on another one,
// already hold a live auth token; by support code. Of several it is the newest.
func holding(l *ledger) map[string]models.Holding {
	devices, people := make([]string, l.evidence.Keys.Len()), make([]string, l.evidence.Keys.Len())
	for _, i := range l.order {
		u := &l.uses[i]
		if !l.is(i, isLive) {
			continue
		}
		if u.Device != 0 && !u.Vague {
			devices[u.Device] = u.AuthTokenID
		}
		if u.Person != 0 {
			people[u.Person] = u.AuthTokenID
		}
	}
	held := map[string]models.Holding{}
	for i := range l.evidence.Refused {
		a := &l.evidence.Refused[i]
		if id := devices[a.Device]; id != "" && !a.Vague {
			held[a.SupportCode] = models.Holding{AuthTokenID: id, SameDevice: true}
		} else if id := people[a.Person]; id != "" {
			held[a.SupportCode] = models.Holding{AuthTokenID: id}
		}
	}
	return held
}
