package tokens_test

import (
	"strings"
	"testing"

	"muster/models"
)

func TestDeleteOwnAuthToken_OnlyByThePersonWhoRedeemedIt(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	token, secret := r.create(3)
	claim := request(secret, "ann")
	claim.Verified = annVerified
	mine, err := r.Redeem(t.Context(), claim)
	if err != nil {
		t.Fatal(err)
	}
	device := r.redeem(secret, "ann") // the same name, reported by a device

	other := ann
	other.ID = "https://other.example.org ann"
	key := ann
	key.Kind = models.ActorAPIKey
	for name, actor := range map[string]models.Actor{"another issuer": other, "an API key": key, "an administrator": admin} {
		refused(t, r.DeleteOwnAuthToken(t.Context(), actor, mine.AuthToken.ID, ""), models.KindNotFound, models.CodeNotFound)
		if r.authToken(mine.AuthToken.ID).DeletedAt != nil {
			t.Fatalf("%s deleted it", name)
		}
	}
	nobody := ann
	nobody.ID, nobody.Permissions = "", nil
	refused(t, r.DeleteOwnAuthToken(t.Context(), nobody, mine.AuthToken.ID, ""), models.KindForbidden, models.CodeForbidden)
	refused(t, r.DeleteOwnAuthToken(t.Context(), ann, device.AuthToken.ID, ""), models.KindNotFound, models.CodeNotFound)
	refused(t, r.DeleteOwnAuthToken(t.Context(), ann, "nothing", ""), models.KindNotFound, models.CodeNotFound)
	blank := models.Actor{Kind: models.ActorPerson, ID: " ", Permissions: models.RoleNone.Permissions()}
	refused(t, r.DeleteOwnAuthToken(t.Context(), blank, device.AuthToken.ID, ""), models.KindNotFound, models.CodeNotFound)
	invalid(t, r.DeleteOwnAuthToken(t.Context(), ann, mine.AuthToken.ID, strings.Repeat("x", 501)), "reason")

	for range 2 { // again changes nothing
		if err := r.DeleteOwnAuthToken(t.Context(), ann, mine.AuthToken.ID, "laptop lost"); err != nil {
			t.Fatal(err)
		}
	}
	deleted := r.authToken(mine.AuthToken.ID)
	if deleted.DeletedAt == nil || deleted.DeletedBy != "Ann Example" || deleted.DeleteReason != "laptop lost" || deleted.CountReclaimed {
		t.Errorf("deleted %+v", deleted)
	}
	r.used(token.ID, 2)
	if r.active(mine.AccessToken) || !r.active(device.AccessToken) {
		t.Error("the wrong auth token died")
	}
	events, err := r.db.AuditEvents(t.Context(), models.AuditFilter{Action: models.AuditAuthTokenDeleted}, models.PageRequest{})
	if err != nil || len(events.Items) != 1 || events.Items[0].ActorID != ann.ID || events.Items[0].RequestID != "req-ann" {
		t.Errorf("the trail has %+v, %v", events.Items, err)
	}
}
