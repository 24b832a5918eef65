package handlers

import (
	"context"

	"muster/models"
	"muster/tokens"
)

// attemptsAgain is the token service with a question that it does not answer
// itself yet.
type attemptsAgain struct {
	tokens.API
	store Store
}

// WouldAdmitAgain tells whether a refused attempt would be let in now. It reads
// the attempt as the database holds it, since whoever asks may see it masked.
// KindInvalid when it cannot be tried again as it was.
func (t attemptsAgain) WouldAdmitAgain(ctx context.Context, actor models.Actor, supportCode string) (tokens.AdmissionAnswer, error) {
	attempt, err := t.store.RefusedAttemptByCode(ctx, supportCode)
	if err != nil {
		return tokens.AdmissionAnswer{}, err
	}
	if attempt.RegistrationTokenID == nil {
		return tokens.AdmissionAnswer{}, models.NotFound("registration token")
	}
	return t.WouldAdmit(ctx, actor, *attempt.RegistrationTokenID, models.Presented{
		Claimed: attempt.ClaimedIdentity, Verified: attempt.VerifiedIdentity, IP: attempt.IP,
	})
}
