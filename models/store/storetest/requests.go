package storetest

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"muster/models"
)

// ask stores a request for a registration token.
func (f fixture) ask(registrationTokenID string, remedy models.RequestedRemedy, edit ...func(*models.Request)) *models.Request {
	f.tb.Helper()
	r := f.request(registrationTokenID, remedy, edit...)
	if err := f.file(r); err != nil {
		f.tb.Fatalf("ask: %v", err)
	}
	return r
}

func (f fixture) request(registrationTokenID string, remedy models.RequestedRemedy, edit ...func(*models.Request)) *models.Request {
	r := &models.Request{
		ID: f.id(), RegistrationTokenID: registrationTokenID, Remedy: remedy, Reason: "the new branch", Ticket: "INC-1",
		State: models.RequestOpen, CreatedBy: "Hedy Help", CreatedByID: "https://idp.example helpdesk", CreatedAt: Epoch,
	}
	for _, e := range edit {
		e(r)
	}
	return r
}

func (f fixture) file(r *models.Request) error {
	return f.CreateRequest(f.tb.Context(), r, f.event(models.AuditRequestCreated, models.ObjectRequest, r.ID),
		f.event(models.AuditRequestLapsed, models.ObjectRequest, ""))
}

// end decides a request, as of a time.
func (f fixture) end(id string, state models.RequestState, now time.Time, act func(context.Context) error) (*models.Request, error) {
	d := models.RequestDecision{ID: id, State: state, By: "Ada Admin", At: now, Reason: "decided"}
	return f.EndRequest(f.tb.Context(), d, f.event(models.AuditRequestApproved, models.ObjectRequest, id), act)
}

