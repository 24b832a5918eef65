package storetest

import (
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"muster/models"
)

// rotate moves the family of an auth token on, as edited.
func (f fixture) rotate(c *models.Consumption, from, to string, edit ...func(*models.Rotation)) (bool, error) {
	r := models.Rotation{
		At: Epoch.Add(time.Minute), IP: "198.51.100.7",
		Presented: digest(from + " " + c.AuthToken.ID), Successor: digest(to + " " + c.AuthToken.ID),
		SealedSuccessor: []byte("sealed successor"), IdleExpiresAt: Epoch.Add(91 * 24 * time.Hour),
	}
	for _, e := range edit {
		e(&r)
	}
	return f.RotateRefreshToken(f.tb.Context(), c.AuthToken.ID, func() models.Rotation { return r })
}

func rotateGuards(t *testing.T, f fixture) {
	token := f.create(5)
	c := f.redeem(token.ID)
	ok, err := f.rotate(c, "refresh 1", "refresh 2")
	if !ok || err != nil {
		t.Fatalf("rotate: %v, %v", ok, err)
	}
	got := f.readAuthToken(c.AuthToken.ID)
	now := Epoch.Add(time.Minute)
	if got.Generation != 2 || string(got.PreviousDigest) != string(c.AuthToken.RefreshDigest) || got.LastSeenIP != "198.51.100.7" ||
		got.RotatedAt == nil || !got.RotatedAt.Equal(now) || got.FirstUsedAt == nil || !got.FirstUsedAt.Equal(now) ||
		!got.LastSeenAt.Equal(now) || string(got.SealedSuccessor) != "sealed successor" {
		t.Errorf("after a rotation: %+v", got)
	}
	refused := func(name string, c *models.Consumption, from string, edit ...func(*models.Rotation)) {
		t.Helper()
		before := f.readAuthToken(c.AuthToken.ID)
		if ok, err := f.rotate(c, from, "refresh 3", edit...); ok || err != nil {
			t.Errorf("rotating %s: %v, %v", name, ok, err)
		}
		if f.readAuthToken(c.AuthToken.ID).Generation != before.Generation {
			t.Errorf("rotating %s changed the generation", name)
		}
	}
	refused("with the old one", c, "refresh 1")
	refused("an idle-expired one", c, "refresh 2", func(r *models.Rotation) { r.At = got.IdleExpiresAt })

	ended := f.redeem(token.ID)
	if err := f.EndAuthToken(t.Context(), ended.AuthToken.ID, "reuse", Epoch, f.event("x", "y", "z")); err != nil {
		t.Fatal(err)
	}
	refused("an ended one", ended, "refresh 1")
	deleted := f.redeem(token.ID)
	f.delete(deleted.AuthToken.ID, false)
	refused("a deleted one", deleted, "refresh 1")

	if err := f.TouchAuthToken(t.Context(), c.AuthToken.ID, Epoch.Add(time.Hour), "203.0.113.9"); err != nil {
		t.Fatal(err)
	}
	got = f.readAuthToken(c.AuthToken.ID)
	if !got.FirstUsedAt.Equal(now) || !got.LastSeenAt.Equal(Epoch.Add(time.Hour)) || got.LastSeenIP != "203.0.113.9" {
		t.Errorf("after a touch: %+v", got)
	}
	if err := f.TouchAuthToken(t.Context(), c.AuthToken.ID, Epoch.Add(time.Minute), "203.0.113.10"); err != nil {
		t.Fatal(err)
	}
	if got = f.readAuthToken(c.AuthToken.ID); !got.LastSeenAt.Equal(Epoch.Add(time.Hour)) || got.LastSeenIP != "203.0.113.9" {
		t.Errorf("after a late touch: %+v", got)
	}
}

func rotateAtOnce(t *testing.T, f fixture) {
	c := f.redeem(f.create(1).ID)
	var won atomic.Int64
	together(16, func(i int) {
		ok, err := f.rotate(c, "refresh 1", "refresh 2", func(r *models.Rotation) { r.Successor = digest(string(rune('a' + i))) })
		if err != nil {
			t.Errorf("rotate: %v", err)
		}
		if ok {
			won.Add(1)
		}
	})
	if g := f.readAuthToken(c.AuthToken.ID).Generation; won.Load() != 1 || g != 2 {
		t.Errorf("%d of 16 rotated; the generation is %d", won.Load(), g)
	}
}

