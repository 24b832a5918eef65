package storetest

import (
	"testing"
	"time"

	"muster/models"
)

func personalDataGrants(t *testing.T, f fixture) {
	const who, kind, id = "https://idp.example desk", "auth_token", "one"
	grant := models.PersonalDataGrant{ActorID: who, ObjectKind: kind, ObjectID: id, ExpiresAt: Epoch.Add(time.Minute)}
	show := func(g models.PersonalDataGrant) {
		t.Helper()
		if err := f.GrantPersonalData(t.Context(), g, f.event(models.AuditPersonalDataShown, kind, id)); err != nil {
			t.Fatal(err)
		}
	}
	gone := func(actor, kind, id string, now time.Time) {
		t.Helper()
		_, err := f.PersonalDataGrant(t.Context(), actor, kind, id, now)
		f.wantKind(err, models.KindNotFound, models.CodeNotFound)
	}
	gone(who, kind, id, Epoch)
	show(grant)
	if got, err := f.PersonalDataGrant(t.Context(), who, kind, id, Epoch.Add(time.Minute-time.Microsecond)); err != nil || !got.ExpiresAt.Equal(grant.ExpiresAt) {
		t.Errorf("the grant is %+v, %v", got, err)
	}
	gone(who, kind, id, Epoch.Add(time.Minute))
	gone("https://idp.example other", kind, id, Epoch)
	gone(who, "refused_attempt", id, Epoch)
	gone(who, kind, "two", Epoch)

	grant.ExpiresAt = Epoch.Add(time.Hour)
	show(grant)
	if got, err := f.PersonalDataGrant(t.Context(), who, kind, id, Epoch.Add(time.Minute)); err != nil || !got.ExpiresAt.Equal(grant.ExpiresAt) {
		t.Errorf("prolonged it is %+v, %v", got, err)
	}
	if err := f.Prune(t.Context(), Epoch.Add(time.Hour-time.Microsecond), time.Hour); err != nil {
		t.Fatal(err)
	}
	if _, err := f.PersonalDataGrant(t.Context(), who, kind, id, Epoch); err != nil {
		t.Errorf("a good grant is pruned: %v", err)
	}
	other := grant
	other.ObjectID = "two"
	show(other)
	for range 2 { // the second time ends nothing and says nothing
		if err := f.WithdrawPersonalData(t.Context(), grant, f.event(models.AuditPersonalDataHidden, kind, id)); err != nil {
			t.Fatal(err)
		}
	}
	gone(who, kind, id, Epoch)
	if _, err := f.PersonalDataGrant(t.Context(), who, kind, "two", Epoch); err != nil {
		t.Errorf("another grant ended too: %v", err)
	}
	if err := f.Prune(t.Context(), Epoch.Add(time.Hour), time.Hour); err != nil {
		t.Fatal(err)
	}
	gone(who, kind, "two", Epoch)
	for action, want := range map[models.AuditAction]int{models.AuditPersonalDataShown: 3, models.AuditPersonalDataHidden: 1} {
		trail, err := f.AuditEvents(t.Context(), models.AuditFilter{Action: action}, models.PageRequest{})
		if err != nil || len(trail.Items) != want {
			t.Errorf("%s stands %d times in the trail, want %d; %v", action, len(trail.Items), want, err)
		}
	}
}
