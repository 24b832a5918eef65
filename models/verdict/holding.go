package verdict

import "muster/models"

// holding finds out who was refused although their device, or they on another one,
// already hold a live auth token; by support code. Of several it is the newest.
func (l *ledger) holding(refused []models.RefusedFacts) map[string]models.Holding {
	devices, people := map[models.Text]string{}, map[models.Text]string{}
	for _, u := range l.uses {
		if !u.live {
			continue
		}
		if !u.Vague {
			devices[u.Device] = u.AuthTokenID
		}
		people[u.Person] = u.AuthTokenID
	}
	held := map[string]models.Holding{}
	for i := range refused {
		a := &refused[i]
		if id := devices[a.Device]; id != "" && a.Device != 0 && !a.Vague {
			held[a.SupportCode] = models.Holding{AuthTokenID: id, SameDevice: true}
		} else if id := people[a.Person]; id != "" && a.Person != 0 {
			held[a.SupportCode] = models.Holding{AuthTokenID: id}
		}
	}
	return held
}
