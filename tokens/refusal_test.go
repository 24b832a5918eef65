package tokens_test

import (
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"muster/models"
	"muster/tokens"
)

// Each refusal has the facts that whoever words it needs, and none that the
// caller may not know.
func TestRedeem_RefusesWithFacts(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := t.Context()
	soon := start.Add(time.Hour)
	_, expired, err := r.CreateRegistrationToken(ctx, admin, models.RegistrationTokenSettings{Count: ptr(1), ExpiresAt: &soon})
	if err != nil {
		t.Fatal(err)
	}
	disabledToken, disabled := r.create(1)
	replacedToken, replaced := r.create(1)
	deletedToken, deleted := r.create(1)
	narrowToken, narrow := r.create(1)
	_, exhausted := r.create(2)
	_, spent := r.create(2)
	r.clock.advance(time.Minute)
	r.redeem(exhausted, "a")
	r.clock.advance(time.Minute)
	r.redeem(exhausted, "b")
	r.clock.advance(time.Minute)
	_, offErr := r.UpdateRegistrationToken(ctx, admin, disabledToken.ID, models.RegistrationTokenSettings{Enabled: ptr(false)})
	_, _, replaceErr := r.ReplaceRegistrationToken(ctx, admin, replacedToken.ID, models.RegistrationTokenSettings{})
	_, deleteErr := r.DeleteRegistrationToken(ctx, admin, deletedToken.ID, models.RegistrationTokenDeletion{})
	if err := errors.Join(offErr, replaceErr, deleteErr); err != nil {
		t.Fatal(err)
	}
	r.admits(narrowToken.ID, models.Admission{SignInRequired: true})
	used := request(spent, "bob")
	used.IdempotencyKey = key
	issued, err := r.Redeem(ctx, used)
	if err != nil {
		t.Fatal(err)
	}
	r.refresh(issued.RefreshToken)
	r.clock.set(soon)

	changed := start.Add(3 * time.Minute)
	bad := request(disabled, "")
	bad.Claimed = models.ClaimedIdentity{}
	told := map[models.Code]bool{}
	for name, c := range map[string]struct {
		request tokens.RedeemRequest
		want    models.Refusal
		code    models.Code
	}{
		"unknown":   {request(models.Secret(someMRT), "bob"), models.Refusal{Reason: models.CodeRegistrationTokenInvalid}, ""},
		"deleted":   {request(deleted, "bob"), models.Refusal{Reason: models.CodeRegistrationTokenInvalid}, ""},
		"malformed": {request("hunter2", "bob"), models.Refusal{Reason: models.CodeRegistrationTokenInvalid}, ""},
		"mistyped":  {request(disabled[:60], "bob"), models.Refusal{Reason: models.CodeRegistrationTokenMistyped}, models.CodeRegistrationTokenInvalid},
		"disabled":  {request(disabled, "bob"), models.Refusal{Reason: models.CodeRegistrationTokenDisabled, At: changed}, ""},
		"replaced":  {request(replaced, "bob"), models.Refusal{Reason: models.CodeRegistrationTokenReplaced, At: changed}, models.CodeRegistrationTokenDisabled},
		"expired":   {request(expired, "bob"), models.Refusal{Reason: models.CodeRegistrationTokenExpired, At: soon}, ""},
		"exhausted": {
			request(exhausted, "bob"),
			models.Refusal{Reason: models.CodeRegistrationTokenExhausted, Count: 2, LastRedeemedAt: ptr(start.Add(2 * time.Minute))}, "",
		},
		"rule":     {request(narrow, "bob"), models.Refusal{Reason: models.CodeIdentityNotAllowed, Rule: models.AdmissionSignIn}, ""},
		"spent":    {used, models.Refusal{Reason: models.CodeIdempotencyKeySpent}, ""},
		"bad body": {bad, models.Refusal{Reason: models.CodeInvalidRequest}, ""},
	} {
		_, err := r.Redeem(ctx, c.request)
		e, ok := errors.AsType[*models.Error](err)
		if !ok || e.Refusal == nil || !reflect.DeepEqual(*e.Refusal, c.want) {
			t.Errorf("%s: refused with %+v, %v", name, e.Refusal, err)
			continue
		}
		if c.code == "" {
			c.code = c.want.Reason
		}
		if e.Code != c.code || !slices.Contains(models.RefusalReasons, c.want.Reason) {
			t.Errorf("%s: the code is %s", name, e.Code)
		}
		told[c.want.Reason] = true
	}
	if len(told) != len(models.RefusalReasons) {
		t.Errorf("%d of %d reasons were given", len(told), len(models.RefusalReasons))
	}
	_, err = r.service(gone{r.db}).Redeem(ctx, request(spent, "bob"))
	if e := refused(t, err, models.KindUnavailable, models.CodeUnavailable); e.Refusal != nil {
		t.Errorf("no refusal, but %+v", e.Refusal)
	}
}

