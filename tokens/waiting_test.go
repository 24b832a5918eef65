package tokens_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"muster/models"
	"muster/tokens"
)

// slow is a store whose writer is busy: time passes before a change begins.
type slow struct {
	tokens.Store
	wait func()
}

func (s slow) Redeem(ctx context.Context, r *tokens.Consumption) error {
	s.wait()
	return s.Store.Redeem(ctx, r)
}

func (s slow) RotateRefreshToken(ctx context.Context, r *tokens.Rotation) (bool, error) {
	s.wait()
	return s.Store.RotateRefreshToken(ctx, r)
}

func (s slow) RepeatRotation(ctx context.Context, r models.Repetition) (bool, error) {
	s.wait()
	return s.Store.RepeatRotation(ctx, r)
}

func TestRedeem_NotAfterWaitingPastTheExpiry(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	expiry := start.Add(time.Minute)
	token, secret, err := r.CreateRegistrationToken(t.Context(), admin, models.RegistrationTokenSettings{Count: ptr(1), ExpiresAt: &expiry})
	if err != nil {
		t.Fatal(err)
	}
	r.clock.set(expiry.Add(-time.Second))
	_, err = r.service(slow{r.db, func() { r.clock.set(expiry) }}).Redeem(t.Context(), request(secret, "late"))
	refused(t, err, models.KindGone, models.CodeRegistrationTokenExpired)
	r.used(token.ID, 0)
}

// gone is a store that is lost while a count is taken.
type gone struct{ tokens.Store }

func (gone) Redeem(context.Context, *tokens.Consumption) error { return models.Unavailable(nil) }

func TestRedeem_PromisesNothingWhenTheOutcomeIsUncertain(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	_, secret := r.create(1)
	q := request(secret, "bob")
	for _, k := range []string{"", key} {
		q.IdempotencyKey = k
		_, err := r.service(gone{r.db}).Redeem(t.Context(), q)
		e := refused(t, err, models.KindUnavailable, models.CodeUnavailable)
		if !strings.Contains(e.NextStep, "not certain") || !strings.Contains(e.NextStep, "Idempotency-Key") || e.RetryAfter == 0 {
			t.Errorf("with key %q: %+v", k, e)
		}
	}
	if step := models.Unavailable(nil).NextStep; strings.Contains(step, "Nothing") {
		t.Errorf("anything else promises %q", step)
	}
}

func TestRefresh_NotAfterWaitingPastItsTime(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	issued := r.device()
	r.clock.advance(refreshIdle - time.Second)
	_, err := r.service(slow{r.db, func() { r.clock.advance(time.Second) }}).Refresh(t.Context(), issued.RefreshToken, origin)
	refused(t, err, models.KindUnauthenticated, models.CodeRefreshTokenInvalid)

	other := r.device()
	r.refresh(other.RefreshToken)
	r.clock.advance(29 * time.Second)
	_, err = r.service(slow{r.db, func() { r.clock.advance(time.Second) }}).Refresh(t.Context(), other.RefreshToken, origin)
	refused(t, err, models.KindUnauthenticated, models.CodeRefreshTokenReused)
}
