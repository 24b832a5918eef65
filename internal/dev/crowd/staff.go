package crowd

import (
	"cmp"
	"fmt"
	"time"

	"muster/models"
)

// staff is one of forty administrators and helpdesk people.
func staff(d dice) models.Actor {
	n := d.IntN(40)
	login := firstNames[n%len(firstNames)] + "." + lastNames[n%len(lastNames)]
	return models.Actor{
		Kind: models.ActorPerson, ID: "https://login.contoso.example " + login, Name: login,
		Origin: models.Origin{IP: fmt.Sprintf("10.20.3.%d", 10+n), RequestID: requestID(d)},
	}
}

func deviceOf(a *models.AuthToken) models.Actor {
	return models.Actor{Kind: models.ActorDevice, ID: a.ID, Name: cmp.Or(a.SystemUserName, a.FQDN), Origin: models.Origin{IP: a.IP}}
}

func (s *story) event(d dice, at time.Time, by models.Actor, action models.AuditAction, kind, id, detail string) models.AuditEvent {
	return models.AuditEvent{
		ID: newID(d, at), OccurredAt: at, ActorKind: by.Kind, ActorID: by.ID, ActorName: by.Name, Action: action,
		ObjectKind: kind, ObjectID: id, IP: by.Origin.IP, RequestID: by.Origin.RequestID, Detail: detail,
	}
}

func (s *story) tell(to *rows, e models.AuditEvent) {
	s.events++
	to.events = append(to.events, e)
}

// staffEvent is what somebody did about the time of a use.
func (s *story) staffEvent(i int) models.AuditEvent {
	d := s.dice.of(2*s.Size+s.events, forStaff)
	at, by := s.at(i), staff(d)
	switch kind := d.IntN(10); {
	case kind < 5:
		return s.event(d, at, by, models.AuditLogin, "person", by.ID, `{"role":"helpdesk"}`)
	case kind < 7:
		return s.event(d, at, by, models.AuditLogout, "person", by.ID, "{}")
	case kind < 9:
		return s.event(d, at, by, models.AuditPersonalDataLookedUp, models.ObjectList, "/admin/auth-tokens",
			fmt.Sprintf(`{"ip":"10.%d.%d.%d"}`, s.cities[d.IntN(len(s.cities))].network, d.IntN(256), d.IntN(256)))
	default:
		return s.edited(d, at, by)
	}
}

// edited is an edit of a registration token that was there.
func (s *story) edited(d dice, at time.Time, by models.Actor) models.AuditEvent {
	t := s.tokens[hot]
	for range 20 {
		if some := s.tokens[d.IntN(len(s.tokens))]; some.created.Before(at) {
			t = some
			break
		}
	}
	if t.created.After(at) {
		at = t.created.Add(time.Minute)
	}
	return s.event(d, at, by, models.AuditRegistrationTokenUpdated, models.ObjectRegistrationToken, t.id,
		fmt.Sprintf(`{"note":{"from":"","to":"See HD-%d."}}`, 10_000+d.IntN(80_000)))
}
