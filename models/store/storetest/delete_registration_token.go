package storetest

import (
	"strings"
	"testing"

	"muster/models"
)

// deleteAgainWithAuthTokens: the auth tokens that were kept can still be
// deleted with the deleted registration token.
func deleteAgainWithAuthTokens(t *testing.T, f fixture) {
	token := f.create(3)
	live := f.redeem(token.ID)
	remove := func(d models.RegistrationTokenDeletion) (int, error) {
		return f.DeleteRegistrationToken(t.Context(), token.ID, d, Epoch, "Ada",
			f.event(models.AuditRegistrationTokenDeleted, "registration_token", token.ID))
	}
	if n, err := remove(models.RegistrationTokenDeletion{}); n != 0 || err != nil {
		t.Fatalf("keeping: %d, %v", n, err)
	}
	if n, err := remove(models.RegistrationTokenDeletion{AuthTokens: true, Reason: "after all"}); n != 1 || err != nil {
		t.Errorf("again, with the auth tokens: %d, %v", n, err)
	}
	if got := f.readAuthToken(live.AuthToken.ID); got.DeletedAt == nil || got.DeleteReason != "after all" {
		t.Errorf("the auth token is %+v", got)
	}
	trail, err := f.AuditEvents(t.Context(), models.AuditFilter{ObjectID: token.ID, Action: models.AuditRegistrationTokenDeleted}, models.PageRequest{})
	if err != nil || len(trail.Items) != 1 {
		t.Errorf("the registration token was deleted %d times in the trail, %v", len(trail.Items), err)
	}
}

func deleteExpectedNumber(t *testing.T, f fixture) {
	token := f.create(3)
	f.redeem(token.ID)
	f.redeem(token.ID)
	for _, with := range []bool{false, true} {
		one := 1
		_, err := f.DeleteRegistrationToken(t.Context(), token.ID, models.RegistrationTokenDeletion{AuthTokens: with, Expected: &one},
			Epoch, "Ada", f.event("x", "y", "z"))
		f.wantKind(err, models.KindConflict, models.CodeUnexpectedNumber)
		if err == nil || !strings.Contains(err.Error(), "has 2 live") {
			t.Errorf("the true number is not named: %v", err)
		}
	}
	if f.read(token.ID).DeletedAt != nil {
		t.Error("the registration token was deleted nevertheless")
	}
	two := 2
	n, err := f.DeleteRegistrationToken(t.Context(), token.ID, models.RegistrationTokenDeletion{AuthTokens: true, Expected: &two},
		Epoch, "Ada", f.event(models.AuditRegistrationTokenDeleted, "registration_token", token.ID))
	if n != 2 || err != nil {
		t.Errorf("as expected: %d, %v", n, err)
	}
}
