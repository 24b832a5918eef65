package storetest

import (
	"testing"
	"time"

	"muster/models"
)

func replaceMany(t *testing.T, f fixture) {
	earlier := Epoch.Add(-time.Hour)
	plain := f.create(3)
	off := f.create(3, func(r *models.RegistrationToken) { r.DisabledAt, r.DisabledBy = &earlier, "Bea" })
	expired := f.create(3, func(r *models.RegistrationToken) { r.ExpiresAt = Epoch })
	f.redeem(plain.ID)
	all := func() []models.Replacement {
		var all []models.Replacement
		for _, id := range []string{expired.ID, plain.ID, off.ID} {
			old := f.read(id)
			next := f.token(old.RemainingCount())
			all = append(all, models.Replacement{
				OldID: id, OldUsedCount: old.UsedCount, Successor: next,
				Events: []models.AuditEvent{f.event(models.AuditRegistrationTokenReplaced, "registration_token", id)},
			})
		}
		return all
	}
	stale := all()
	stale[2].OldUsedCount = 2
	f.wantKind(f.ReplaceRegistrationTokens(t.Context(), stale, Epoch, "Ada"), models.KindConflict, models.CodeConflict)
	unknown := append(all(), models.Replacement{OldID: "unknown", Successor: f.token(1)})
	f.wantKind(f.ReplaceRegistrationTokens(t.Context(), unknown, Epoch, "Ada"), models.KindNotFound, models.CodeNotFound)
	if f.read(plain.ID).ReplacedByID != nil || f.events(plain.ID, models.AuditRegistrationTokenReplaced) != 0 {
		t.Fatal("a part was replaced")
	}
	done := all()
	if err := f.ReplaceRegistrationTokens(t.Context(), done, Epoch, "Ada"); err != nil {
		t.Fatal(err)
	}
	for _, r := range done {
		was, is, by, at := f.read(r.OldID), f.read(r.Successor.ID), "Ada", Epoch
		if r.OldID == off.ID {
			by, at = "Bea", earlier
		}
		if was.ReplacedByID == nil || *was.ReplacedByID != is.ID || is.ReplacesID == nil || *is.ReplacesID != was.ID || is.DisabledAt != nil ||
			was.DisabledBy != by || !was.DisabledAt.Equal(at) || !was.ReplacedAt.Equal(Epoch) || !was.UpdatedAt.Equal(Epoch) {
			t.Errorf("%+v replaced by %+v", was, is)
		}
		if n := f.events(r.OldID, models.AuditRegistrationTokenReplaced); n != 1 {
			t.Errorf("the trail has %d replacements", n)
		}
	}
	f.wantKind(f.ReplaceRegistrationTokens(t.Context(), all(), Epoch, "Ada"), models.KindConflict, models.CodeRegistrationTokenReplaced)
	f.wantBooksInOrder()
}
