package tokens_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"muster/models"
	"muster/tokens"
)

func TestRedeem_IssuesAndRecords(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	token, secret := r.create(2)
	r.told()
	q := request(models.Secret(" "+strings.ToUpper(secret.Reveal())+"\n"), "bob")
	q.Claimed.MACAddress, q.Claimed.RefID1 = "00:11:22:33:44:55", "seat 7"
	q.Verified = models.VerifiedIdentity{Issuer: "https://idp", Subject: "s", Email: "bob@example.org"}
	got, err := r.Redeem(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	if got.ExpiresIn != accessTTL || got.Replayed || !r.active(got.AccessToken) || !r.active(got.RefreshToken) {
		t.Errorf("issued %+v", got)
	}
	row := r.authToken(got.AuthToken.ID)
	if row.ClaimedIdentity != q.Claimed || row.VerifiedIdentity != q.Verified || row.IP != origin.IP ||
		row.UserAgent != origin.UserAgent || row.RegistrationTokenID != token.ID || row.Generation != 1 {
		t.Errorf("stored %+v", row)
	}
	r.used(token.ID, 1)
	if c := r.told(); len(c) == 0 || c[0].Kind != tokens.ChangeRedeemed || c[0].AuthTokenID != row.ID {
		t.Errorf("told %v", c)
	}
}

func TestRedeem_ExpiresAtTheVerySecond(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	token, secret := r.create(3)
	r.clock.set(token.ExpiresAt.Add(-time.Second))
	r.redeem(secret, "a")
	r.clock.set(token.ExpiresAt.Add(-time.Microsecond))
	r.redeem(secret, "a")
	for _, d := range []time.Duration{0, time.Second} {
		r.clock.set(token.ExpiresAt.Add(d))
		_, err := r.Redeem(t.Context(), request(secret, "a"))
		if e := refused(t, err, models.KindGone, models.CodeRegistrationTokenExpired); !e.Refusal.At.Equal(token.ExpiresAt) {
			t.Errorf("facts %+v", e.Refusal)
		}
	}
	r.used(token.ID, 2)
}

func TestRedeem_NamesTheReasonToTheHolderOnly(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := t.Context()
	tell := func(secret models.Secret) (*models.Error, *models.RefusedAttempt) {
		t.Helper()
		_, err := r.Redeem(ctx, request(secret, "bob"))
		e, ok := errors.AsType[*models.Error](err)
		if !ok {
			t.Fatalf("error %v", err)
		}
		attempt, err := r.db.RefusedAttemptByCode(ctx, e.SupportCode)
		if err != nil {
			t.Fatalf("support code %q of %v: %v", e.SupportCode, e, err)
		}
		if attempt.SystemUserName != "bob" || attempt.IP != origin.IP || len(e.SupportCode) != 9 || e.SupportCode[4] != '-' {
			t.Errorf("recorded %+v", attempt)
		}
		return e, attempt
	}
	disabledToken, disabled := r.create(1)
	if _, err := r.UpdateRegistrationToken(ctx, admin, disabledToken.ID, models.RegistrationTokenSettings{Enabled: ptr(false)}); err != nil {
		t.Fatal(err)
	}
	replacedToken, replaced := r.create(1)
	if _, _, err := r.ReplaceRegistrationToken(ctx, admin, replacedToken.ID, models.RegistrationTokenSettings{}); err != nil {
		t.Fatal(err)
	}
	deletedToken, deleted := r.create(1)
	if _, err := r.DeleteRegistrationToken(ctx, admin, deletedToken.ID, models.RegistrationTokenDeletion{}); err != nil {
		t.Fatal(err)
	}
	exhaustedToken, exhausted := r.create(1)
	r.redeem(exhausted, "first")

	for name, c := range map[string]struct {
		secret models.Secret
		kind   models.Kind
		code   models.Code
		reason models.Code
		id     string
		told   models.Code // as the facts have it
	}{
		"disabled":   {disabled, models.KindForbidden, models.CodeRegistrationTokenDisabled, models.CodeRegistrationTokenDisabled, disabledToken.ID, models.CodeRegistrationTokenDisabled},
		"replaced":   {replaced, models.KindForbidden, models.CodeRegistrationTokenDisabled, models.CodeRegistrationTokenDisabled, replacedToken.ID, models.CodeRegistrationTokenReplaced},
		"exhausted":  {exhausted, models.KindConflict, models.CodeRegistrationTokenExhausted, models.CodeRegistrationTokenExhausted, exhaustedToken.ID, models.CodeRegistrationTokenExhausted},
		"deleted":    {deleted, models.KindUnauthenticated, models.CodeRegistrationTokenInvalid, models.CodeRegistrationTokenDeleted, deletedToken.ID, models.CodeRegistrationTokenInvalid},
		"unknown":    {models.Secret(someMRT), models.KindUnauthenticated, models.CodeRegistrationTokenInvalid, models.CodeRegistrationTokenInvalid, "", models.CodeRegistrationTokenInvalid},
		"malformed":  {"hunter2", models.KindUnauthenticated, models.CodeRegistrationTokenInvalid, models.CodeRegistrationTokenInvalid, "", models.CodeRegistrationTokenInvalid},
		"empty":      {"", models.KindUnauthenticated, models.CodeRegistrationTokenInvalid, models.CodeRegistrationTokenInvalid, "", models.CodeRegistrationTokenInvalid},
		"other kind": {models.Secret(someMAK), models.KindUnauthenticated, models.CodeRegistrationTokenInvalid, models.CodeRegistrationTokenInvalid, "", models.CodeRegistrationTokenInvalid},
		"mistyped":   {disabled[:60], models.KindUnauthenticated, models.CodeRegistrationTokenInvalid, models.CodeRegistrationTokenInvalid, "", models.CodeRegistrationTokenMistyped},
	} {
		e, attempt := tell(c.secret)
		if e.Kind != c.kind || e.Code != c.code || e.Refusal.Reason != c.told {
			t.Errorf("%s: told %+v", name, e)
		}
		id := ""
		if attempt.RegistrationTokenID != nil {
			id = *attempt.RegistrationTokenID
		}
		if attempt.Reason != c.reason || id != c.id {
			t.Errorf("%s: recorded %+v", name, attempt)
		}
		if tokens.IsGuess(e) != (name == "unknown") {
			t.Errorf("%s: guess %v", name, tokens.IsGuess(e))
		}
	}
}

func TestRedeem_CredentialThenBodyThenState(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	token, secret := r.create(1)
	malformed := models.InvalidField("body", "The body is not JSON.")
	bad := tokens.RedeemRequest{Secret: models.Secret(someMRT), Malformed: malformed, Origin: origin}
	_, err := r.Redeem(t.Context(), bad)
	refused(t, err, models.KindUnauthenticated, models.CodeRegistrationTokenInvalid)
	bad.Secret = secret
	_, err = r.Redeem(t.Context(), bad)
	if e := invalid(t, err, "body"); e.SupportCode == "" {
		t.Error("no support code")
	}
	r.redeem(secret, "a") // exhausted from here on
	_, err = r.Redeem(t.Context(), tokens.RedeemRequest{
		Secret: secret, IdempotencyKey: "short", Origin: origin,
		Claimed: models.ClaimedIdentity{Identifier: "\x00a\u202eb" + strings.Repeat("c", 400), RefID1: someMRF},
	})
	e := invalid(t, err, "identifier", "systemUserName", "refId1", "Idempotency-Key")
	attempt, err := r.db.RefusedAttemptByCode(t.Context(), e.SupportCode)
	if err != nil {
		t.Fatal(err)
	}
	if attempt.Reason != models.CodeInvalidRequest || *attempt.RegistrationTokenID != token.ID ||
		attempt.Identifier != "ab"+strings.Repeat("c", 253) || attempt.RefID1 != "[redacted]" {
		t.Errorf("recorded %+v", attempt)
	}
	r.used(token.ID, 1)
}

func TestRedeem_RefusalsPastTheCapAreCountedOnly(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	token, secret := r.create(1)
	r.redeem(secret, "a")
	for i := range 1001 {
		_, err := r.Redeem(t.Context(), request(secret, "b"))
		e := refused(t, err, models.KindConflict, models.CodeRegistrationTokenExhausted)
		if (e.SupportCode == "") != (i >= 1000) {
			t.Fatalf("attempt %d: support code %q", i+1, e.SupportCode)
		}
	}
	if n := r.token(token.ID).RefusedCount; n != 1001 {
		t.Errorf("refused count %d", n)
	}
	r.clock.advance(time.Minute)
	_, err := r.Redeem(t.Context(), request(secret, "b"))
	if e := refused(t, err, models.KindConflict, models.CodeRegistrationTokenExhausted); e.SupportCode == "" {
		t.Error("no support code in the next minute")
	}
}

func TestRedeem_UnknownSecretsAreStoredSparingly(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	stored := func(secret models.Secret, ip string) bool {
		q := request(secret, "b")
		q.Origin.IP = ip
		_, err := r.Redeem(t.Context(), q)
		return refused(t, err, models.KindUnauthenticated, models.CodeRegistrationTokenInvalid).SupportCode != ""
	}
	for i := range 12 {
		secret := models.Secret(someMRT)
		if i%2 == 1 {
			secret = "mistyped"
		}
		if got := stored(secret, "192.0.2.77"); got != (i < 10) {
			t.Errorf("attempt %d from one address stored: %v", i+1, got)
		}
	}
	n := 0
	for i := range 60 {
		if stored(models.Secret(someMRT), fmt.Sprintf("192.0.2.%d", i)) {
			n++
		}
	}
	if n != 50 {
		t.Errorf("%d more were stored, want 50", n)
	}
	_, secret := r.create(1)
	r.redeem(secret, "a")
	_, err := r.Redeem(t.Context(), request(secret, "b"))
	if refused(t, err, models.KindConflict, models.CodeRegistrationTokenExhausted).SupportCode == "" {
		t.Error("guesses take the room of a right secret")
	}
}

func TestRedeem_AfterAReclaimTheCountIsThereAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	token, secret := r.create(1)
	first := r.redeem(secret, "a")
	if err := r.DeleteAuthToken(t.Context(), admin, first.AuthToken.ID, "lost", true); err != nil {
		t.Fatal(err)
	}
	r.used(token.ID, 0)
	r.redeem(secret, "b")
	r.used(token.ID, 1)
}