func rotateAgainstDelete(t *testing.T, f fixture) {
	token := f.create(10)
	for range 10 {
		c := f.redeem(token.ID)
		var deleted atomic.Bool
		together(4, func(i int) {
			if i == 0 {
				f.delete(c.AuthToken.ID, false)
				deleted.Store(true)
				return
			}
			acknowledged := deleted.Load()
			ok, err := f.rotate(c, "refresh 1", "refresh 2")
			if err != nil || (ok && acknowledged) {
				t.Errorf("a refresh after the delete was acknowledged: %v, %v", ok, err)
			}
		})
		if ok, err := f.rotate(c, "refresh 2", "refresh 3"); ok || err != nil {
			t.Errorf("a refresh after the delete: %v, %v", ok, err)
		}
	}
}

func change(count int) models.RegistrationTokenChange {
	return models.RegistrationTokenChange{Identifier: "changed", Count: count, ExpiresAt: Epoch.Add(48 * time.Hour), Enabled: true}
}

func updateGuards(t *testing.T, f fixture) {
	later := Epoch.Add(time.Minute)
	update := func(id string, c models.RegistrationTokenChange, readAt, now time.Time) error {
		_, err := f.UpdateRegistrationToken(t.Context(), id, readAt, c, now, f.event(models.AuditRegistrationTokenUpdated, "registration_token", id))
		return err
	}
	token := f.create(3)
	off := change(5)
	off.Enabled, off.Note, off.RefID1, off.RefID2 = false, "note", "r1", "r2"
	got, err := f.UpdateRegistrationToken(t.Context(), token.ID, Epoch, off, later, f.event(models.AuditRegistrationTokenDisabled, "registration_token", token.ID))
	if err != nil || got.Identifier != "changed" || got.Count != 5 || got.Note != "note" || got.RefID1 != "r1" || got.RefID2 != "r2" ||
		got.DisabledAt == nil || !got.DisabledAt.Equal(later) || got.DisabledBy != "Ada Admin" || !got.UpdatedAt.Equal(later) || got.Customer.ID == "" {
		t.Fatalf("the changed token is %+v, %v", got, err)
	}
	if err := update(token.ID, change(5), Epoch, later); models.ErrorKind(err) != models.KindConflict || err == nil {
		t.Errorf("a change from an old reading: %v", err)
	}
	if err := update(token.ID, change(5), later, later); err != nil { // the same instant
		t.Errorf("enable again: %v", err)
	}
	got = f.read(token.ID)
	if got.DisabledAt != nil || got.DisabledBy != "" || !got.UpdatedAt.After(later) {
		t.Errorf("the enabled token is %+v", got)
	}

	used := f.create(3)
	f.redeem(used.ID)
	f.redeem(used.ID)
	f.wantKind(update(used.ID, change(1), Epoch, later), models.KindConflict, models.CodeConflict)
	if err := update(used.ID, change(2), Epoch, later); err != nil {
		t.Errorf("lower the count to the used count: %v", err)
	}

	expired := f.create(1, func(r *models.RegistrationToken) { r.ExpiresAt = later })
	f.wantKind(update(expired.ID, change(1), Epoch, later), models.KindConflict, models.CodeRegistrationTokenExpired)

	replaced := f.create(1)
	if err := f.ReplaceRegistrationToken(t.Context(), replaced.ID, 0, f.token(1), Epoch, "Ada", f.event("x", "y", "z")); err != nil {
		t.Fatal(err)
	}
	f.wantKind(update(replaced.ID, change(1), Epoch, later), models.KindConflict, models.CodeRegistrationTokenReplaced)

	deleted := f.create(1)
	if _, err := f.DeleteRegistrationToken(t.Context(), deleted.ID, models.RegistrationTokenDeletion{}, Epoch, "Ada", f.event("x", "y", "z")); err != nil {
		t.Fatal(err)
	}
	f.wantKind(update(deleted.ID, change(1), Epoch, later), models.KindConflict, models.CodeRegistrationTokenDeleted)
	f.wantKind(update("unknown", change(1), Epoch, later), models.KindNotFound, models.CodeNotFound)
}

func updateAtOnce(t *testing.T, f fixture) {
	token := f.create(3)
	var won atomic.Int64
	together(8, func(int) {
		_, err := f.UpdateRegistrationToken(t.Context(), token.ID, Epoch, change(4), Epoch, f.event("x", "y", "z"))
		switch {
		case err == nil:
			won.Add(1)
		case models.ErrorKind(err) != models.KindConflict:
			t.Errorf("update: %v", err)
		}
	})
	if won.Load() != 1 {
		t.Errorf("%d of 8 changes from one reading were made", won.Load())
	}
}

