package storetest

import (
	"slices"
	"sync"
	"testing"

	"muster/models"
)

func giveBackLater(t *testing.T, f fixture) {
	token, other := f.create(5), f.create(5)
	byName := func(c *models.Consumption) { c.AuthToken.SystemUserName, c.AuthToken.FQDN = "Bob", "pc.example" }
	lost, reclaimed, kept, elsewhere := f.redeem(token.ID, byName), f.redeem(token.ID), f.redeem(token.ID), f.redeem(other.ID)
	f.delete(lost.AuthToken.ID, false)
	f.delete(reclaimed.AuthToken.ID, true)
	f.delete(elsewhere.AuthToken.ID, false)
	event := f.event(models.AuditAuthTokenDeleted, "auth_token", "")
	d := models.AuthTokenDeletion{
		Filter: models.AuthTokenFilter{RegistrationTokenID: token.ID, State: models.AuthTokenDeleted}, Reason: "not given back", DryRun: true,
	}
	for _, c := range []struct {
		returnCount bool
		want        models.AuthTokenDeletionResult
	}{
		{false, models.AuthTokenDeletionResult{Matched: 2, AlreadyDeleted: 2}},
		{true, models.AuthTokenDeletionResult{Matched: 2, AlreadyDeleted: 2, Late: 1, Reclaimed: 1, People: 1, Devices: 1}},
	} {
		d.ReturnCount = c.returnCount
		if got, touched, err := f.DeleteAuthTokens(t.Context(), d, Epoch, "Ada", event); err != nil || got != c.want || len(touched) > 0 {
			t.Errorf("return %t would do %+v, touch %v, %v", c.returnCount, got, touched, err)
		}
	}
	if used := f.read(token.ID).UsedCount; used != 2 {
		t.Fatalf("after the dry runs %d are used", used)
	}
	expected := 0
	d.DryRun, d.Expected = false, &expected
	_, _, err := f.DeleteAuthTokens(t.Context(), d, Epoch, "Ada", event)
	f.wantKind(err, models.KindConflict, models.CodeUnexpectedNumber)
	expected = 1
	got, touched, err := f.DeleteAuthTokens(t.Context(), d, Epoch, "Ada", event)
	if err != nil || got.Late != 1 || got.Reclaimed != 1 || !slices.Equal(touched, []string{token.ID}) {
		t.Errorf("gave back %+v, touched %v, %v", got, touched, err)
	}
	row := f.readAuthToken(lost.AuthToken.ID)
	if !row.CountReclaimed || row.DeleteReason != "lost" || row.DeletedBy != "Ada Admin" {
		t.Errorf("the deletion itself changed: %+v", row)
	}
	if f.readAuthToken(kept.AuthToken.ID).DeletedAt != nil || f.readAuthToken(elsewhere.AuthToken.ID).CountReclaimed {
		t.Error("others were touched")
	}
	if used := f.read(token.ID).UsedCount; used != 1 {
		t.Errorf("%d are used, want 1", used)
	}
	trail, err := f.AuditEvents(t.Context(), models.AuditFilter{ObjectID: lost.AuthToken.ID}, models.PageRequest{})
	if err != nil || len(trail.Items) != 1 {
		t.Errorf("the auth token has %d events, %v: it was deleted once", len(trail.Items), err)
	}
	f.wantReclaims(token.ID, 2)
	f.wantBooksInOrder()
}

// giveBackOnce lets several administrators give the same counts back, and delete
// beside it.
func giveBackOnce(t *testing.T, f fixture) {
	const each = 4
	token := f.create(2 * each)
	ids := make([]string, 0, 2*each)
	for i := range 2 * each {
		id := f.redeem(token.ID).AuthToken.ID
		ids = append(ids, id)
		if i < each {
			f.delete(id, false)
		}
	}
	d := models.AuthTokenDeletion{Filter: models.AuthTokenFilter{RegistrationTokenID: token.ID}, ReturnCount: true}
	event := f.event(models.AuditAuthTokenDeleted, "auth_token", "")
	var all sync.WaitGroup
	results := make([]models.AuthTokenDeletionResult, 8)
	for i := range results {
		all.Go(func() {
			d := d
			if i%2 == 0 {
				d.Filter = models.AuthTokenFilter{IDs: ids}
			}
			var err error
			if results[i], _, err = f.DeleteAuthTokens(t.Context(), d, Epoch, "Ada", event); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	var deleted, late, reclaimed int
	for _, r := range results {
		deleted, late, reclaimed = deleted+r.Deleted, late+r.Late, reclaimed+r.Reclaimed
	}
	if deleted != each || late != each || reclaimed != 2*each || f.read(token.ID).UsedCount != 0 {
		t.Errorf("deleted %d, late %d, reclaimed %d; %d are used", deleted, late, reclaimed, f.read(token.ID).UsedCount)
	}
	f.wantReclaims(token.ID, 2*each)
	f.wantBooksInOrder()
}

// wantReclaims checks how many reclaims of the registration token the trail has.
func (f fixture) wantReclaims(registrationTokenID string, n int) {
	f.tb.Helper()
	trail, err := f.AuditEvents(f.tb.Context(), models.AuditFilter{ObjectID: registrationTokenID, Action: models.AuditCountReclaimed}, models.PageRequest{Size: models.MaxPageSize})
	if err != nil || len(trail.Items) != n {
		f.tb.Errorf("the trail has %d reclaims, want %d; %v", len(trail.Items), n, err)
	}
}

func (f fixture) wantBooksInOrder() {
	f.tb.Helper()
	if findings, err := f.Check(f.tb.Context()); err != nil || len(findings) > 0 {
		f.tb.Errorf("check found %v, %v", findings, err)
	}
}
