package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
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

// atOnce runs fn n times at once.
func atOnce(n int, fn func(i int)) {
	var all sync.WaitGroup
	gate := make(chan struct{})
	for i := range n {
		all.Go(func() { <-gate; fn(i) })
	}
	close(gate)
	all.Wait()
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

func TestRequests_AreFiledAndListed(t *testing.T) {
	t.Parallel()
	onRequests(t, func(t *testing.T, f requestRig) {
		token, other := f.create(5), f.create(5)
		proposed, expires := 3, day.Add(72*time.Hour)
		first := f.ask(token.ID, raise(4), func(r *models.Request) { r.CountBefore, r.ProposedBefore = 5, &proposed })
		second := f.ask(token.ID, models.RequestedRemedy{Kind: models.RemedyExtend, ExpiresAt: &expires}, func(r *models.Request) { r.CreatedByID = "somebody else" })
		third := f.ask(other.ID, models.RequestedRemedy{Kind: models.RemedyDelete, AuthTokens: []string{"b", "a"}, ReturnCount: true, Count: &proposed})

		got, err := f.Request(t.Context(), first.ID, day)
		if err != nil || got.State != models.RequestOpen || *got.Remedy.Count != 4 || got.CountBefore != 5 || *got.ProposedBefore != 3 ||
			got.Reason != first.Reason || got.Ticket != first.Ticket || got.CreatedBy != first.CreatedBy || !got.CreatedAt.Equal(day) || got.DecidedAt != nil {
			t.Errorf("the request is %+v, %v", got, err)
		}
		if got, err = f.Request(t.Context(), third.ID, day); err != nil || !slices.Equal(got.Remedy.AuthTokens, []string{"b", "a"}) || !got.Remedy.ReturnCount || got.Remedy.ExpiresAt != nil {
			t.Errorf("the remedy is %+v, %v", got.Remedy, err)
		}
		if got, err = f.Request(t.Context(), second.ID, day); err != nil || !got.Remedy.ExpiresAt.Equal(expires) || got.Remedy.Count != nil {
			t.Errorf("the remedy is %+v, %v", got.Remedy, err)
		}
		_, err = f.Request(t.Context(), "unknown", day)
		f.wantKind(err, models.KindNotFound, models.CodeNotFound)

		if _, err := f.end(second.ID, models.RequestDeclined, day.Add(time.Minute), nil); err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]struct {
			filter models.RequestFilter
			want   []string
		}{
			"all":       {models.RequestFilter{}, []string{third.ID, second.ID, first.ID}},
			"of one":    {models.RequestFilter{RegistrationTokenID: token.ID}, []string{second.ID, first.ID}},
			"open":      {models.RequestFilter{State: models.RequestOpen}, []string{third.ID, first.ID}},
			"decided":   {models.RequestFilter{Decided: true}, []string{second.ID}},
			"declined":  {models.RequestFilter{State: models.RequestDeclined}, []string{second.ID}},
			"by whom":   {models.RequestFilter{CreatedByID: "somebody else"}, []string{second.ID}},
			"no lapsed": {models.RequestFilter{State: models.RequestLapsed}, nil},
		} {
			var ids []string
			page := models.PageRequest{Size: 1}
			for {
				found, err := f.Requests(t.Context(), c.filter, page, day)
				if err != nil {
					t.Fatal(err)
				}
				for i := range found.Items {
					ids = append(ids, found.Items[i].ID)
				}
				if page.Token = found.NextToken; page.Token == "" {
					break
				}
			}
			if !slices.Equal(ids, c.want) {
				t.Errorf("%s: %q, want %q", name, ids, c.want)
			}
		}
		if n, err := f.OpenRequests(t.Context(), day); n != 2 || err != nil {
			t.Errorf("%d are open, %v", n, err)
		}
	})
}