func replaceOnce(t *testing.T, f fixture) {
	old := f.create(5)
	f.redeem(old.ID)
	replace := func(used int) (*models.RegistrationToken, error) {
		next := f.token(4)
		return next, f.ReplaceRegistrationToken(t.Context(), old.ID, used, next, Epoch, "Ada", f.event(models.AuditRegistrationTokenReplaced, "registration_token", old.ID))
	}
	_, err := replace(0)
	f.wantKind(err, models.KindConflict, models.CodeConflict)
	next, err := replace(1)
	if err != nil {
		t.Fatal(err)
	}
	_, err = replace(1)
	f.wantKind(err, models.KindConflict, models.CodeRegistrationTokenReplaced)
	was, is := f.read(old.ID), f.read(next.ID)
	if was.ReplacedByID == nil || *was.ReplacedByID != next.ID || was.ReplacedAt == nil || was.DisabledAt == nil || was.DisabledBy != "Ada" ||
		is.ReplacesID == nil || *is.ReplacesID != old.ID || is.DisabledAt != nil {
		t.Errorf("replaced %+v by %+v", was, is)
	}
	err = f.ReplaceRegistrationToken(t.Context(), "unknown", 0, f.token(1), Epoch, "Ada")
	f.wantKind(err, models.KindNotFound, models.CodeNotFound)
}