const key = "0123456789abcdef"

func TestIdempotency_TheSameAnswerAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	token, secret := r.create(1)
	q := request(secret, "bob")
	q.IdempotencyKey = key
	first, err := r.Redeem(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	// Also exhausted, in another spelling, and after the access token lapsed.
	for _, c := range []struct {
		at   time.Duration
		want time.Duration
	}{{0, accessTTL}, {time.Minute, accessTTL - time.Minute}, {time.Hour, 0}, {24 * time.Hour, 0}} {
		r.clock.set(start.Add(c.at))
		q.Secret = models.Secret(strings.ToUpper(secret.Reveal()))
		again, err := r.Redeem(t.Context(), q)
		if err != nil {
			t.Fatalf("after %s: %v", c.at, err)
		}
		if !again.Replayed || again.AccessToken != first.AccessToken || again.RefreshToken != first.RefreshToken ||
			again.AuthToken.ID != first.AuthToken.ID || again.ExpiresIn != c.want {
			t.Errorf("after %s: %+v", c.at, again)
		}
	}
	r.used(token.ID, 1)
	other := q
	other.Claimed.FQDN = "another"
	_, err = r.Redeem(t.Context(), other)
	invalid(t, err, "Idempotency-Key")
	// Past 24 h the key is free, and the token exhausted.
	r.clock.set(start.Add(24*time.Hour + time.Second))
	_, err = r.Redeem(t.Context(), q)
	refused(t, err, models.KindConflict, models.CodeRegistrationTokenExhausted)
}