func (f fixture) stateOf(id string, now time.Time) models.RequestState {
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

func requestsAreFiled(t *testing.T, f fixture) {
	token, other := f.create(5), f.create(5)
	proposed, expires := 3, Epoch.Add(72*time.Hour)
	first := f.ask(token.ID, raise(4), func(r *models.Request) { r.CountBefore, r.ProposedBefore = 5, &proposed })
	second := f.ask(token.ID, models.RequestedRemedy{Kind: models.RemedyExtend, ExpiresAt: &expires}, func(r *models.Request) { r.CreatedByID = "somebody else" })
	third := f.ask(other.ID, models.RequestedRemedy{Kind: models.RemedyDelete, AuthTokens: []string{"b", "a"}, ReturnCount: true, Count: &proposed})

	got, err := f.Request(t.Context(), first.ID, Epoch)
	if err != nil || got.State != models.RequestOpen || *got.Remedy.Count != 4 || got.CountBefore != 5 || *got.ProposedBefore != 3 ||
		got.Reason != first.Reason || got.Ticket != first.Ticket || got.CreatedBy != first.CreatedBy || !got.CreatedAt.Equal(Epoch) || got.DecidedAt != nil {
		t.Errorf("the request is %+v, %v", got, err)
	}
	if got, err = f.Request(t.Context(), third.ID, Epoch); err != nil || !slices.Equal(got.Remedy.AuthTokens, []string{"b", "a"}) || !got.Remedy.ReturnCount || got.Remedy.ExpiresAt != nil {
		t.Errorf("the remedy is %+v, %v", got.Remedy, err)
	}
	if got, err = f.Request(t.Context(), second.ID, Epoch); err != nil || !got.Remedy.ExpiresAt.Equal(expires) || got.Remedy.Count != nil {
		t.Errorf("the remedy is %+v, %v", got.Remedy, err)
	}
	_, err = f.Request(t.Context(), "unknown", Epoch)
	f.wantKind(err, models.KindNotFound, models.CodeNotFound)

	if _, err := f.end(second.ID, models.RequestDeclined, Epoch.Add(time.Minute), nil); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		filter models.RequestFilter
		want   []string
	}{
		"all":       {models.RequestFilter{}, []string{third.ID, second.ID, first.ID}},
		"of one":    {models.RequestFilter{RegistrationTokenID: token.ID}, []string{second.ID, first.ID}},
		"open":      {models.RequestFilter{State: models.RequestOpen}, []string{third.ID, first.ID}},
		"declined":  {models.RequestFilter{State: models.RequestDeclined}, []string{second.ID}},
		"by whom":   {models.RequestFilter{CreatedByID: "somebody else"}, []string{second.ID}},
		"no lapsed": {models.RequestFilter{State: models.RequestLapsed}, nil},
	} {
		var ids []string
		page := models.PageRequest{Size: 1}
		for {
			found, err := f.Requests(t.Context(), c.filter, page, Epoch)
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
	if n, err := f.OpenRequests(t.Context(), Epoch); n != 2 || err != nil {
		t.Errorf("%d are open, %v", n, err)
	}
}

func requestsOnceAtATime(t *testing.T, f fixture) {
	token := f.create(5)
	var filed, refused atomic.Int64
	together(8, func(i int) {
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
	later := func(r *models.Request) { r.CreatedAt = Epoch.Add(models.RequestLife) }
	old := f.newest(models.AuditFilter{Action: models.AuditRequestCreated})
	f.ask(token.ID, raise(9), later)
	if f.newest(models.AuditFilter{Action: models.AuditRequestLapsed}) == old {
		t.Error("nothing says that requests have lapsed")
	}
	if n, err := f.OpenRequests(t.Context(), Epoch.Add(models.RequestLife)); n != 1 || err != nil {
		t.Errorf("%d are open, %v", n, err)
	}
}

func requestsLapse(t *testing.T, f fixture) {
	expires := Epoch.Add(48 * time.Hour)
	disabled := func(r *models.RegistrationToken) { at := Epoch; r.DisabledAt, r.DisabledBy = &at, "Ada" }
	enable, extend := models.RequestedRemedy{Kind: models.RemedyEnable}, models.RequestedRemedy{Kind: models.RemedyExtend, ExpiresAt: &expires}
	for name, c := range map[string]struct {
		token  *models.RegistrationToken
		remedy models.RequestedRemedy
		change func(id string) error
	}{
		"deleted": {f.create(5), raise(1), func(id string) error {
			_, err := f.DeleteRegistrationToken(t.Context(), id, models.RegistrationTokenDeletion{}, Epoch, "Ada", f.event("x", "y", id))
			return err
		}},
		"replaced": {f.create(5), raise(1), func(id string) error {
			return f.ReplaceRegistrationToken(t.Context(), id, 0, f.token(5), Epoch, "Ada", f.event("x", "y", id))
		}},
		"enabled": {f.create(5, disabled), enable, func(id string) error {
			_, err := f.UpdateRegistrationToken(t.Context(), id, Epoch, change(5), Epoch, f.event("x", "y", id))
			return err
		}},
		"extended": {f.create(5), extend, func(id string) error {
			_, err := f.UpdateRegistrationToken(t.Context(), id, Epoch, change(5), Epoch, f.event("x", "y", id))
			return err
		}},
	} {
		r := f.ask(c.token.ID, c.remedy)
		if s := f.stateOf(r.ID, Epoch.Add(models.RequestLife-time.Microsecond)); s != models.RequestOpen {
			t.Errorf("%s: at first it is %s", name, s)
		}
		if s := f.stateOf(r.ID, Epoch.Add(models.RequestLife)); s != models.RequestLapsed {
			t.Errorf("%s: after its life it is %s", name, s)
		}
		if err := c.change(c.token.ID); err != nil {
			t.Fatal(err)
		}
		lapsed, err := f.Requests(t.Context(), models.RequestFilter{State: models.RequestLapsed, RegistrationTokenID: c.token.ID}, models.PageRequest{}, Epoch)
		if s := f.stateOf(r.ID, Epoch); s != models.RequestLapsed || err != nil || len(lapsed.Items) != 1 || lapsed.Items[0].State != models.RequestLapsed {
			t.Errorf("%s: it is %s, listed %+v, %v", name, s, lapsed.Items, err)
		}
		_, err = f.end(r.ID, models.RequestApproved, Epoch, func(context.Context) error { t.Errorf("%s: it was done", name); return nil })
		f.wantKind(err, models.KindConflict, models.CodeRequestDecided)
		if got, err := f.end(r.ID, models.RequestLapsed, Epoch, nil); err != nil || got.DecidedAt == nil {
			t.Errorf("%s: storing that it lapsed: %+v, %v", name, got, err)
		}
	}
	if n, err := f.OpenRequests(t.Context(), Epoch); n != 0 || err != nil {
		t.Errorf("%d are open, %v", n, err)
	}
}

// requestsActInOne ends a request with what it asks for: both happen, or neither.
func requestsActInOne(t *testing.T, f fixture) {
	token := f.create(5)
	r := f.ask(token.ID, raise(2))
	failed := errors.New("power failure")
	act := func(then error) func(context.Context) error {
		return func(ctx context.Context) error {
			read, err := f.RegistrationToken(ctx, token.ID)
			if err != nil {
				return err
			}
			to := change(read.Count + 2)
			if _, err := f.UpdateRegistrationToken(ctx, token.ID, read.UpdatedAt, to, Epoch, f.event("x", "y", token.ID)); err != nil {
				return err
			}
			// What fails on the way takes nothing else with it.
			_, err = f.UpdateRegistrationToken(ctx, token.ID, Epoch.Add(-time.Hour), to, Epoch, f.event("x", "y", token.ID))
			f.wantKind(err, models.KindConflict, models.CodeConflict)
			if read, err = f.RegistrationToken(ctx, token.ID); err != nil || read.Count != to.Count {
				t.Errorf("in the middle the count is %d, %v", read.Count, err)
			}
			return then
		}
	}
	before := f.newest(models.AuditFilter{})
	if _, err := f.end(r.ID, models.RequestApproved, Epoch, act(failed)); err == nil {
		t.Error("the failure is lost")
	}
	if f.stateOf(r.ID, Epoch) != models.RequestOpen || f.read(token.ID).Count != 5 || f.newest(models.AuditFilter{}) != before {
		t.Error("something is left of what failed")
	}
	got, err := f.end(r.ID, models.RequestApproved, Epoch, act(nil))
	if err != nil || got.State != models.RequestApproved || got.DecidedBy != "Ada Admin" || got.Decision != "decided" || !got.DecidedAt.Equal(Epoch) {
		t.Errorf("the decided request is %+v, %v", got, err)
	}
	if n := f.read(token.ID).Count; n != 7 {
		t.Errorf("the count is %d", n)
	}
	_, err = f.end(r.ID, models.RequestDeclined, Epoch, nil)
	f.wantKind(err, models.KindConflict, models.CodeRequestDecided)
	_, err = f.end("unknown", models.RequestDeclined, Epoch, nil)
	f.wantKind(err, models.KindNotFound, models.CodeNotFound)
}

func requestsManyDeciders(t *testing.T, f fixture) {
	for range 5 {
		token := f.create(5)
		r := f.ask(token.ID, raise(2))
		var won, done atomic.Int64
		together(8, func(i int) {
			state := models.RequestApproved
			if i%3 == 2 {
				state = models.RequestDeclined
			}
			_, err := f.end(r.ID, state, Epoch, func(ctx context.Context) error {
				read, err := f.RegistrationToken(ctx, token.ID)
				if err != nil || state == models.RequestDeclined {
					return err
				}
				_, err = f.UpdateRegistrationToken(ctx, token.ID, read.UpdatedAt, change(read.Count+2), Epoch, f.event("x", "y", token.ID))
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
}

func notes(t *testing.T, f fixture) {
	token := f.create(1)
	for i, n := range []models.Note{
		{ObjectKind: models.ObjectRegistrationToken, ObjectID: token.ID, Text: "called back"},
		{ObjectKind: models.ObjectRegistrationToken, ObjectID: token.ID, Ticket: "INC-2"},
		{ObjectKind: models.ObjectRefusedAttempt, ObjectID: token.ID, Text: "of something else"},
	} {
		n.ID, n.CreatedBy, n.CreatedAt = f.id(), "Hedy Help", Epoch.Add(time.Duration(i)*time.Minute)
		if err := f.CreateNote(t.Context(), &n, f.event(models.AuditNoteAdded, n.ObjectKind, n.ObjectID)); err != nil {
			t.Fatal(err)
		}
	}
	got, err := f.Notes(t.Context(), models.ObjectRegistrationToken, token.ID, 100)
	if err != nil || len(got) != 2 || got[0].Ticket != "INC-2" || got[1].Text != "called back" || got[1].CreatedBy != "Hedy Help" || !got[1].CreatedAt.Equal(Epoch) {
		t.Errorf("the notes are %+v, %v", got, err)
	}
	if got, err = f.Notes(t.Context(), models.ObjectRegistrationToken, token.ID, 1); err != nil || len(got) != 1 || got[0].Ticket != "INC-2" {
		t.Errorf("the newest note is %+v, %v", got, err)
	}
}
