package store_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"muster/models"
	"muster/models/store"
	"muster/models/store/storetest"
)

// requestRig is a store with ids that count up.
type requestRig struct {
	tb testing.TB
	*store.Store
	n *atomic.Int64
}

func onRequests(t *testing.T, test func(t *testing.T, f requestRig)) {
	t.Helper()
	storetest.OnEach(t, func(t *testing.T, url string) {
		// Below the number of parallel callers, so that they queue too.
		s := storetest.Open(t, url, store.WithMaxConns(6))
		test(t, requestRig{t, s, new(atomic.Int64)})
		if findings, err := s.Check(t.Context()); err != nil || len(findings) > 0 {
			t.Errorf("check found %v, %v", findings, err)
		}
	})
}

func (f requestRig) id() string { return fmt.Sprintf("%026d", f.n.Add(1)) }

func (f requestRig) event(action models.AuditAction, kind, id string) models.AuditEvent {
	return models.AuditEvent{ID: f.id(), OccurredAt: day, ActorKind: models.ActorPerson, ActorName: "Ada Admin", Action: action, ObjectKind: kind, ObjectID: id}
}

func (f requestRig) create(count int, edit ...func(*models.RegistrationToken)) *models.RegistrationToken {
	f.tb.Helper()
	t := newToken(f.id(), count)
	t.ExpiresAt = day.Add(24 * time.Hour)
	for _, e := range edit {
		e(t)
	}
	if err := f.CreateRegistrationToken(f.tb.Context(), t, f.event(models.AuditRegistrationTokenCreated, models.ObjectRegistrationToken, t.ID)); err != nil {
		f.tb.Fatal(err)
	}
	return t
}

func (f requestRig) read(id string) *models.RegistrationToken {
	f.tb.Helper()
	t, err := f.RegistrationToken(f.tb.Context(), id)
	if err != nil {
		f.tb.Fatal(err)
	}
	return t
}

// newest is the id of the newest event; empty when there is none.
func (f requestRig) newest(filter models.AuditFilter) string {
	f.tb.Helper()
	page, err := f.AuditEvents(f.tb.Context(), filter, models.PageRequest{Size: 1})
	if err != nil {
		f.tb.Fatal(err)
	}
	if len(page.Items) == 0 {
		return ""
	}
	return page.Items[0].ID
}

func (f requestRig) wantKind(err error, kind models.Kind, code models.Code) {
	f.tb.Helper()
	if err == nil || models.ErrorKind(err) != kind || models.ErrorCode(err) != code {
		f.tb.Errorf("the error is %v; want kind %q and code %q", err, kind, code)
	}
}

func changedTo(count int) models.RegistrationTokenChange {
	return models.RegistrationTokenChange{Identifier: "changed", Count: count, ExpiresAt: day.Add(48 * time.Hour), Enabled: true}
}

// ask stores a request for a registration token.
func (f requestRig) ask(registrationTokenID string, remedy models.RequestedRemedy, edit ...func(*models.Request)) *models.Request {
	f.tb.Helper()
	r := f.request(registrationTokenID, remedy, edit...)
	if err := f.file(r); err != nil {
		f.tb.Fatalf("ask: %v", err)
	}
	return r
}

func (f requestRig) request(registrationTokenID string, remedy models.RequestedRemedy, edit ...func(*models.Request)) *models.Request {
	r := &models.Request{
		ID: f.id(), RegistrationTokenID: registrationTokenID, Remedy: remedy, Reason: "the new branch", Ticket: "INC-1",
		State: models.RequestOpen, CreatedBy: "Hedy Help", CreatedByID: "https://idp.example helpdesk", CreatedAt: day,
	}
	for _, e := range edit {
		e(r)
	}
	return r
}

func (f requestRig) file(r *models.Request) error {
	return f.CreateRequest(f.tb.Context(), r, f.event(models.AuditRequestCreated, models.ObjectRequest, r.ID),
		f.event(models.AuditRequestLapsed, models.ObjectRequest, ""))
}

// end decides a request, as of a time.
func (f requestRig) end(id string, state models.RequestState, now time.Time, act func(context.Context) error) (*models.Request, error) {
	d := models.RequestDecision{ID: id, State: state, By: "Ada Admin", At: now, Reason: "decided"}
	return f.EndRequest(f.tb.Context(), d, f.event(models.AuditRequestApproved, models.ObjectRequest, id), act)
}

func (f requestRig) stateOf(id string, now time.Time) models.RequestState {
	f.tb.Helper()
	r, err := f.Request(f.tb.Context(), id, now)
	if err != nil {
		f.tb.Fatalf("read a request: %v", err)
	}
	return r.State
}

func raise(by int) models.RequestedRemedy {
	return models.RequestedRemedy{Kind: models.RemedyRaise, Count: &by}
}
