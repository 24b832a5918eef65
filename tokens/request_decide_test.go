package tokens_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"muster/models"
	"muster/tokens"
)

func TestRequest_ApprovedDoesWhatWasAskedForOnce(t *testing.T) {
	t.Parallel()
	eachSituation(t, func(t *testing.T, s situation) {
		r := newRig(t)
		token, secret := r.create(4)
		asked := r.ask(token.ID, s.remedy(r, token, secret))
		if s.done(r, token.ID, number(asked)) {
			t.Fatal("asking does it already")
		}
		preview, err := r.PreviewRequest(t.Context(), helpdesk, asked.ID)
		if err != nil || !preview.Left || preview.Changed || preview.Count != nil && *preview.Count != number(asked) || (preview.Deletion != nil) != asked.Remedy.Deletes() {
			t.Fatalf("the preview is %+v, %v", preview, err)
		}
		refused(t, second(r.ApproveRequest(t.Context(), helpdesk, asked.ID, nil)), models.KindForbidden, models.CodeForbidden)
		r.told()
		approved, err := r.ApproveRequest(t.Context(), admin, asked.ID, nil)
		if err != nil {
			t.Fatal(err)
		}
		if !s.done(r, token.ID, number(asked)) {
			t.Error("what was asked for is not done")
		}
		got := r.request(asked.ID)
		if got.State != models.RequestApproved || got.DecidedBy != admin.Name || approved.Request.State != models.RequestApproved ||
			(got.DecidedCount == nil) != (asked.Remedy.Count == nil) {
			t.Errorf("the request is %+v", got)
		}
		if (approved.Secret != "") != (asked.Remedy.Kind == models.RemedyReplace) {
			t.Errorf("the secret is %q", approved.Secret)
		}
		told := r.told()
		if !slices.ContainsFunc(told, func(c tokens.Change) bool { return c.Kind == s.change && c.RegistrationTokenID == token.ID }) ||
			!slices.Contains(told, tokens.Change{RegistrationTokenID: token.ID, Kind: tokens.ChangeRequest}) {
			t.Errorf("the live pages were told of %+v", told)
		}
		before := r.dump()
		code := models.CodeRequestDecided
		e := refused(t, second(r.ApproveRequest(t.Context(), admin, asked.ID, nil)), models.KindConflict, code)
		if !strings.Contains(e.Message, admin.Name) || !strings.Contains(e.Message, "approved") {
			t.Errorf("the second one is told %q", e.Message)
		}
		refused(t, second(r.DeclineRequest(t.Context(), admin, asked.ID, "too late")), models.KindConflict, code)
		e = refused(t, second(r.WithdrawRequest(t.Context(), helpdesk, asked.ID)), models.KindConflict, code)
		if strings.Contains(e.Message, admin.Name) {
			t.Errorf("who sees names masked is told %q", e.Message)
		}
		if r.dump() != before {
			t.Error("deciding again changed something")
		}
	})
}

func TestRequest_StopsWhenNumbersChanged(t *testing.T) {
	t.Parallel()
	eachSituation(t, func(t *testing.T, s situation) {
		if s.move == nil {
			return
		}
		r := newRig(t)
		token, secret := r.create(4)
		asked := r.ask(token.ID, s.remedy(r, token, secret))
		s.move(r, token, secret)
		preview, err := r.PreviewRequest(t.Context(), admin, asked.ID)
		if err != nil || !preview.Changed || !preview.Left || *preview.Count != s.moved {
			t.Fatalf("the preview is %+v, %v", preview, err)
		}
		before := r.dump()
		r.told()
		refused(t, second(r.ApproveRequest(t.Context(), admin, asked.ID, nil)), models.KindConflict, models.CodeNumbersChanged)
		if asked.Remedy.Deletes() {
			refused(t, second(r.ApproveRequest(t.Context(), admin, asked.ID, ptr(s.moved+7))), models.KindConflict, models.CodeNumbersChanged)
		}
		if r.dump() != before || len(r.told()) > 0 {
			t.Error("something was changed")
		}
		approved, err := r.ApproveRequest(t.Context(), admin, asked.ID, ptr(s.moved))
		if err != nil || *approved.Request.DecidedCount != s.moved || *approved.Request.Remedy.Count != number(asked) {
			t.Fatalf("approved with the number of now: %+v, %v", approved, err)
		}
		if !s.done(r, token.ID, s.moved) {
			t.Error("what was approved is not done")
		}
	})
}

