package storetest

import (
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"muster/models"
)

func (f fixture) deleteSelection(d models.RegistrationTokenDeletion, ids ...string) (models.SelectionResult, []string, error) {
	return f.DeleteRegistrationTokens(f.tb.Context(), ids, d, Epoch, "Ada", f.event(models.AuditRegistrationTokenDeleted, "registration_token", ""))
}

func (f fixture) disableSelection(now time.Time, ids ...string) (models.SelectionResult, []string, error) {
	return f.DisableRegistrationTokens(f.tb.Context(), ids, now, "Ada", f.event(models.AuditRegistrationTokenDisabled, "registration_token", ""))
}

// events counts what the trail says of an object.
func (f fixture) events(id string, action models.AuditAction) int {
	f.tb.Helper()
	page, err := f.AuditEvents(f.tb.Context(), models.AuditFilter{ObjectID: id, Action: action}, models.PageRequest{})
	if err != nil {
		f.tb.Fatal(err)
	}
	return len(page.Items)
}

func disableSelection(t *testing.T, f fixture) {
	earlier := Epoch.Add(-time.Hour)
	disabled := f.create(1, func(r *models.RegistrationToken) { r.DisabledAt, r.DisabledBy = &earlier, "Bea" })
	expired := f.create(1, func(r *models.RegistrationToken) { r.ExpiresAt = Epoch })
	deleted := f.create(1, func(r *models.RegistrationToken) { r.DeletedAt = &earlier })
	usedUp := f.create(1)
	f.redeem(usedUp.ID, keep("key"))
	future := f.create(1, func(r *models.RegistrationToken) { r.UpdatedAt = Epoch.Add(time.Second) }) // another replica's clock
	all := []string{disabled.ID, expired.ID, deleted.ID, usedUp.ID, future.ID}

	_, _, err := f.disableSelection(Epoch, append(slices.Clone(all), "unknown")...)
	f.wantKind(err, models.KindNotFound, models.CodeNotFound)
	if f.read(usedUp.ID).DisabledAt != nil {
		t.Error("one that is not there was passed over")
	}
	result, changed, err := f.disableSelection(Epoch, append(all, usedUp.ID)...)
	if err != nil || result != (models.SelectionResult{Changed: 2, Left: 3}) || !slices.Equal(changed, []string{usedUp.ID, future.ID}) {
		t.Fatalf("disabled %+v, %v, %v", result, changed, err)
	}
	for _, before := range []*models.RegistrationToken{usedUp, future} {
		got := f.read(before.ID)
		if got.DisabledAt == nil || !got.DisabledAt.Equal(Epoch) || got.DisabledBy != "Ada" || !got.UpdatedAt.After(before.UpdatedAt) ||
			f.events(got.ID, models.AuditRegistrationTokenDisabled) != 1 {
			t.Errorf("disabled: %+v", got)
		}
	}
	for _, before := range []*models.RegistrationToken{disabled, expired, deleted} {
		got := f.read(before.ID)
		if got.DisabledBy != before.DisabledBy || !got.UpdatedAt.Equal(before.UpdatedAt) || f.events(got.ID, models.AuditRegistrationTokenDisabled) != 0 {
			t.Errorf("left: %+v", got)
		}
	}
	if kept, err := f.KeptAnswer(t.Context(), usedUp.ID, digest("key"), Epoch); err != nil || len(kept.Sealed) > 0 {
		t.Errorf("the kept answer is %+v, %v", kept, err)
	}
}