func TestRequests_TheSameIsAskedForOnceAtATime(t *testing.T) {
	t.Parallel()
	onRequests(t, func(t *testing.T, f requestRig) {
		token := f.create(5)
		var filed, refused atomic.Int64
		atOnce(8, func(i int) {
			r := f.request(token.ID, raise(i+1))
			switch err := f.file(r); {
			case err == nil:
				filed.Add(1)
			case models.ErrorCode(err) == models.CodeRequestExists:
				refused.Add(1)
			default:
				t.Errorf("ask: %v", err)
			}
		})
		if filed.Load() != 1 || refused.Load() != 7 {
			t.Errorf("%d were filed, %d refused", filed.Load(), refused.Load())
		}
		f.ask(f.create(5).ID, raise(1))
		f.ask(token.ID, models.RequestedRemedy{Kind: models.RemedyReplace})
		f.ask(token.ID, models.RequestedRemedy{Kind: models.RemedyDelete, AuthTokens: []string{"a", "b"}})
		f.ask(token.ID, models.RequestedRemedy{Kind: models.RemedyDelete, AuthTokens: []string{"a"}})
		same := f.request(token.ID, models.RequestedRemedy{Kind: models.RemedyDelete, AuthTokens: []string{"b", "a"}})
		f.wantKind(f.file(same), models.KindConflict, models.CodeRequestExists)

		// What has lapsed is in nobody's way, and is stored as such.
		later := func(r *models.Request) { r.CreatedAt = day.Add(models.RequestLife) }
		old := f.newest(models.AuditFilter{Action: models.AuditRequestCreated})
		f.ask(token.ID, raise(9), later)
		if f.newest(models.AuditFilter{Action: models.AuditRequestLapsed}) == old {
			t.Error("nothing says that requests have lapsed")
		}
		if n, err := f.OpenRequests(t.Context(), day.Add(models.RequestLife)); n != 1 || err != nil {
			t.Errorf("%d are open, %v", n, err)
		}
	})
}

func TestRequests_LapseByThemselves(t *testing.T) {
	t.Parallel()
	onRequests(t, func(t *testing.T, f requestRig) {
		expires := day.Add(48 * time.Hour)
		disabled := func(r *models.RegistrationToken) { at := day; r.DisabledAt, r.DisabledBy = &at, "Ada" }
		enable, extend := models.RequestedRemedy{Kind: models.RemedyEnable}, models.RequestedRemedy{Kind: models.RemedyExtend, ExpiresAt: &expires}
		for name, c := range map[string]struct {
			token  *models.RegistrationToken
			remedy models.RequestedRemedy
			change func(id string) error
		}{
			"deleted": {f.create(5), raise(1), func(id string) error {
				_, err := f.DeleteRegistrationToken(t.Context(), id, models.RegistrationTokenDeletion{}, day, "Ada", f.event("x", "y", id))
				return err
			}},
			"replaced": {f.create(5), raise(1), func(id string) error {
				return f.ReplaceRegistrationToken(t.Context(), id, 0, newToken(f.id(), 5), day, "Ada", f.event("x", "y", id))
			}},
			"enabled": {f.create(5, disabled), enable, func(id string) error {
				_, err := f.UpdateRegistrationToken(t.Context(), id, day, changedTo(5), day, f.event("x", "y", id))
				return err
			}},
			"extended": {f.create(5), extend, func(id string) error {
				_, err := f.UpdateRegistrationToken(t.Context(), id, day, changedTo(5), day, f.event("x", "y", id))
				return err
			}},
		} {
			r := f.ask(c.token.ID, c.remedy)
			if s := f.stateOf(r.ID, day.Add(models.RequestLife-time.Microsecond)); s != models.RequestOpen {
				t.Errorf("%s: at first it is %s", name, s)
			}
			if s := f.stateOf(r.ID, day.Add(models.RequestLife)); s != models.RequestLapsed {
				t.Errorf("%s: after its life it is %s", name, s)
			}
			if err := c.change(c.token.ID); err != nil {
				t.Fatal(err)
			}
			if decided, err := f.Requests(t.Context(), models.RequestFilter{Decided: true, RegistrationTokenID: c.token.ID}, models.PageRequest{}, day); err != nil || len(decided.Items) != 1 {
				t.Errorf("%s: decided are %+v, %v", name, decided.Items, err)
			}
			lapsed, err := f.Requests(t.Context(), models.RequestFilter{State: models.RequestLapsed, RegistrationTokenID: c.token.ID}, models.PageRequest{}, day)
			if s := f.stateOf(r.ID, day); s != models.RequestLapsed || err != nil || len(lapsed.Items) != 1 || lapsed.Items[0].State != models.RequestLapsed {
				t.Errorf("%s: it is %s, listed %+v, %v", name, s, lapsed.Items, err)
			}
			_, err = f.end(r.ID, models.RequestApproved, day, func(context.Context) error { t.Errorf("%s: it was done", name); return nil })
			f.wantKind(err, models.KindConflict, models.CodeRequestDecided)
			if got, err := f.end(r.ID, models.RequestLapsed, day, nil); err != nil || got.DecidedAt == nil {
				t.Errorf("%s: storing that it lapsed: %+v, %v", name, got, err)
			}
		}
		if n, err := f.OpenRequests(t.Context(), day); n != 0 || err != nil {
			t.Errorf("%d are open, %v", n, err)
		}
	})
}

