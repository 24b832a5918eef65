package storetest

import (
	"strings"
	"testing"
	"time"

	"muster/models"
)

func pruneRefusedAttempts(t *testing.T, f fixture) {
	const retention = 400 * 24 * time.Hour
	token := f.create(1)
	for code, at := range map[string]time.Time{
		"OLD0-0000": Epoch.Add(-retention - time.Microsecond), "KEPT-0000": Epoch.Add(-retention),
	} {
		attempt := models.RefusedAttempt{
			ID: f.id(), SupportCode: code, RegistrationTokenID: &token.ID,
			Reason: models.CodeRegistrationTokenExhausted, AttemptedAt: at, Channel: models.ChannelREST,
		}
		if _, err := f.RecordRefusedAttempt(t.Context(), &attempt, models.RefusedCaps{Total: 10}); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 { // the second time finds nothing and says nothing
		if err := f.Prune(t.Context(), Epoch, retention); err != nil {
			t.Fatal(err)
		}
	}
	_, err := f.RefusedAttemptByCode(t.Context(), "OLD0-0000")
	f.wantKind(err, models.KindNotFound, models.CodeNotFound)
	if _, err := f.RefusedAttemptByCode(t.Context(), "KEPT-0000"); err != nil {
		t.Errorf("an attempt within the retention time is gone: %v", err)
	}
	trail, err := f.AuditEvents(t.Context(), models.AuditFilter{Action: models.AuditRefusedAttemptsPurged}, models.PageRequest{})
	if err != nil || len(trail.Items) != 1 || !strings.Contains(trail.Items[0].Detail, `"number":1`) {
		t.Errorf("the trail says %+v, %v", trail.Items, err)
	}
	if got := f.read(token.ID).RefusedCount; got != 2 {
		t.Errorf("the refused count fell to %d", got)
	}
}
