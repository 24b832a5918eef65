package storetest

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"muster/models"
)

func sessions(t *testing.T, f fixture) {
	key := digest("cookie")
	row := &models.Session{
		Digest: key, Issuer: "https://idp.example", Subject: "s", Email: "e", Name: "n", Role: models.RoleAdmin,
		SealedIDToken: []byte("sealed"), CreatedAt: Epoch, LastActiveAt: Epoch, ExpiresAt: Epoch.Add(time.Hour),
	}
	if err := f.CreateSession(t.Context(), row, f.event(models.AuditLogin, "session", ""), f.event(models.AuditLogout, "session", "")); err != nil {
		t.Fatal(err)
	}
	if err := f.TouchSession(t.Context(), key, Epoch.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	got, err := f.Session(t.Context(), key)
	if err != nil || got.Role != models.RoleAdmin || string(got.SealedIDToken) != "sealed" || !got.LastActiveAt.Equal(Epoch.Add(time.Minute)) {
		t.Errorf("the session is %+v, %v", got, err)
	}
	if got.Preferences != (models.Preferences{}) {
		t.Errorf("who chose nothing has %+v", got.Preferences)
	}
	for _, chosen := range []models.Preferences{{Zone: "Asia/Kolkata", Rows: 25}, {Zone: "Europe/Berlin", Language: "de", Theme: "dark", Rows: 100}} {
		if err := f.SavePreferences(t.Context(), row.Issuer, row.Subject, chosen); err != nil {
			t.Fatal(err)
		}
		if err := f.SavePreferences(t.Context(), row.Issuer, "another", models.Preferences{Zone: "UTC"}); err != nil {
			t.Fatal(err)
		}
		if got, err = f.Session(t.Context(), key); err != nil || got.Preferences != chosen {
			t.Errorf("who chose %+v has %+v, %v", chosen, got.Preferences, err)
		}
	}
	left := models.SessionNotice{NoticeKind: "success", Notice: "Done.", NoticeUndo: "01request"}
	if err := f.SetSessionNotice(t.Context(), key, left); err != nil {
		t.Fatal(err)
	}
	var seen atomic.Int64
	together(8, func(int) {
		got, err := f.TakeSessionNotice(t.Context(), key)
		if err != nil {
			t.Error(err)
		}
		if got == left {
			seen.Add(1)
		}
	})
	if seen.Load() != 1 {
		t.Errorf("the notice was shown %d times", seen.Load())
	}
	for range 2 {
		if err := f.DeleteSession(t.Context(), key, f.event(models.AuditLogout, "session", "")); err != nil && !t.Failed() {
			t.Errorf("delete the session: %v", err)
		}
	}
	_, err = f.Session(t.Context(), key)
	f.wantKind(err, models.KindNotFound, models.CodeNotFound)
	if got, err := f.TakeSessionNotice(t.Context(), key); got != (models.SessionNotice{}) || err != nil {
		t.Errorf("the notice of no session: %+v, %v", got, err)
	}
	trail, err := f.AuditEvents(t.Context(), models.AuditFilter{Action: models.AuditLogout}, models.PageRequest{})
	if err != nil || len(trail.Items) != 1 {
		t.Errorf("%d logouts in the trail, %v", len(trail.Items), err)
	}
}

func singleUse(t *testing.T, f fixture) {
	var flows, forms atomic.Int64
	together(8, func(int) {
		switch err := f.SpendLoginFlow(t.Context(), digest("flow"), Epoch.Add(time.Minute)); {
		case err == nil:
			flows.Add(1)
		case models.ErrorKind(err) != models.KindConflict:
			t.Errorf("spend a login: %v", err)
		}
	})
	if flows.Load() != 1 {
		t.Errorf("a login was spent %d times", flows.Load())
	}

	nonce := digest("form")
	if err := f.CreateFormNonce(t.Context(), nonce, Epoch.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	together(8, func(int) {
		err := f.TakeFormNonce(t.Context(), nonce, Epoch)
		switch {
		case err == nil:
			forms.Add(1)
		case models.ErrorKind(err) != models.KindConflict:
			t.Errorf("take a form: %v", err)
		}
	})
	if forms.Load() != 1 {
		t.Errorf("a form was taken %d times", forms.Load())
	}
	if err := f.ReleaseFormNonce(t.Context(), nonce); err != nil {
		t.Fatal(err)
	}
	if err := f.TakeFormNonce(t.Context(), nonce, Epoch); err != nil {
		t.Errorf("a form that made nothing cannot be sent again: %v", err)
	}
	if err := f.FinishFormNonce(t.Context(), nonce, "made"); err != nil {
		t.Fatal(err)
	}
	if err := f.ReleaseFormNonce(t.Context(), nonce); err != nil {
		t.Fatal(err)
	}
	f.wantKind(f.TakeFormNonce(t.Context(), nonce, Epoch), models.KindConflict, models.CodeConflict)
	got, err := f.FormNonce(t.Context(), nonce)
	if err != nil || got.ObjectID != "made" {
		t.Errorf("the form made %+v, %v", got, err)
	}
	f.wantKind(f.TakeFormNonce(t.Context(), digest("unknown"), Epoch), models.KindNotFound, models.CodeNotFound)
	if err := f.CreateFormNonce(t.Context(), digest("old form"), Epoch); err != nil {
		t.Fatal(err)
	}
	f.wantKind(f.TakeFormNonce(t.Context(), digest("old form"), Epoch), models.KindNotFound, models.CodeNotFound)
}

func prune(t *testing.T, f fixture) {
	token := f.create(5)
	f.redeem(token.ID, keep("key"))
	for name, expires := range map[string]time.Time{"over": Epoch, "good": Epoch.Add(time.Microsecond)} {
		row := &models.Session{Digest: digest(name), CreatedAt: Epoch, LastActiveAt: Epoch, ExpiresAt: expires}
		if err := f.CreateSession(t.Context(), row, f.event(models.AuditLogin, "session", ""), f.event(models.AuditLogout, "session", "")); err != nil {
			t.Fatal(err)
		}
		if err := f.CreateFormNonce(t.Context(), digest(name), expires); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Prune(t.Context(), Epoch, time.Hour); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"over": false, "good": true} {
		_, sessionErr := f.Session(t.Context(), digest(name))
		_, formErr := f.FormNonce(t.Context(), digest(name))
		if (sessionErr == nil) != want || (formErr == nil) != want {
			t.Errorf("what is %s: %v, %v", name, sessionErr, formErr)
		}
	}
	if _, err := f.KeptAnswer(t.Context(), token.ID, digest("key"), Epoch); err != nil {
		t.Errorf("a young kept answer is gone: %v", err)
	}
	if err := f.Prune(t.Context(), Epoch.Add(24*time.Hour+time.Second), time.Hour); err != nil {
		t.Fatal(err)
	}
	_, err := f.KeptAnswer(t.Context(), token.ID, digest("key"), Epoch)
	f.wantKind(err, models.KindNotFound, models.CodeNotFound)
}

func keys(t *testing.T, f fixture) {
	var made atomic.Int64
	together(8, func(i int) {
		created, err := f.CreateSigningKey(t.Context(), &models.SigningKey{
			ID: fmt.Sprint("kid ", i), Algorithm: "ES256", PublicJWK: []byte("{}"), SealedKey: []byte("sealed"), CreatedAt: Epoch,
		}, f.event(models.AuditSigningKeyCreated, "signing_key", ""))
		if err != nil {
			t.Error(err)
		}
		if created {
			made.Add(1)
		}
	})
	all, err := f.SigningKeys(t.Context())
	if err != nil || made.Load() != 1 || len(all) != 1 || string(all[0].SealedKey) != "sealed" {
		t.Errorf("%d keys were made: %+v, %v", made.Load(), all, err)
	}

	key := &models.APIKey{
		ID: f.id(), Name: "ci", SecretDigest: digest("mak"), ScopeList: "introspect", CreatedBy: "Ada", CreatedAt: Epoch,
	}
	if err := f.CreateAPIKey(t.Context(), key, f.event(models.AuditAPIKeyCreated, "api_key", key.ID)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ at, want time.Duration }{{0, 0}, {59 * time.Second, 0}, {time.Minute, time.Minute}} {
		if err := f.TouchAPIKey(t.Context(), key.ID, Epoch.Add(c.at)); err != nil {
			t.Fatal(err)
		}
		got, err := f.APIKeyByDigest(t.Context(), digest("mak"))
		if err != nil || got.LastUsedAt == nil || !got.LastUsedAt.Equal(Epoch.Add(c.want)) || got.ScopeList != "introspect" {
			t.Errorf("used after %v: %+v, %v", c.at, got, err)
		}
	}
	for range 2 {
		if err := f.RevokeAPIKey(t.Context(), key.ID, Epoch, "Ada", f.event(models.AuditAPIKeyRevoked, "api_key", key.ID)); err != nil && !t.Failed() {
			t.Errorf("revoke: %v", err)
		}
	}
	listed, err := f.APIKeys(t.Context())
	if err != nil || len(listed) != 1 || listed[0].RevokedAt == nil || listed[0].RevokedBy != "Ada" {
		t.Errorf("the keys are %+v, %v", listed, err)
	}
	f.wantKind(f.RevokeAPIKey(t.Context(), "unknown", Epoch, "Ada", f.event("x", "y", "z")), models.KindNotFound, models.CodeNotFound)
	_, err = f.APIKeyByDigest(t.Context(), digest("unknown"))
	f.wantKind(err, models.KindNotFound, models.CodeNotFound)
}

func instanceClaims(t *testing.T, f fixture) {
	_, err := f.Instance(t.Context(), "mode")
	f.wantKind(err, models.KindNotFound, models.CodeNotFound)
	for _, mode := range []string{"development", "production"} {
		current, err := f.ClaimInstance(t.Context(), "mode", mode)
		if err != nil || current != "development" {
			t.Errorf("claiming %s: %q, %v", mode, current, err)
		}
	}
	if value, err := f.Instance(t.Context(), "mode"); value != "development" || err != nil {
		t.Errorf("the mode is %q, %v", value, err)
	}
	if err := f.Ping(t.Context()); err != nil {
		t.Error(err)
	}
	if err := f.SchemaCurrent(t.Context()); err != nil {
		t.Error(err)
	}
	all, err := f.Customers(t.Context())
	if err != nil || len(all) != 1 || all[0].ID != models.DefaultCustomerID || all[0].Name != "Default" {
		t.Errorf("the customers are %+v, %v", all, err)
	}
	if c, err := f.Customer(t.Context(), "default"); err != nil || c.Identifier != "default" {
		t.Errorf("the customer is %+v, %v", c, err)
	}
	_, err = f.Customer(t.Context(), "unknown")
	f.wantKind(err, models.KindNotFound, models.CodeNotFound)
}

func cancelled(t *testing.T, f fixture) {
	token := f.create(1)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := f.Redeem(ctx, token.ID, func() models.Consumption { return *f.consumption(token.ID) })
	f.wantKind(err, models.KindUnavailable, models.CodeUnavailable)
	_, err = f.RegistrationToken(ctx, token.ID)
	f.wantKind(err, models.KindUnavailable, models.CodeUnavailable)
	if f.read(token.ID).UsedCount != 0 {
		t.Error("a cancelled redemption took a count")
	}
}