func TestRequests_EndWithWhatTheyAskForOrNotAtAll(t *testing.T) {
	t.Parallel()
	onRequests(t, func(t *testing.T, f requestRig) {
		token := f.create(5)
		r := f.ask(token.ID, raise(2))
		failed := errors.New("power failure")
		act := func(then error) func(context.Context) error {
			return func(ctx context.Context) error {
				read, err := f.RegistrationToken(ctx, token.ID)
				if err != nil {
					return err
				}
				to := changedTo(read.Count + 2)
				if _, err := f.UpdateRegistrationToken(ctx, token.ID, read.UpdatedAt, to, day, f.event("x", "y", token.ID)); err != nil {
					return err
				}
				// What fails on the way takes nothing else with it.
				_, err = f.UpdateRegistrationToken(ctx, token.ID, day.Add(-time.Hour), to, day, f.event("x", "y", token.ID))
				f.wantKind(err, models.KindConflict, models.CodeConflict)
				if read, err = f.RegistrationToken(ctx, token.ID); err != nil || read.Count != to.Count {
					t.Errorf("in the middle the count is %d, %v", read.Count, err)
				}
				return then
			}
		}
		before := f.newest(models.AuditFilter{})
		if _, err := f.end(r.ID, models.RequestApproved, day, act(failed)); err == nil {
			t.Error("the failure is lost")
		}
		if f.stateOf(r.ID, day) != models.RequestOpen || f.read(token.ID).Count != 5 || f.newest(models.AuditFilter{}) != before {
			t.Error("something is left of what failed")
		}
		got, err := f.end(r.ID, models.RequestApproved, day, act(nil))
		if err != nil || got.State != models.RequestApproved || got.DecidedBy != "Ada Admin" || got.Decision != "decided" || !got.DecidedAt.Equal(day) {
			t.Errorf("the decided request is %+v, %v", got, err)
		}
		if n := f.read(token.ID).Count; n != 7 {
			t.Errorf("the count is %d", n)
		}
		_, err = f.end(r.ID, models.RequestDeclined, day, nil)
		f.wantKind(err, models.KindConflict, models.CodeRequestDecided)
		_, err = f.end("unknown", models.RequestDeclined, day, nil)
		f.wantKind(err, models.KindNotFound, models.CodeNotFound)
	})
}

func TestRequests_OfManyDecidersOneWins(t *testing.T) {
	t.Parallel()
	onRequests(t, func(t *testing.T, f requestRig) {
		for range 5 {
			token := f.create(5)
			r := f.ask(token.ID, raise(2))
			var won, done atomic.Int64
			atOnce(8, func(i int) {
				state := models.RequestApproved
				if i%3 == 2 {
					state = models.RequestDeclined
				}
				_, err := f.end(r.ID, state, day, func(ctx context.Context) error {
					read, err := f.RegistrationToken(ctx, token.ID)
					if err != nil || state == models.RequestDeclined {
						return err
					}
					_, err = f.UpdateRegistrationToken(ctx, token.ID, read.UpdatedAt, changedTo(read.Count+2), day, f.event("x", "y", token.ID))
					if err == nil {
						done.Add(1)
					}
					return err
				})
				switch {
				case err == nil:
					won.Add(1)
				case models.ErrorCode(err) != models.CodeRequestDecided:
					t.Errorf("decide: %v", err)
				}
			})
			want := 5 + 2*int(done.Load())
			if n := f.read(token.ID).Count; won.Load() != 1 || n != want || n > 7 {
				t.Errorf("%d of 8 decided, and the count is %d", won.Load(), n)
			}
		}
	})
}

func TestNotes_NewestFirst(t *testing.T) {
	t.Parallel()
	onRequests(t, func(t *testing.T, f requestRig) {
		token := f.create(1)
		for i, n := range []models.Note{
			{ObjectKind: models.ObjectRegistrationToken, ObjectID: token.ID, Text: "called back"},
			{ObjectKind: models.ObjectRegistrationToken, ObjectID: token.ID, Ticket: "INC-2"},
			{ObjectKind: models.ObjectRefusedAttempt, ObjectID: token.ID, Text: "of something else"},
		} {
			n.ID, n.CreatedBy, n.CreatedAt = f.id(), "Hedy Help", day.Add(time.Duration(i)*time.Minute)
			if err := f.CreateNote(t.Context(), &n, f.event(models.AuditNoteAdded, n.ObjectKind, n.ObjectID)); err != nil {
				t.Fatal(err)
			}
		}
		got, err := f.Notes(t.Context(), models.ObjectRegistrationToken, token.ID, 100)
		if err != nil || len(got) != 2 || got[0].Ticket != "INC-2" || got[1].Text != "called back" || got[1].CreatedBy != "Hedy Help" || !got[1].CreatedAt.Equal(day) {
			t.Errorf("the notes are %+v, %v", got, err)
		}
		if got, err = f.Notes(t.Context(), models.ObjectRegistrationToken, token.ID, 1); err != nil || len(got) != 1 || got[0].Ticket != "INC-2" {
			t.Errorf("the newest note is %+v, %v", got, err)
		}
	})
}
