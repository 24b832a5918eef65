package crowd

import (
	"fmt"
	"time"

	"muster/models"
)

const idleAfter = 90 * day

// use is a redemption with its auth token, and what became of that.
func (s *story) use(to *rows, i int) {
	d := s.dice.of(i, forPick)
	place := s.pick(d, i)
	t, at := &s.tokens[place], s.at(i)
	end := s.fate(d, at)
	if d = s.dice.of(i, forUse); d.onceIn(25) { // a script that tries again and again
		d = s.dice.of(i-i%97, forUse)
	}
	who := s.somebody(d, t.customer, orderOf(place))
	d = s.dice.of(s.Size+i, forUse)
	t.number++
	redemption := models.Redemption{
		ID: newID(d, at), RegistrationTokenID: t.id, UseNumber: t.number, AuthTokenID: newID(d, at), RedeemedAt: at,
		ClaimedIdentity: who.ClaimedIdentity, VerifiedIdentity: who.verified, IP: who.ip, UserAgent: who.agent, Channel: who.channel,
		RequestID: requestID(d),
	}
	a := models.AuthToken{
		ID: redemption.AuthTokenID, RegistrationTokenID: t.id, RedemptionID: redemption.ID, CustomerID: t.customer,
		ClaimedIdentity: who.ClaimedIdentity, VerifiedIdentity: who.verified, IP: who.ip, UserAgent: who.agent, CreatedAt: at,
		FamilyDigest: d.bytes(32), RefreshDigest: d.bytes(32),
	}
	until := s.Now
	if end.deleted || end.ended {
		until = end.at
	}
	s.live(d, &a, until)
	if end.ended {
		a.EndedAt, a.EndReason = &end.at, "An older refresh token was used again."
		s.tell(to, s.event(d, end.at, deviceOf(&a), models.AuditAuthTokenEnded, models.ObjectAuthToken, a.ID,
			fmt.Sprintf(`{"reason":%q,"registrationTokenId":%q}`, a.EndReason, t.id)))
	}
	if end.deleted {
		s.remove(to, d, &a, end)
	}
	to.redemptions, to.authTokens = append(to.redemptions, redemption), append(to.authTokens, a)
}

// live lets an auth token be refreshed, or not, until a time.
func (s *story) live(d dice, a *models.AuthToken, until time.Time) {
	a.Generation, a.LastSeenAt, a.LastSeenIP = 1, a.CreatedAt, a.IP
	if kind := d.IntN(20); kind >= 4 { // the others are never refreshed
		last := until
		if kind < 7 { // silent after a while
			last = d.between(a.CreatedAt, until)
		}
		a.LastSeenAt = d.between(a.CreatedAt, last)
		if kind >= 7 {
			a.LastSeenAt = d.between(last.Add(-3*day), last)
		}
		if a.LastSeenAt.Before(a.CreatedAt) {
			a.LastSeenAt = a.CreatedAt
		}
		seen, first := a.LastSeenAt, a.CreatedAt.Add(a.LastSeenAt.Sub(a.CreatedAt)/2).Truncate(time.Microsecond)
		a.Generation = 2 + int(a.LastSeenAt.Sub(a.CreatedAt)/day)
		a.RotatedAt, a.FirstUsedAt = &seen, &first
		a.PreviousDigest, a.SealedSuccessor = d.bytes(32), d.bytes(96)
	}
	a.IdleExpiresAt = a.LastSeenAt.Add(idleAfter)
}

// remove deletes an auth token.
func (s *story) remove(to *rows, d dice, a *models.AuthToken, end fate) {
	by := staff(d)
	a.DeletedAt, a.DeletedBy, a.CountReclaimed = &end.at, by.Name, end.reclaimed
	a.DeleteReason = []string{"Left the company.", "Laptop lost.", "Retry loop.", "Replaced by a new machine."}[d.IntN(4)]
	s.tell(to, s.event(d, end.at, by, models.AuditAuthTokenDeleted, models.ObjectAuthToken, a.ID,
		fmt.Sprintf(`{"countReclaimed":%t,"reason":%q,"registrationTokenId":%q}`, end.reclaimed, a.DeleteReason, a.RegistrationTokenID)))
	if !end.reclaimed {
		return
	}
	to.reclaims = append(to.reclaims, models.Reclaim{
		ID: newID(d, end.at), RegistrationTokenID: a.RegistrationTokenID, RedemptionID: a.RedemptionID, AuthTokenID: a.ID,
		ReclaimedAt: end.at, ReclaimedBy: by.Name, Reason: a.DeleteReason,
	})
	s.tell(to, s.event(d, end.at, by, models.AuditCountReclaimed, models.ObjectRegistrationToken, a.RegistrationTokenID,
		fmt.Sprintf(`{"authTokenId":%q,"reason":%q}`, a.ID, a.DeleteReason)))
}

// refusal is somebody who was turned away; t is negative for a secret that nothing has.
func (s *story) refusal(i, t int) models.RefusedAttempt {
	d, at := s.dice.of(s.Size+i, forRefusal), s.at(i).Add(time.Second)
	attempt := models.RefusedAttempt{
		ID: newID(d, at), SupportCode: supportCode(i), Reason: models.CodeRegistrationTokenInvalid, AttemptedAt: at, RequestID: requestID(d),
	}
	customerID, label := models.DefaultCustomerID, ""
	if t >= 0 {
		of := &s.tokens[t]
		attempt.RegistrationTokenID, attempt.Reason = &of.id, of.reason
		customerID, label = of.customer, orderOf(t)
	}
	who := s.somebody(d, customerID, label)
	attempt.ClaimedIdentity, attempt.VerifiedIdentity = who.ClaimedIdentity, who.verified
	attempt.IP, attempt.UserAgent, attempt.Channel = who.ip, who.agent, who.channel
	return attempt
}

// supportCode has 40 bits, another one for each number.
func supportCode(i int) string {
	const letters, bits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ", 40
	n := uint64(i) * 0x9e3779b97f4a7c15 & (1<<bits - 1) //nolint:gosec // it is not negative; an odd factor keeps numbers apart
	code := make([]byte, 8)
	for k := range code {
		code[k] = letters[n&31]
		n >>= 5
	}
	return string(code[:4]) + "-" + string(code[4:])
}

func orderOf(t int) string { return fmt.Sprintf("PO-2026-%05d", t) }

func requestID(d dice) string { return fmt.Sprintf("%016x%016x", d.Uint64(), d.Uint64()) }