func TestIdempotency_IsScopedToTheToken(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	_, a := r.create(1)
	_, b := r.create(1)
	qa, qb := request(a, "bob"), request(b, "bob")
	qa.IdempotencyKey, qb.IdempotencyKey = key, key
	x, errA := r.Redeem(t.Context(), qa)
	y, errB := r.Redeem(t.Context(), qb)
	if err := errors.Join(errA, errB); err != nil || x.AuthToken.ID == y.AuthToken.ID || y.Replayed {
		t.Errorf("%v", err)
	}
}

func TestIdempotency_KeyLengthAndCharacters(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	_, secret := r.create(9)
	for k, ok := range map[string]bool{
		strings.Repeat("k", 15): false, strings.Repeat("k", 16): true, strings.Repeat("k", 255): true,
		strings.Repeat("k", 256): false, "0123456789abcde\x7f": false, "0123456789abcde\n": false, "0123456789abcdeü": false,
	} {
		q := request(secret, "bob")
		q.IdempotencyKey = k
		if _, err := r.Redeem(t.Context(), q); (err == nil) != ok {
			t.Errorf("%q: %v", k, err)
		} else if !ok {
			invalid(t, err, "Idempotency-Key")
		}
	}
}

func TestIdempotency_SpentOnceUsedEndedOrDisabled(t *testing.T) {
	t.Parallel()
	for name, spend := range map[string]func(*rig, *models.RegistrationToken, *tokens.IssuedAuthToken){
		"refreshed":   func(r *rig, _ *models.RegistrationToken, i *tokens.IssuedAuthToken) { r.refresh(i.RefreshToken) },
		"access used": func(r *rig, _ *models.RegistrationToken, i *tokens.IssuedAuthToken) { r.active(i.AccessToken) },
		"deleted": func(r *rig, _ *models.RegistrationToken, i *tokens.IssuedAuthToken) {
			_ = r.DeleteAuthToken(r.ctx(), admin, i.AuthToken.ID, "", false)
		},
		"token disabled": func(r *rig, t *models.RegistrationToken, _ *tokens.IssuedAuthToken) {
			_, _ = r.UpdateRegistrationToken(r.ctx(), admin, t.ID, models.RegistrationTokenSettings{Enabled: ptr(false)})
		},
		"token replaced": func(r *rig, t *models.RegistrationToken, _ *tokens.IssuedAuthToken) {
			_, _, _ = r.ReplaceRegistrationToken(r.ctx(), admin, t.ID, models.RegistrationTokenSettings{})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			token, secret := r.create(2)
			q := request(secret, "bob")
			q.IdempotencyKey = key
			issued, err := r.Redeem(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			spend(r, token, issued)
			_, err = r.Redeem(t.Context(), q)
			if e := refused(t, err, models.KindConflict, models.CodeIdempotencyKeySpent); e.SupportCode == "" {
				t.Error("no support code")
			}
			r.used(token.ID, 1)
			if name != "token disabled" {
				return
			}
			// Disabled once is enough: enabling again does not bring it back.
			if _, err := r.UpdateRegistrationToken(t.Context(), admin, token.ID, models.RegistrationTokenSettings{Enabled: ptr(true)}); err != nil {
				t.Fatal(err)
			}
			_, err = r.Redeem(t.Context(), q)
			refused(t, err, models.KindConflict, models.CodeIdempotencyKeySpent)
		})
	}
}

