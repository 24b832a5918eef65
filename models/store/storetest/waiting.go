package storetest

import (
	"errors"
	"testing"
	"time"

	"muster/models"
)

// redeemAfterWaiting: the lock came some seconds after the rows were made.
func redeemAfterWaiting(t *testing.T, f fixture) {
	token := f.create(3)
	waited := func(until time.Time) func(*models.Consumption) {
		return func(c *models.Consumption) { c.Clock = func() time.Time { return until } }
	}
	err := f.Redeem(t.Context(), f.consumption(token.ID, waited(token.ExpiresAt)))
	if !errors.Is(err, models.ErrNotConsumed) {
		t.Errorf("redeemed at its expiry: %v", err)
	}
	last := token.ExpiresAt.Add(-time.Microsecond)
	c := f.redeem(token.ID, keep("a key of the test"), waited(last))
	stored := f.readAuthToken(c.AuthToken.ID)
	ledger, err := f.Redemption(t.Context(), c.Redemption.ID)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := f.KeptAnswer(t.Context(), token.ID, digest("a key of the test"), last)
	if err != nil {
		t.Fatal(err)
	}
	idle := Epoch.Add(90 * 24 * time.Hour).Add(last.Sub(Epoch))
	for name, times := range map[string][2]time.Time{
		"redeemed at": {ledger.RedeemedAt, last}, "created at": {stored.CreatedAt, last}, "seen at": {stored.LastSeenAt, last},
		"idle from": {stored.IdleExpiresAt, idle}, "last redeemed at": {*f.read(token.ID).LastRedeemedAt, last},
		"kept at": {kept.CreatedAt, last},
	} {
		if !times[0].Equal(times[1]) {
			t.Errorf("%s %s, want %s", name, times[0], times[1])
		}
	}
}

func rotateAfterWaiting(t *testing.T, f fixture) {
	c := f.redeem(f.create(1).ID)
	idle := f.rotation(c, "refresh 1", "refresh 2")
	idle.Clock = func() time.Time { return c.AuthToken.IdleExpiresAt }
	if ok, err := f.RotateRefreshToken(t.Context(), idle); ok || err != nil {
		t.Errorf("rotated when idle-expired: %v, %v", ok, err)
	}
	later := Epoch.Add(time.Hour)
	r := f.rotation(c, "refresh 1", "refresh 2")
	r.Clock = func() time.Time { return later }
	ok, err := f.RotateRefreshToken(t.Context(), r)
	got := f.readAuthToken(c.AuthToken.ID)
	if !ok || err != nil || !got.RotatedAt.Equal(later) || !got.LastSeenAt.Equal(later) || !r.Now.Equal(later) ||
		!got.IdleExpiresAt.Equal(Epoch.Add(91*24*time.Hour).Add(59*time.Minute)) {
		t.Errorf("after a rotation: %+v, %v, %v", got, ok, err)
	}
	const grace = 30 * time.Second
	repeat := func(presented string, at time.Time) bool {
		ok, err := f.RepeatRotation(t.Context(), models.Repetition{
			AuthTokenID: c.AuthToken.ID, Presented: digest(presented + " " + c.AuthToken.ID), Grace: grace,
			Clock: func() time.Time { return at }, IP: "198.51.100.8",
		})
		if err != nil {
			t.Fatal(err)
		}
		return ok
	}
	if !repeat("refresh 1", later.Add(grace-time.Microsecond)) {
		t.Error("not repeated within the grace")
	}
	if repeat("refresh 1", later.Add(grace)) || repeat("refresh 2", later) {
		t.Error("repeated after the grace, or with the wrong one")
	}
	f.delete(c.AuthToken.ID, false)
	if repeat("refresh 1", later) {
		t.Error("repeated after the deletion")
	}
}