func deleteRegistrationToken(t *testing.T, f fixture) {
	remove := func(id string, authTokens bool) int {
		t.Helper()
		n, err := f.DeleteRegistrationToken(t.Context(), id, models.RegistrationTokenDeletion{AuthTokens: authTokens, Reason: "over"}, Epoch, "Ada", f.event(models.AuditRegistrationTokenDeleted, "registration_token", id))
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	kept := f.create(3)
	live := f.redeem(kept.ID)
	if n := remove(kept.ID, false); n != 0 || f.readAuthToken(live.AuthToken.ID).DeletedAt != nil {
		t.Errorf("keeping the auth tokens deleted %d", n)
	}
	if got := f.read(kept.ID); got.DeletedAt == nil || got.DeletedBy != "Ada" {
		t.Errorf("the deleted token is %+v", got)
	}
	gone := f.create(3)
	first, second := f.redeem(gone.ID), f.redeem(gone.ID)
	f.delete(first.AuthToken.ID, false)
	if n := remove(gone.ID, true); n != 1 {
		t.Errorf("%d live auth tokens were deleted, want 1", n)
	}
	got := f.readAuthToken(second.AuthToken.ID)
	if got.DeletedAt == nil || got.DeleteReason != "over" || got.DeletedBy != "Ada" || got.CountReclaimed {
		t.Errorf("the deleted auth token is %+v", got)
	}
	if n := remove(gone.ID, true); n != 0 {
		t.Errorf("deleting again deleted %d auth tokens", n)
	}
	trail, err := f.AuditEvents(t.Context(), models.AuditFilter{ObjectID: second.AuthToken.ID}, models.PageRequest{})
	if err != nil || len(trail.Items) != 1 || trail.Items[0].Action != models.AuditAuthTokenDeleted || trail.Items[0].ObjectKind != "auth_token" {
		t.Errorf("the trail of the auth token is %+v, %v", trail.Items, err)
	}
	_, err = f.DeleteRegistrationToken(t.Context(), "unknown", models.RegistrationTokenDeletion{AuthTokens: true}, Epoch, "Ada", f.event("x", "y", "z"))
	f.wantKind(err, models.KindNotFound, models.CodeNotFound)
}

func deleteAuthTokens(t *testing.T, f fixture) {
	one, two := f.create(5), f.create(5)
	same := func(c *models.Consumption) { c.AuthToken.SystemUserName, c.AuthToken.FQDN = "Bob", "pc.example" }
	a, b, c := f.redeem(one.ID, same), f.redeem(two.ID, same), f.redeem(two.ID)
	f.delete(c.AuthToken.ID, false)
	d := models.AuthTokenDeletion{
		Filter:      models.AuthTokenFilter{IDs: []string{a.AuthToken.ID, b.AuthToken.ID, c.AuthToken.ID, "unknown"}},
		ReturnCount: true, Reason: "left", DryRun: true,
	}
	event := f.event(models.AuditAuthTokenDeleted, "auth_token", "")
	want := models.AuthTokenDeletionResult{Matched: 3, Deleted: 2, AlreadyDeleted: 1, Late: 1, Reclaimed: 3, People: 2, Devices: 2}
	got, _, err := f.DeleteAuthTokens(t.Context(), d, Epoch, "Ada", event)
	if !got.LastSeenAt.Equal(b.AuthToken.LastSeenAt) {
		t.Errorf("last seen %v", got.LastSeenAt)
	}
	want.LastSeenAt = got.LastSeenAt
	if err != nil || got != want || f.readAuthToken(a.AuthToken.ID).DeletedAt != nil {
		t.Errorf("a dry run: %+v, %v", got, err)
	}
	expected := 2 // c is acted on too
	d.DryRun, d.Expected = false, &expected
	_, _, err = f.DeleteAuthTokens(t.Context(), d, Epoch, "Ada", event)
	f.wantKind(err, models.KindConflict, models.CodeUnexpectedNumber)
	if f.readAuthToken(a.AuthToken.ID).DeletedAt != nil {
		t.Error("an unexpected number deleted something")
	}
	expected = 3
	got, touched, err := f.DeleteAuthTokens(t.Context(), d, Epoch, "Ada", event)
	if err != nil || got != want || !slices.Equal(touched, []string{one.ID, two.ID}) {
		t.Errorf("deleted %+v, touched %v, %v", got, touched, err)
	}
	if row := f.readAuthToken(a.AuthToken.ID); row.DeletedAt == nil || !row.CountReclaimed || row.DeleteReason != "left" {
		t.Errorf("the deleted auth token is %+v", row)
	}
	if f.read(one.ID).UsedCount != 0 || f.read(two.ID).UsedCount != 0 {
		t.Error("the counts were not given back")
	}
	if again := f.redeem(one.ID); again.Redemption.UseNumber != 2 {
		t.Errorf("after a reclaim the next use has number %d", again.Redemption.UseNumber)
	}
	expected = 0
	got, touched, err = f.DeleteAuthTokens(t.Context(), d, Epoch, "Ada", event)
	if err != nil || got.Deleted != 0 || got.AlreadyDeleted != 3 || len(touched) != 0 {
		t.Errorf("deleting again: %+v, %v, %v", got, touched, err)
	}
	for id, action := range map[string]models.AuditAction{a.AuthToken.ID: models.AuditAuthTokenDeleted, one.ID: models.AuditCountReclaimed} {
		trail, err := f.AuditEvents(t.Context(), models.AuditFilter{ObjectID: id, Action: action}, models.PageRequest{})
		if err != nil || len(trail.Items) != 1 {
			t.Errorf("the trail has %d events %q, %v", len(trail.Items), action, err)
		}
	}
	_, _, err = f.DeleteAuthTokens(t.Context(), models.AuthTokenDeletion{}, Epoch, "Ada", event)
	f.wantKind(err, models.KindInvalid, models.CodeInvalidRequest)
}

func deleteThousands(t *testing.T, f fixture) {
	const n = 3000
	token := f.create(n)
	for range n {
		f.redeem(token.ID)
	}
	got, _, err := f.DeleteAuthTokens(t.Context(), models.AuthTokenDeletion{
		Filter: models.AuthTokenFilter{RegistrationTokenID: token.ID}, ReturnCount: true,
	}, Epoch, "Ada", f.event(models.AuditAuthTokenDeleted, "auth_token", ""))
	if err != nil || got.Deleted != n || got.Reclaimed != n || f.read(token.ID).UsedCount != 0 {
		t.Errorf("deleted %+v, %v", got, err)
	}
}

func endOnce(t *testing.T, f fixture) {
	c := f.redeem(f.create(1).ID)
	for range 2 {
		err := f.EndAuthToken(t.Context(), c.AuthToken.ID, "reuse", Epoch, f.event(models.AuditAuthTokenEnded, "auth_token", c.AuthToken.ID))
		if err != nil {
			t.Fatal(err)
		}
	}
	trail, err := f.AuditEvents(t.Context(), models.AuditFilter{ObjectID: c.AuthToken.ID}, models.PageRequest{})
	if err != nil || len(trail.Items) != 1 {
		t.Errorf("ending twice wrote %d events, %v", len(trail.Items), err)
	}
	if got := f.readAuthToken(c.AuthToken.ID); got.State(Epoch) != models.AuthTokenEnded || got.EndReason != "reuse" {
		t.Errorf("the ended auth token is %+v", got)
	}
	name := "new name"
	got, err := f.UpdateAuthTokenLabels(t.Context(), c.AuthToken.ID, models.AuthTokenLabels{Identifier: &name}, f.event("x", "y", "z"))
	if err != nil || got.Identifier != name {
		t.Errorf("relabelled %+v, %v", got, err)
	}
	_, err = f.UpdateAuthTokenLabels(t.Context(), "unknown", models.AuthTokenLabels{Identifier: &name}, f.event("x", "y", "z"))
	f.wantKind(err, models.KindNotFound, models.CodeNotFound)
}
