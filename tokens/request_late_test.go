package tokens_test

import (
	"context"
	"testing"

	"muster/models"
	"muster/tokens"
)

// late is a store in which something happens right before a request is ended.
type late struct {
	tokens.Store
	happens func()
}

func (l *late) EndRequest(ctx context.Context, d models.RequestDecision, event models.AuditEvent, act func(context.Context) error) (*models.Request, error) {
	if happens := l.happens; happens != nil {
		l.happens = nil
		happens()
	}
	return l.Store.EndRequest(ctx, d, event, act)
}

// Numbers that change between the look at them and the act stop it, too.
func TestRequest_StopsWhenNumbersChangeAtThatVeryMoment(t *testing.T) {
	t.Parallel()
	for name, s := range situations {
		if s.move == nil || name == "raise as proposed" { // who waits is looked at once
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			token, secret := r.create(4)
			asked := r.ask(token.ID, s.remedy(r, token, secret))
			before := ""
			store := &late{Store: r.db, happens: func() {
				s.move(r, token, secret)
				before = r.dump()
				r.told()
			}}
			service := r.service(store)
			refused(t, second(service.ApproveRequest(t.Context(), admin, asked.ID, nil)), models.KindConflict, models.CodeNumbersChanged)
			if r.dump() != before || len(r.told()) > 0 {
				t.Error("something was changed")
			}
			if asked.Remedy.Deletes() {
				return
			}
			// A number that is given is the one that counts.
			asked = r.request(asked.ID)
			store.happens = func() { s.move(r, token, secret) }
			approved, err := service.ApproveRequest(t.Context(), admin, asked.ID, ptr(2))
			if err != nil || *approved.Request.DecidedCount != 2 {
				t.Errorf("with a number: %+v, %v", approved, err)
			}
		})
	}
}