func TestWouldAdmitAgain_JudgesTheRecordedAttemptAsOfNow(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := t.Context()
	token, secret := r.create(3)
	r.admits(token.ID, models.Admission{OnlyExpected: true, Networks: []string{"203.0.113.0/24"}}, "bob")
	q := request(secret, "eve")
	_, err := r.Redeem(ctx, q)
	code := refused(t, err, models.KindForbidden, models.CodeIdentityNotAllowed).SupportCode
	q.Origin.IP = "198.51.100.1"
	q.Claimed.SystemUserName = "bob"
	_, err = r.Redeem(ctx, q)
	elsewhere := refused(t, err, models.KindForbidden, models.CodeIdentityNotAllowed).SupportCode
	before := r.dump()
	ask := func(code string) tokens.AdmissionAnswer {
		t.Helper()
		answer, err := r.WouldAdmitAgain(ctx, helpdesk, code)
		if err != nil {
			t.Error(err)
		}
		return answer
	}
	if a := ask(code); a.Admitted() || a.Refused != models.AdmissionExpected || !a.Unexpected {
		t.Errorf("eve: %+v", a)
	}
	if a := ask(elsewhere); a.Refused != models.AdmissionNetwork || a.Expected == nil || a.Expected.Pattern != "bob" {
		t.Errorf("bob from elsewhere: %+v", a)
	}
	if r.dump() != before {
		t.Error("asking changed something")
	}
	r.admits(token.ID, models.Admission{OnlyExpected: true}, "eve")
	for _, c := range []string{code, elsewhere} {
		if a := ask(c); !a.Admitted() {
			t.Errorf("once let in: %+v", a)
		}
	}
	for _, actor := range []models.Actor{ann, {}} {
		_, err := r.WouldAdmitAgain(ctx, actor, code)
		refused(t, err, models.KindForbidden, models.CodeForbidden)
	}
	_, err = r.WouldAdmitAgain(ctx, helpdesk, "XXXX-XXXX")
	refused(t, err, models.KindNotFound, models.CodeNotFound)
	_, err = r.Redeem(ctx, request(models.Secret(someMRT), "eve"))
	unknown := refused(t, err, models.KindUnauthenticated, models.CodeRegistrationTokenInvalid).SupportCode
	_, err = r.WouldAdmitAgain(ctx, helpdesk, unknown)
	refused(t, err, models.KindNotFound, models.CodeNotFound)
	q.Claimed = models.ClaimedIdentity{MACAddress: "m"}
	_, err = r.Redeem(ctx, q)
	bad := refused(t, err, models.KindInvalid, models.CodeInvalidRequest).SupportCode
	_, err = r.WouldAdmitAgain(ctx, helpdesk, bad)
	invalid(t, err, "systemUserName")
}

// What the caller found wrong comes first; a field is named once.
func TestRedeem_NamesAllFaultsAtOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	_, secret := r.create(1)
	q := tokens.RedeemRequest{
		Secret: secret, IdempotencyKey: "short", Origin: origin, Claimed: models.ClaimedIdentity{FQDN: "\x00"},
		Faults: []models.FieldError{{Field: "colour", Message: "There is no such field."}, {Field: "fqdn", Message: "fqdn must be a text."}},
	}
	_, err := r.Redeem(t.Context(), q)
	if e := invalid(t, err, "colour", "fqdn", "Idempotency-Key"); e.Fields[1].Message != "fqdn must be a text." || e.SupportCode == "" {
		t.Errorf("told %+v", e)
	}
	q.Secret = models.Secret(someMRT)
	_, err = r.Redeem(t.Context(), q)
	refused(t, err, models.KindUnauthenticated, models.CodeRegistrationTokenInvalid)
}
