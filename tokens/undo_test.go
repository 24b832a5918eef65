package tokens_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"muster/models"
	"muster/models/store/storetest"
)

// calling is the administrator in another call.
func calling(requestID string) models.Actor {
	actor := admin
	actor.Origin.RequestID = requestID
	return actor
}

func left(t *testing.T, got models.SelectionEdit, err error, changed int, reasons map[models.LeftOut]int) {
	t.Helper()
	if err != nil || got.Changed != changed || !maps.Equal(got.Left, reasons) {
		t.Errorf("changed %d, left %v, %v; want %d, %v", got.Changed, got.Left, err, changed, reasons)
	}
}

func TestEditSelection_ChangesAllThatCanBeChangedInOneGo(t *testing.T) {
	t.Parallel()
	storetest.OnEach(t, func(t *testing.T, url string) {
		r := newRigOn(t, url)
		ids := r.createMany(5, false)
		soon := start.Add(time.Hour)
		if _, err := r.UpdateRegistrationToken(r.ctx(), admin, ids[0], models.RegistrationTokenSettings{ExpiresAt: &soon}); err != nil {
			t.Fatal(err)
		}
		if _, _, err := r.ReplaceRegistrationToken(r.ctx(), admin, ids[1], models.RegistrationTokenSettings{}); err != nil {
			t.Fatal(err)
		}
		if _, err := r.UpdateRegistrationToken(r.ctx(), admin, ids[2], models.RegistrationTokenSettings{Count: ptr(models.MaxCount), Enabled: ptr(false)}); err != nil {
			t.Fatal(err)
		}
		r.clock.set(soon)
		raise := models.SelectionChange{RaiseBy: 3}
		_, err := r.EditRegistrationTokens(r.ctx(), admin, ids, raise, 3)
		refused(t, err, models.KindConflict, models.CodeUnexpectedNumber)
		if r.token(ids[4]).Count != 2 {
			t.Fatal("another number than expected was changed")
		}
		got, err := r.EditRegistrationTokens(r.ctx(), admin, ids, raise, 2)
		left(t, got, err, 2, map[models.LeftOut]int{models.LeftExpired: 1, models.LeftReplaced: 1, models.LeftLargest: 1})
		if r.token(ids[4]).Count != 5 || r.token(ids[1]).Count != 2 {
			t.Error("the counts are wrong")
		}
		before := r.token(ids[2]).ExpiresAt
		got, err = r.EditRegistrationTokens(r.ctx(), admin, ids, models.SelectionChange{ExtendDays: 7}, 3)
		left(t, got, err, 3, map[models.LeftOut]int{models.LeftExpired: 1, models.LeftReplaced: 1})
		if after := r.token(ids[2]); !after.ExpiresAt.Equal(before.AddDate(0, 0, 7)) || after.DisabledAt == nil {
			t.Errorf("extended to %s from %s", after.ExpiresAt, before)
		}
		to := before.AddDate(0, 0, 3)
		got, err = r.EditRegistrationTokens(r.ctx(), admin, ids[3:], models.SelectionChange{ExpiresAt: &to}, 0)
		left(t, got, err, 0, map[models.LeftOut]int{models.LeftNotBefore: 2})
		got, err = r.EditRegistrationTokens(r.ctx(), admin, ids[3:], models.SelectionChange{ExtendDays: 350}, 0)
		left(t, got, err, 0, map[models.LeftOut]int{models.LeftLongest: 2})
	})
}

func TestEditSelection_SaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ids := r.createMany(1, false)
	past := start.Add(-time.Hour)
	for field, change := range map[string]models.SelectionChange{
		"by": {RaiseBy: models.MaxCount + 1}, "days": {ExtendDays: -1}, "expirationDate": {ExpiresAt: &past},
	} {
		_, err := r.EditRegistrationTokens(r.ctx(), admin, ids, change, 1)
		invalid(t, err, field)
	}
	_, err := r.EditRegistrationTokens(r.ctx(), admin, nil, models.SelectionChange{}, 0)
	invalid(t, err, "by")
	_, err = r.EditRegistrationTokens(r.ctx(), helpdesk, ids, models.SelectionChange{RaiseBy: 1}, 1)
	refused(t, err, models.KindForbidden, models.CodeForbidden)
	_, err = r.EditRegistrationTokens(r.ctx(), admin, append(ids, someID), models.SelectionChange{RaiseBy: 1}, 2)
	refused(t, err, models.KindNotFound, models.CodeNotFound)
}

// Raises of the same registration tokens at once: none is lost.
func TestEditSelection_RaisesAtOnceAddUp(t *testing.T) {
	t.Parallel()
	storetest.OnEach(t, func(t *testing.T, url string) {
		r := newRigOn(t, url)
		ids := r.createMany(3, false)
		for i, err := range parallel(6, func(i int) error {
			mine := ids
			if i%2 == 1 {
				mine = []string{ids[2], ids[1], ids[0]}
			}
			_, err := r.EditRegistrationTokens(r.ctx(), admin, mine, models.SelectionChange{RaiseBy: 1}, 3)
			return err
		}) {
			if err != nil {
				t.Errorf("%d: %v", i, err)
			}
		}
		for _, id := range ids {
			if got := r.token(id).Count; got != 8 {
				t.Errorf("the count is %d", got)
			}
		}
	})
}

