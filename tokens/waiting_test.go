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

func (s slow) Redeem(ctx context.Context, id string, rows func() models.Consumption) (*models.Consumption, error) {
	s.wait()
	return s.Store.Redeem(ctx, id, rows)
}

func (s slow) RotateRefreshToken(ctx context.Context, id string, rotation func() models.Rotation) (bool, error) {
	s.wait()
	return s.Store.RotateRefreshToken(ctx, id, rotation)
}

func (s slow) RepeatRotation(ctx context.Context, id string, repetition func() models.Repetition) (bool, error) {
	s.wait()
	return s.Store.RepeatRotation(ctx, id, repetition)
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

// What is stored has the time at which the count was taken, not that at which
// it was asked for.
func TestRedeem_HasTheTimeUnderTheLock(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	token, secret := r.create(2)
	s := r.service(slow{r.db, func() { r.clock.advance(4 * time.Second) }})
	q := request(secret, "bob")
	q.IdempotencyKey = key
	issued, err := s.Redeem(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	taken := start.Add(4 * time.Second)
	row := r.authToken(issued.AuthToken.ID)
	ledger, err := r.db.Redemption(t.Context(), row.RedemptionID)
	if err != nil {
		t.Fatal(err)
	}
	trail, err := r.db.AuditEvents(t.Context(), models.AuditFilter{Action: models.AuditRedeemed}, models.PageRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for name, at := range map[string]time.Time{
		"redeemed": ledger.RedeemedAt, "created": row.CreatedAt, "seen": row.LastSeenAt, "idle from": row.IdleExpiresAt.Add(-refreshIdle),
		"audited": trail.Items[0].OccurredAt, "last redeemed": *r.token(token.ID).LastRedeemedAt, "answered": issued.AuthToken.CreatedAt,
	} {
		if !at.Equal(taken) {
			t.Errorf("%s at %s, want %s", name, at, taken)
		}
	}
	if issued.AuthToken.FQDN != device || issued.AuthToken.Customer.Identifier != customerName {
		t.Errorf("answered with %+v", issued.AuthToken)
	}
	r.clock.set(taken.Add(models.KeptAnswerLifetime))
	if again, err := r.Redeem(t.Context(), q); err != nil || !again.Replayed {
		t.Errorf("24 h after it was kept: %v", err)
	}
	r.clock.set(start.Add(time.Hour))
	if _, err := s.Refresh(t.Context(), issued.RefreshToken, origin); err != nil {
		t.Fatal(err)
	}
	row, taken = r.authToken(issued.AuthToken.ID), start.Add(time.Hour+4*time.Second)
	if !row.RotatedAt.Equal(taken) || !row.IdleExpiresAt.Equal(taken.Add(refreshIdle)) || !row.LastSeenAt.Equal(taken) {
		t.Errorf("refreshed: %+v", row)
	}
}

// gone is a store that is lost while a count is taken.
type gone struct{ tokens.Store }

func (gone) Redeem(context.Context, string, func() models.Consumption) (*models.Consumption, error) {
	return nil, models.Unavailable(nil)
}

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
