package desk

import (
	"context"
	"time"

	"muster/models"
	"muster/seen"
	views "muster/views/desk"
	"muster/views/telling"
)

// attemptOnPage adds the attempt, with what was asked for to let it in and what still can
// be.
func (h *Investigate) attemptOnPage(ctx context.Context, v seen.Viewer, a *seen.RefusedAttempt, p *views.InvestigatePage, now time.Time) (err error) {
	if p.Attempt, err = h.attempt(ctx, v, a, now); err != nil || p.Attempt.Token == nil {
		return err
	}
	id := p.Attempt.Token.ID
	found, err := requestsOf(ctx, h.Read, v, id)
	if err != nil {
		return err
	}
	for i := range found {
		if telling.LetsIn(&found[i], *p.Attempt, now) {
			p.Attempt.Asked = &found[i]
			break
		}
	}
	asks := asker{token: p.Attempt.Token, requests: found, now: now, may: mayOnlyAsk(v)}
	p.Ask, p.Requests = asks.ask(telling.WouldHelp(*p.Attempt, now), "", nil), shownRequests(found, id, h.Tickets, now)
	return nil
}

// attempt is the attempt with what is known by now: how its registration token
// stands, what the verdict is, and what the user holds already.
func (h *Investigate) attempt(ctx context.Context, v seen.Viewer, a *seen.RefusedAttempt, now time.Time) (*telling.Attempt, error) {
	shown := &telling.Attempt{RefusedAttempt: a}
	if a.RegistrationTokenID == nil {
		return shown, nil
	}
	var err error
	if shown.Token, err = h.Read.RegistrationToken(ctx, v, *a.RegistrationTokenID); err != nil {
		return nil, err
	}
	verdict, err := h.Read.Verdict(ctx, v, shown.Token, now)
	if err != nil {
		return nil, err
	}
	shown.Verdict = &verdict
	if held, ok := verdict.Holding[a.SupportCode]; ok {
		shown.SameDevice = held.SameDevice
		if shown.Held, err = h.Read.AuthToken(ctx, v, held.AuthTokenID); err != nil {
			return nil, err
		}
	}
	again, err := h.Tokens.WouldAdmitAgain(ctx, v.Actor, a.SupportCode)
	// An attempt that cannot be repeated as it was is explained by its own reason.
	if err != nil && models.ErrorKind(err) != models.KindInvalid {
		return nil, err
	}
	shown.Rule = again.Refused
	return shown, nil
}
