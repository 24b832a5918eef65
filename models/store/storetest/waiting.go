package storetest

import (
	"errors"
	"testing"
	"time"

	"muster/models"
)

// redeemAfterWaiting: everything has the time that the rows are made with.
func redeemAfterWaiting(t *testing.T, f fixture) {
	token := f.create(3)
	if err := f.take(f.consumption(token.ID, at(token.ExpiresAt))); !errors.Is(err, models.ErrNotConsumed) {
		t.Errorf("redeemed at its expiry: %v", err)
	}
	last := token.ExpiresAt.Add(-time.Microsecond)
	c := f.redeem(token.ID, at(last), keep("a key of the test"))
	stored := f.readAuthToken(c.AuthToken.ID)
	ledger, err := f.Redemption(t.Context(), c.Redemption.ID)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := f.KeptAnswer(t.Context(), token.ID, digest("a key of the test"), last)
	if err != nil {
		t.Fatal(err)
	}
	for name, times := range map[string][2]time.Time{
		"redeemed at": {ledger.RedeemedAt, last}, "created at": {stored.CreatedAt, last}, "seen at": {stored.LastSeenAt, last},
		"last redeemed at": {*f.read(token.ID).LastRedeemedAt, last}, "kept at": {kept.CreatedAt, last},
	} {
		if !times[0].Equal(times[1]) {
			t.Errorf("%s %s, want %s", name, times[0], times[1])
		}
	}
}

func rotateAfterWaiting(t *testing.T, f fixture) {
	c := f.redeem(f.create(1).ID)
	idle := func(r *models.Rotation) { r.At = c.AuthToken.IdleExpiresAt }
	if ok, err := f.rotate(c, "refresh 1", "refresh 2", idle); ok || err != nil {
		t.Errorf("rotated when idle-expired: %v, %v", ok, err)
	}
	later := Epoch.Add(time.Hour)
	ok, err := f.rotate(c, "refresh 1", "refresh 2", func(r *models.Rotation) { r.At = later })
	got := f.readAuthToken(c.AuthToken.ID)
	if !ok || err != nil || !got.RotatedAt.Equal(later) || !got.LastSeenAt.Equal(later) ||
		!got.IdleExpiresAt.Equal(Epoch.Add(91*24*time.Hour)) {
		t.Errorf("after a rotation: %+v, %v, %v", got, ok, err)
	}
	const grace = 30 * time.Second
	repeat := func(presented string, at time.Time) bool {
		ok, err := f.RepeatRotation(t.Context(), c.AuthToken.ID, func() models.Repetition {
			return models.Repetition{At: at, Grace: grace, Presented: digest(presented + " " + c.AuthToken.ID), IP: "198.51.100.8"}
		})
		if err != nil {
			t.Error(err)
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
