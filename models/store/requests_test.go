package store_test

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"muster/models"
)

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
			for _, of := range []models.RequestFilter{{State: models.RequestLapsed}, {Decided: true}} {
				of.RegistrationTokenID = c.token.ID
				lapsed, err := f.Requests(t.Context(), of, models.PageRequest{}, day)
				if s := f.stateOf(r.ID, day); s != models.RequestLapsed || err != nil || len(lapsed.Items) != 1 || lapsed.Items[0].State != models.RequestLapsed {
					t.Errorf("%s: it is %s, listed %+v, %v", name, s, lapsed.Items, err)
				}
			}
			_, err := f.end(r.ID, models.RequestApproved, day, func(context.Context) error { t.Errorf("%s: it was done", name); return nil })
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
