package crowd

import (
	"fmt"
	"time"

	"muster/models"
)

// customerRows are the customers beside the default one.
func (s *story) customerRows() []models.Customer {
	all := make([]models.Customer, len(customers))
	for i, c := range customers {
		all[i] = models.Customer{ID: c.id, Identifier: c.label, Name: c.name, CreatedAt: s.start.Add(-10 * day)}
	}
	return all
}

// registrationTokens are all of them, as they are in the end, with the events of
// their creation.
func (s *story) registrationTokens() ([]models.RegistrationToken, []models.AuditEvent) {
	all := make([]models.RegistrationToken, len(s.tokens))
	var made rows
	for i := range all {
		d := s.dice.of(3*len(s.tokens)+i, forToken)
		by := staff(d)
		all[i] = s.registrationToken(d, i, by)
		s.tell(&made, s.event(d, all[i].CreatedAt, by, models.AuditRegistrationTokenCreated, models.ObjectRegistrationToken, all[i].ID,
			fmt.Sprintf(`{"count":%d,"expirationDate":%q,"identifier":%q,"isEnabled":true}`, all[i].Count, all[i].ExpiresAt.Format(time.RFC3339), all[i].Identifier)))
	}
	return all, made.events
}

func (s *story) registrationToken(d dice, i int, by models.Actor) models.RegistrationToken {
	t := &s.tokens[i]
	used := t.redemptions - t.reclaims
	row := models.RegistrationToken{
		ID: t.id, CustomerID: t.customer, Identifier: t.label, RefID1: orderOf(i), SecretDigest: d.bytes(32), Hint: "mrt_" + t.id[:10],
		Count: min(models.MaxCount, max(10, used+used/4+d.IntN(50))), UsedCount: used, RedemptionCount: t.redemptions, RefusedCount: t.refused,
		ExpiresAt: s.expiry(i), CreatedBy: by.Name, CreatedAt: t.created, UpdatedAt: t.created,
	}
	if d.onceIn(3) {
		row.Note = fmt.Sprintf("Ask %s before raising it.", by.Name)
	}
	if t.redemptions > 0 {
		row.LastRedeemedAt = &t.last
	}
	spent := t.spent.Truncate(time.Second)
	if spent.After(s.Now) {
		return row
	}
	switch t.reason {
	case models.CodeRegistrationTokenExhausted:
		row.Count = used
	case models.CodeRegistrationTokenDisabled:
		row.DisabledAt, row.DisabledBy, row.UpdatedAt = &spent, by.Name, spent
	case models.CodeRegistrationTokenInvalid:
		row.DeletedAt, row.DeletedBy, row.UpdatedAt = &spent, by.Name, spent
	default: // it has expired
	}
	return row
}