func TestUndo_PutsBackWhatOneCallChanged(t *testing.T) {
	t.Parallel()
	storetest.OnEach(t, func(t *testing.T, url string) {
		r := newRigOn(t, url)
		ids := r.createMany(3, false)
		before := r.token(ids[0])
		if _, err := r.DisableRegistrationTokens(r.ctx(), calling("off"), ids); err != nil {
			t.Fatal(err)
		}
		_, err := r.UpdateRegistrationToken(r.ctx(), calling("edit"), ids[0],
			models.RegistrationTokenSettings{Identifier: ptr("other"), Note: ptr("n"), Count: ptr(9), ExpiresAt: ptr(start.Add(48 * time.Hour))})
		if err != nil {
			t.Fatal(err)
		}
		// Somebody else's change of another field stays; one of the same field is not
		// overwritten.
		if _, err := r.UpdateRegistrationToken(r.ctx(), helper, ids[0], models.RegistrationTokenSettings{RefID1: ptr("hers")}); err != nil {
			t.Fatal(err)
		}
		got, err := r.UndoRegistrationTokens(r.ctx(), calling("undo"), "edit")
		left(t, got, err, 1, nil)
		after := r.token(ids[0])
		if after.Identifier != before.Identifier || after.Note != "" || after.Count != 2 || !after.ExpiresAt.Equal(before.ExpiresAt) || after.RefID1 != "hers" || after.DisabledAt == nil {
			t.Errorf("undone: %+v", after)
		}
		got, err = r.UndoRegistrationTokens(r.ctx(), calling("undo"), "edit")
		left(t, got, err, 0, map[models.LeftOut]int{models.LeftUndone: 1})

		for _, on := range []bool{true, false} { // disabled again, by somebody else
			r.clock.advance(time.Minute)
			if _, err := r.UpdateRegistrationToken(r.ctx(), helper, ids[1], models.RegistrationTokenSettings{Enabled: &on}); err != nil {
				t.Fatal(err)
			}
		}
		got, err = r.UndoRegistrationTokens(r.ctx(), calling("undo"), "off")
		left(t, got, err, 2, map[models.LeftOut]int{models.LeftChanged: 1})
		if r.token(ids[0]).DisabledAt != nil || r.token(ids[1]).DisabledAt == nil || r.token(ids[2]).DisabledAt != nil {
			t.Error("the wrong ones were enabled")
		}
		trail, err := r.db.AuditEvents(r.ctx(), models.AuditFilter{ObjectID: ids[2], Action: models.AuditRegistrationTokenEnabled}, models.PageRequest{})
		if err != nil || len(trail.Items) != 1 || !strings.Contains(trail.Items[0].Detail, `"undo":true`) {
			t.Errorf("the trail says %+v, %v", trail.Items, err)
		}
	})
}

func TestUndo_SaysWhyItCannot(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	raised, secret := r.create(1)
	extended, _ := r.create(1)
	replaced, _ := r.create(1)
	deleted, _ := r.create(1)
	soon := start.Add(time.Hour)
	for _, id := range []string{extended.ID} {
		if _, err := r.UpdateRegistrationToken(r.ctx(), admin, id, models.RegistrationTokenSettings{ExpiresAt: &soon}); err != nil {
			t.Fatal(err)
		}
	}
	ctx := r.ctx()
	_, err := r.EditRegistrationTokens(ctx, calling("raise"), []string{raised.ID}, models.SelectionChange{RaiseBy: 1}, 1)
	if err == nil {
		_, err = r.EditRegistrationTokens(ctx, calling("extend"), []string{extended.ID}, models.SelectionChange{ExtendDays: 1}, 1)
	}
	if err == nil {
		_, err = r.DisableRegistrationTokens(ctx, calling("off"), []string{replaced.ID, deleted.ID})
	}
	if err == nil {
		_, _, err = r.ReplaceRegistrationToken(ctx, admin, replaced.ID, models.RegistrationTokenSettings{})
	}
	if err == nil {
		_, err = r.DeleteRegistrationToken(ctx, admin, deleted.ID, models.RegistrationTokenDeletion{})
	}
	if err != nil {
		t.Fatal(err)
	}
	r.redeem(secret, "ann")
	r.redeem(secret, "bob")
	r.clock.set(soon)
	for call, why := range map[string]map[models.LeftOut]int{
		"raise": {models.LeftUsed: 1}, "extend": {models.LeftPast: 1}, "off": {models.LeftReplaced: 1, models.LeftDeleted: 1},
	} {
		got, err := r.UndoRegistrationTokens(ctx, calling("undo"), call)
		left(t, got, err, 0, why)
	}
	_, err = r.UndoRegistrationTokens(ctx, calling("undo"), "unknown")
	refused(t, err, models.KindNotFound, models.CodeNotFound)
	_, err = r.UndoRegistrationTokens(ctx, helper, "raise")
	refused(t, err, models.KindNotFound, models.CodeNotFound)
	_, err = r.UndoRegistrationTokens(ctx, helpdesk, "raise")
	refused(t, err, models.KindForbidden, models.CodeForbidden)
}