func TestIdempotency_FortyAtOnceTakeOneCount(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	token, secret := r.create(50)
	q := request(secret, "bob")
	q.IdempotencyKey = key
	const n = 40
	issued := make([]*tokens.IssuedAuthToken, n)
	for i, err := range parallel(n, func(i int) (err error) { issued[i], err = r.Redeem(t.Context(), q); return err }) {
		if err != nil {
			t.Fatal(err)
		}
		if issued[i].RefreshToken != issued[0].RefreshToken || issued[i].AccessToken != issued[0].AccessToken {
			t.Error("two different answers")
		}
	}
	r.used(token.ID, 1)
}

// TestRedeem_ParallelNeverBeyondTheCount: the named race of the product.
func TestRedeem_ParallelNeverBeyondTheCount(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	rounds := 200
	if testing.Short() {
		rounds = 5
	}
	for range rounds {
		token, secret := r.create(50)
		succeeded := 0
		for _, err := range parallel(64, func(int) error { _, err := r.Redeem(t.Context(), request(secret, "bob")); return err }) {
			if err == nil {
				succeeded++
				continue
			}
			refused(t, err, models.KindConflict, models.CodeRegistrationTokenExhausted)
		}
		if succeeded != 50 {
			t.Fatalf("%d redeemed, want 50", succeeded)
		}
		r.used(token.ID, 50)
	}
}
