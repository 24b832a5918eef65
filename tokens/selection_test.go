package tokens_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/models"
	"muster/models/store"
	"muster/tokens"
)

// statements counts what reaches the database.
type statements struct {
	mu sync.Mutex
	n  int
}

func (s *statements) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n += bytes.Count(p, []byte("msg=sql"))
	return len(p), nil
}

// counted is the service over a store whose statements are counted.
func (r *rig) counted() (*tokens.Service, func() int) {
	r.t.Helper()
	var log statements
	db, err := store.Open(r.ctx(), r.url, store.WithLogger(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))))
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { _ = db.Close() })
	return r.service(db), func() int {
		n := log.n
		log.n = 0
		return n
	}
}

// createMany makes registration tokens of one count each, and redeems each
// once where asked.
func (r *rig) createMany(n int, redeemed bool) []string {
	r.t.Helper()
	issued, err := r.CreateRegistrationTokens(r.ctx(), admin, people(n), models.RegistrationTokenSettings{Count: ptr(2)})
	if err != nil {
		r.t.Fatal(err)
	}
	ids := make([]string, n)
	for i := range issued {
		ids[i] = issued[i].RegistrationToken.ID
		if redeemed {
			r.redeem(issued[i].Secret, "bob")
		}
	}
	return ids
}

// selections are the ways in which selected registration tokens are changed.
var selections = map[string]func(s *tokens.Service, ctx context.Context, ids []string) (models.SelectionResult, error){
	"disable": func(s *tokens.Service, ctx context.Context, ids []string) (models.SelectionResult, error) {
		return s.DisableRegistrationTokens(ctx, admin, ids)
	},
	"delete": func(s *tokens.Service, ctx context.Context, ids []string) (models.SelectionResult, error) {
		return s.DeleteRegistrationTokens(ctx, admin, ids, models.RegistrationTokenDeletion{AuthTokens: true})
	},
}

func TestSelection_IsAllOrNothing(t *testing.T) {
	t.Parallel()
	for name, change := range selections {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			ids := r.createMany(3, true)
			r.told()
			before := r.dump()
			_, err := change(r.Service, t.Context(), append(slices.Clone(ids), someID))
			refused(t, err, models.KindNotFound, models.CodeNotFound)
			if r.dump() != before || len(r.told()) > 0 {
				t.Error("something changed although one of them is not there")
			}
			gone, cancel := context.WithCancel(t.Context())
			cancel()
			if _, err := change(r.Service, gone, ids); err == nil {
				t.Error("done for who is gone")
			}
			if r.dump() != before {
				t.Error("something changed although the request was given up")
			}
		})
	}
}

func TestSelection_CostsNoMoreForMany(t *testing.T) {
	t.Parallel()
	for name, change := range selections {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			s, statements := r.counted()
			few, many := r.createMany(2, false), r.createMany(models.MaxPageSize, false)
			statements()
			for _, ids := range [][]string{few, many} {
				if result, err := change(s, t.Context(), ids); err != nil || result.Changed != len(ids) || result.Left != 0 {
					t.Fatalf("%d: %+v, %v", len(ids), result, err)
				}
				if n := statements(); n > 8 {
					t.Errorf("%d statements for %d registration tokens", n, len(ids))
				}
			}
			_, err := change(s, t.Context(), append(many, few...))
			invalid(t, err, "id")
		})
	}
}

func TestSelection_AuditsAndTellsThePagesOfEach(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct {
		action models.AuditAction
		detail string
	}{
		"disable": {models.AuditRegistrationTokenDisabled, `{"isEnabled":{"from":true,"to":false}}`},
		"delete":  {models.AuditRegistrationTokenDeleted, `{"authTokens":"delete"}`},
	} {
		r := newRig(t)
		ids := r.createMany(3, true)
		left := r.createMany(1, true)[0]
		if _, err := r.DeleteRegistrationToken(t.Context(), admin, left, models.RegistrationTokenDeletion{}); err != nil {
			t.Fatal(err)
		}
		r.told()
		result, err := selections[name](r.Service, t.Context(), append(slices.Clone(ids), left))
		if err != nil || result.Changed != 3 || result.Left != 1 || result.AuthTokens != map[string]int{"delete": 3}[name] {
			t.Errorf("%s: %+v, %v", name, result, err)
		}
		told := map[string]bool{}
		for _, c := range r.told() {
			if c.Kind == tokens.ChangeRegistrationToken {
				told[c.RegistrationTokenID] = true
			}
		}
		for _, id := range ids {
			found, err := r.db.AuditEvents(t.Context(), models.AuditFilter{ObjectID: id, Action: want.action}, models.PageRequest{})
			if err != nil || len(found.Items) != 1 || found.Items[0].Detail != want.detail || found.Items[0].ActorName != admin.Name ||
				found.Items[0].RequestID != "req-admin" || !told[id] {
				t.Errorf("%s: the trail of %s is %+v, %v; told %v", name, id, found.Items, err, told)
			}
		}
		if told[left] {
			t.Errorf("%s: told of one that was left", name)
		}
	}
}