// What cannot be done leaves the request open, and everything as it was.
func TestRequest_FailsAsAWhole(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for name, c := range map[string]struct {
		remedy  models.RequestedRemedy
		changed *int
		spoil   func(id string)
		kind    models.Kind
		code    models.Code
	}{
		"an expired one is not extended": {
			models.RequestedRemedy{Kind: models.RemedyExtend, ExpiresAt: ptr(start.Add(60 * 24 * time.Hour))}, nil,
			func(id string) { r.clock.set(r.token(id).ExpiresAt) }, models.KindConflict, models.CodeRegistrationTokenExpired,
		},
		"no count is above the largest": {
			models.RequestedRemedy{Kind: models.RemedyRaise, Count: ptr(1)}, ptr(models.MaxCount), func(string) {}, models.KindInvalid, models.CodeInvalidRequest,
		},
		"no number is zero": {
			models.RequestedRemedy{Kind: models.RemedyReplace}, ptr(0), func(string) {}, models.KindInvalid, models.CodeInvalidRequest,
		},
		"an expiry has no number": {
			models.RequestedRemedy{Kind: models.RemedyExtend, ExpiresAt: ptr(start.Add(60 * 24 * time.Hour))}, ptr(1), func(string) {}, models.KindInvalid, models.CodeInvalidRequest,
		},
	} {
		r.clock.set(start)
		token, _ := r.create(4)
		asked := r.ask(token.ID, c.remedy)
		c.spoil(token.ID)
		r.clock.set(start.Add(min(r.clock.now().Sub(start), models.RequestLife-time.Hour)))
		if c.code == models.CodeRegistrationTokenExpired {
			r.expire(token.ID)
		}
		before := r.dump()
		r.told()
		err := second(r.ApproveRequest(t.Context(), admin, asked.ID, c.changed))
		if models.ErrorKind(err) != c.kind || models.ErrorCode(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
		if r.dump() != before || len(r.told()) > 0 || r.request(asked.ID).State != models.RequestOpen {
			t.Errorf("%s: something changed", name)
		}
	}
}

func TestRequest_LapsesWhenNothingIsLeft(t *testing.T) {
	t.Parallel()
	for _, previewed := range []bool{true, false} {
		r := newRig(t)
		token, secret := r.create(9)
		r.loop(secret, 3)
		remedy := r.remedyOf(token.ID, models.FindingRetryLoop)
		asked := r.ask(token.ID, remedy)
		filter := models.AuthTokenFilter{RegistrationTokenID: token.ID, Finding: remedy.Finding}
		if _, err := r.DeleteAuthTokens(t.Context(), admin, models.AuthTokenDeletion{Filter: filter, ReturnCount: true}); err != nil {
			t.Fatal(err)
		}
		if previewed {
			preview, err := r.PreviewRequest(t.Context(), helpdesk, asked.ID)
			if err != nil || preview.Left || preview.Request.State != models.RequestLapsed {
				t.Errorf("the preview is %+v, %v", preview, err)
			}
			r.Settle() // what it does in the background
		} else {
			refused(t, second(r.ApproveRequest(t.Context(), admin, asked.ID, nil)), models.KindConflict, models.CodeRequestLapsed)
		}
		if s := r.request(asked.ID).State; s != models.RequestLapsed {
			t.Errorf("the request is %s", s)
		}
		refused(t, second(r.DeclineRequest(t.Context(), admin, asked.ID, "no")), models.KindConflict, models.CodeRequestLapsed)
	}
}

// Whoever deleted them and kept the counts decided that: an older request does not undo
// it unseen.
func TestRequest_StopsWhenWhatItDeletesWasDeletedWithItsCount(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	token, secret := r.create(9)
	ids := []string{r.redeem(secret, "ann").AuthToken.ID, r.redeem(secret, "bob").AuthToken.ID}
	asked := r.ask(token.ID, models.RequestedRemedy{Kind: models.RemedyDelete, AuthTokens: ids, ReturnCount: true})
	if err := r.DeleteAuthToken(t.Context(), admin, ids[0], "lost", false); err != nil {
		t.Fatal(err)
	}
	refused(t, second(r.ApproveRequest(t.Context(), admin, asked.ID, nil)), models.KindConflict, models.CodeNumbersChanged)
	if used := r.token(token.ID).UsedCount; used != 2 {
		t.Errorf("%d counts are used", used)
	}
	if _, err := r.ApproveRequest(t.Context(), admin, asked.ID, ptr(2)); err != nil || r.token(token.ID).UsedCount != 0 {
		t.Errorf("with the number: %v", err)
	}
}

func TestRequest_DeclinedForAReasonWithdrawnByWhoAsked(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	token, _ := r.create(4)
	raise := models.RequestedRemedy{Kind: models.RemedyRaise, Count: ptr(1)}
	asked := r.ask(token.ID, raise)
	invalid(t, second(r.DeclineRequest(t.Context(), admin, asked.ID, "")), "reason")
	invalid(t, second(r.DeclineRequest(t.Context(), admin, asked.ID, strings.Repeat("r", 501))), "reason")
	refused(t, second(r.DeclineRequest(t.Context(), helpdesk, asked.ID, "no")), models.KindForbidden, models.CodeForbidden)
	declined, err := r.DeclineRequest(t.Context(), admin, asked.ID, "it leaked")
	if err != nil || declined.State != models.RequestDeclined || declined.Decision != "it leaked" || declined.DecidedBy != admin.Name {
		t.Errorf("declined: %+v, %v", declined, err)
	}
	asked = r.ask(token.ID, raise)
	refused(t, second(r.WithdrawRequest(t.Context(), admin, asked.ID)), models.KindForbidden, models.CodeForbidden)
	withdrawn, err := r.WithdrawRequest(t.Context(), helpdesk, asked.ID)
	if err != nil || withdrawn.State != models.RequestWithdrawn {
		t.Errorf("withdrawn: %+v, %v", withdrawn, err)
	}
	if n := r.token(token.ID).Count; n != 4 {
		t.Errorf("the count is %d", n)
	}
	for _, err := range []error{
		second(r.ApproveRequest(t.Context(), admin, "unknown", nil)), second(r.DeclineRequest(t.Context(), admin, "unknown", "no")),
		second(r.WithdrawRequest(t.Context(), helpdesk, "unknown")), second(r.PreviewRequest(t.Context(), helpdesk, "unknown")),
	} {
		refused(t, err, models.KindNotFound, models.CodeNotFound)
	}
}

// Deciding takes the permission of the act, too.
func TestRequest_DecidingTakesThePermissionOfTheAct(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	token, secret := r.create(4)
	raise := r.ask(token.ID, models.RequestedRemedy{Kind: models.RemedyRaise, Count: ptr(1)})
	remove := r.ask(token.ID, models.RequestedRemedy{Kind: models.RemedyDelete, AuthTokens: []string{r.redeem(secret, "bob").AuthToken.ID}})
	for lacking, id := range map[models.Permission]string{models.PermissionRegistrationTokenWrite: raise.ID, models.PermissionAuthTokenWrite: remove.ID} {
		actor := admin
		actor.Permissions = slices.DeleteFunc(models.RoleAdmin.Permissions(), func(p models.Permission) bool { return p == lacking })
		refused(t, second(r.ApproveRequest(t.Context(), actor, id, nil)), models.KindForbidden, models.CodeForbidden)
	}
}