func deleteSelection(t *testing.T, f fixture) {
	one, two, kept := f.create(5), f.create(5), f.create(5)
	mine := []string{f.redeem(one.ID).AuthToken.ID, f.redeem(one.ID).AuthToken.ID, f.redeem(two.ID).AuthToken.ID}
	survivor := f.redeem(kept.ID).AuthToken.ID
	f.delete(mine[0], true)
	if _, _, err := f.deleteSelection(models.RegistrationTokenDeletion{}, kept.ID); err != nil {
		t.Fatal(err)
	}
	all := []string{two.ID, kept.ID, one.ID}
	number := 3 // the live one of kept would be the third
	d := models.RegistrationTokenDeletion{AuthTokens: true, Reason: "over", Expected: &number}
	_, _, err := f.deleteSelection(d, all...)
	f.wantKind(err, models.KindConflict, models.CodeUnexpectedNumber)
	number = 2
	_, _, err = f.deleteSelection(d, append(slices.Clone(all), "unknown")...)
	f.wantKind(err, models.KindNotFound, models.CodeNotFound)
	if f.read(one.ID).DeletedAt != nil || f.readAuthToken(mine[1]).DeletedAt != nil {
		t.Error("something was deleted nevertheless")
	}
	result, changed, err := f.deleteSelection(d, all...)
	if err != nil || result != (models.SelectionResult{Changed: 2, Left: 1, AuthTokens: 2}) || !slices.Equal(changed, []string{one.ID, two.ID}) {
		t.Fatalf("deleted %+v, %v, %v", result, changed, err)
	}
	for _, id := range []string{one.ID, two.ID} {
		if got := f.read(id); got.DeletedAt == nil || got.DeletedBy != "Ada" || f.events(id, models.AuditRegistrationTokenDeleted) != 1 {
			t.Errorf("deleted: %+v", got)
		}
	}
	for _, id := range mine[1:] {
		if got := f.readAuthToken(id); got.DeletedAt == nil || got.DeleteReason != "over" || got.CountReclaimed || f.events(id, models.AuditAuthTokenDeleted) != 1 {
			t.Errorf("the auth token is %+v", got)
		}
	}
	if f.readAuthToken(survivor).DeletedAt != nil || f.events(kept.ID, models.AuditRegistrationTokenDeleted) != 1 {
		t.Error("what was kept before went now")
	}
	if result, changed, err = f.deleteSelection(models.RegistrationTokenDeletion{AuthTokens: true}, all...); err != nil || len(changed) > 0 || result.Left != 3 {
		t.Errorf("again: %+v, %v, %v", result, changed, err)
	}
}

// selectionAgainstRedemptions: whoever redeems before the selection is
// deleted or disabled is seen by it, and nobody redeems after.
func selectionAgainstRedemptions(t *testing.T, f fixture) {
	for round := range 6 {
		tokens := []string{f.create(50).ID, f.create(50).ID}
		var y tally
		var done atomic.Bool
		var result models.SelectionResult
		together(13, func(i int) {
			if i == 0 {
				var err error
				if round%2 == 0 {
					result, _, err = f.deleteSelection(models.RegistrationTokenDeletion{AuthTokens: true, Reason: "gone"}, tokens[1], tokens[0])
				} else {
					result, _, err = f.disableSelection(Epoch, tokens[1], tokens[0])
				}
				if err != nil || result.Changed != 2 {
					t.Errorf("%+v, %v", result, err)
				}
				done.Store(true)
				return
			}
			for n := range 3 {
				after := done.Load()
				err := f.take(f.consumption(tokens[(i+n)%2]))
				if err == nil && after {
					t.Error("redeemed after it was acknowledged")
				}
				y.add(t, err)
			}
		})
		live := 0
		for _, id := range tokens {
			n, err := f.LiveAuthTokenCount(t.Context(), id, Epoch)
			if err != nil {
				t.Fatal(err)
			}
			live += n
		}
		if live+result.AuthTokens != y.ok || round%2 == 0 && live != 0 {
			t.Errorf("%d redeemed, %d deleted, %d live", y.ok, result.AuthTokens, live)
		}
	}
}

// selectionOfTwoAtOnce: two selections that overlap do not wait for each other
// for ever, and each registration token is deleted once.
func selectionOfTwoAtOnce(t *testing.T, f fixture) {
	var ids []string
	for range 20 {
		ids = append(ids, f.create(1).ID)
		f.redeem(ids[len(ids)-1])
	}
	var changed, authTokens atomic.Int64
	together(6, func(i int) {
		mine := slices.Clone(ids[i : 14+i])
		if i%2 == 1 {
			slices.Reverse(mine)
		}
		result, _, err := f.deleteSelection(models.RegistrationTokenDeletion{AuthTokens: true}, mine...)
		if err != nil {
			t.Error(err)
		}
		changed.Add(int64(result.Changed))
		authTokens.Add(int64(result.AuthTokens))
	})
	if changed.Load() != 19 || authTokens.Load() != 19 {
		t.Errorf("%d registration tokens and %d auth tokens of 19 were deleted", changed.Load(), authTokens.Load())
	}
}