func TestSelection_NeedsThePermission(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ids := r.createMany(1, false)
	for _, chosen := range [][]string{ids, nil} {
		_, err := r.DisableRegistrationTokens(t.Context(), helpdesk, chosen)
		refused(t, err, models.KindForbidden, models.CodeForbidden)
		_, err = r.DeleteRegistrationTokens(t.Context(), helpdesk, chosen, models.RegistrationTokenDeletion{})
		refused(t, err, models.KindForbidden, models.CodeForbidden)
	}
	if result, err := r.DisableRegistrationTokens(t.Context(), admin, nil); err != nil || result != (models.SelectionResult{}) {
		t.Errorf("nothing selected: %+v, %v", result, err)
	}
	_, err := r.DeleteRegistrationTokens(t.Context(), admin, ids, models.RegistrationTokenDeletion{Reason: strings.Repeat("x", 501)})
	invalid(t, err, "reason")
	_, err = r.DeleteRegistrationTokens(t.Context(), admin, ids, models.RegistrationTokenDeletion{Expected: ptr(-1)})
	invalid(t, err, "expected")
}

// The number that was confirmed is of those that would be deleted: what an
// earlier deletion kept is not among them.
func TestDeleteSelection_ComparesTheNumberThatWasShown(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ids := r.createMany(3, true)
	if _, err := r.DeleteRegistrationToken(t.Context(), admin, ids[0], models.RegistrationTokenDeletion{}); err != nil {
		t.Fatal(err)
	}
	d := models.RegistrationTokenDeletion{AuthTokens: true, Expected: ptr(3)}
	_, err := r.DeleteRegistrationTokens(t.Context(), admin, ids, d)
	refused(t, err, models.KindConflict, models.CodeUnexpectedNumber)
	d.Expected = ptr(2)
	result, err := r.DeleteRegistrationTokens(t.Context(), admin, ids, d)
	if err != nil || result != (models.SelectionResult{Changed: 2, Left: 1, AuthTokens: 2}) {
		t.Errorf("%+v, %v", result, err)
	}
}

// A redemption that comes between the question and the answer is seen.
func TestDeleteSelection_AgainstRedemptions(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for range 5 {
		token, secret := r.create(20)
		other, _ := r.create(1)
		var result models.SelectionResult
		errs := parallel(9, func(i int) error {
			if i > 0 {
				_, err := r.Redeem(r.ctx(), request(secret, "bob"))
				return err
			}
			for n := 0; ; n++ { // asks again until nothing came in between
				live, err := r.db.LiveAuthTokenCount(r.ctx(), token.ID, r.clock.now())
				if err != nil {
					return err
				}
				result, err = r.DeleteRegistrationTokens(r.ctx(), admin, []string{token.ID, other.ID}, models.RegistrationTokenDeletion{AuthTokens: true, Expected: &live})
				if models.ErrorCode(err) != models.CodeUnexpectedNumber {
					return err
				}
			}
		})
		in := 0
		for i, err := range errs[1:] {
			if err == nil {
				in++
			} else if models.ErrorCode(err) != models.CodeRegistrationTokenInvalid {
				t.Errorf("redemption %d: %v", i, err)
			}
		}
		live, err := r.db.LiveAuthTokenCount(r.ctx(), token.ID, r.clock.now())
		if err := errors.Join(err, errs[0]); err != nil || live != 0 || result.AuthTokens != in || result.Changed != 2 {
			t.Errorf("%d redeemed, %+v, %d live, %v", in, result, live, err)
		}
		r.used(token.ID, in)
	}
}

func TestDisableSelection_LeavesWhatCannotBeRedeemed(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	soon := start.Add(time.Minute)
	expired, _, err := r.CreateRegistrationToken(t.Context(), admin, models.RegistrationTokenSettings{Count: ptr(1), ExpiresAt: &soon})
	if err != nil {
		t.Fatal(err)
	}
	ids := r.createMany(4, false)
	off, deleted := ids[0], ids[1]
	if _, err := r.UpdateRegistrationToken(t.Context(), helper, off, models.RegistrationTokenSettings{Enabled: ptr(false)}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.DeleteRegistrationToken(t.Context(), admin, deleted, models.RegistrationTokenDeletion{}); err != nil {
		t.Fatal(err)
	}
	r.clock.set(soon)
	result, err := r.DisableRegistrationTokens(t.Context(), admin, append(ids, expired.ID, ids[3]))
	if err != nil || result.Changed != 2 || result.Left != 3 {
		t.Errorf("%+v, %v", result, err)
	}
	for _, id := range ids[2:] {
		if got := r.token(id); got.DisabledAt == nil || !got.DisabledAt.Equal(soon) || got.DisabledBy != admin.Name || got.UpdatedAt.Before(soon) {
			t.Errorf("disabled: %+v", got)
		}
	}
	if got := r.token(off); got.DisabledBy != helper.Name {
		t.Errorf("who disabled it first is forgotten: %+v", got)
	}
	if got := r.token(expired.ID); got.DisabledAt != nil {
		t.Errorf("the expired one: %+v", got)
	}
}

// helper is another administrator.
var helper = models.Actor{Kind: models.ActorPerson, ID: "https://idp.example.org bea", Name: "Bea Berg", Role: models.RoleAdmin, Permissions: models.RoleAdmin.Permissions()}
