package desk

import (
	"context"

	"muster/models"
	"muster/seen"
	views "muster/views/desk"
	"muster/views/telling"
)

// attempt is the attempt with what is known by now: how its registration token
// stands, what the verdict is, what the user holds already, and what was asked for.
func (h *Investigate) attempt(ctx context.Context, v seen.Viewer, a *seen.RefusedAttempt) (*telling.Attempt, views.Requests, error) {
	shown, now := &telling.Attempt{RefusedAttempt: a}, h.Now().UTC()
	if a.RegistrationTokenID == nil {
		return shown, views.Requests{}, nil
	}
	fail := func(err error) (*telling.Attempt, views.Requests, error) { return nil, views.Requests{}, err }
	var err error
	if shown.Token, err = h.Read.RegistrationToken(ctx, v, *a.RegistrationTokenID); err != nil {
		return fail(err)
	}
	verdict, err := h.Read.Verdict(ctx, v, shown.Token, now)
	if err != nil {
		return fail(err)
	}
	shown.Verdict = &verdict
	if held, ok := verdict.Holding[a.SupportCode]; ok {
		shown.SameDevice = held.SameDevice
		if shown.Held, err = h.Read.AuthToken(ctx, v, held.AuthTokenID); err != nil {
			return fail(err)
		}
	}
	again, err := h.Tokens.WouldAdmitAgain(ctx, v.Actor, a.SupportCode)
	// An attempt that cannot be repeated as it was is explained by its own reason.
	if err != nil && models.ErrorKind(err) != models.KindInvalid {
		return fail(err)
	}
	shown.Rule = again.Refused
	found, err := requestsOf(ctx, h.Read, v, shown.Token.ID)
	if err != nil {
		return fail(err)
	}
	for i := range found {
		if telling.LetsIn(&found[i], *shown, now) {
			shown.Asked = &found[i]
			break
		}
	}
	return shown, shownRequests(found, shown.Token.ID, h.Tickets, now), nil
}
