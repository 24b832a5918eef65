package storetest

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"muster/models"
)

// signIn opens a session of a person that the provider calls sid.
func (f fixture) signIn(name, subject, sid string, at time.Time) []byte {
	f.tb.Helper()
	key := digest(name)
	row := &models.Session{
		Digest: key, Issuer: "https://idp.example", Subject: subject, ProviderSession: sid,
		CreatedAt: at, LastActiveAt: at, ExpiresAt: at.Add(time.Hour),
	}
	if err := f.CreateSession(f.tb.Context(), row, f.event(models.AuditLogin, "session", ""), f.event(models.AuditLogout, "session", "")); err != nil {
		f.tb.Fatal(err)
	}
	return key
}

func (f fixture) signedIn(key []byte) bool {
	f.tb.Helper()
	_, err := f.Session(f.tb.Context(), key)
	if err != nil && models.ErrorKind(err) != models.KindNotFound {
		f.tb.Fatal(err)
	}
	return err == nil
}

// A person has at most ten sessions, also when several logins come at once.
func sessionLimit(t *testing.T, f fixture) {
	other := f.signIn("other", "other", "", Epoch)
	first := f.signIn("first", "busy", "", Epoch)
	keys := make([][]byte, 24)
	for i := range keys[:12] {
		keys[i] = f.signIn(fmt.Sprint("tab ", i), "busy", "", Epoch.Add(time.Duration(i+1)*time.Second))
	}
	together(12, func(i int) {
		keys[12+i] = f.signIn(fmt.Sprint("tab ", 12+i), "busy", "", Epoch.Add(time.Minute))
	})
	open := 0
	for _, key := range keys {
		if f.signedIn(key) {
			open++
		}
	}
	if open != models.MaxSessions || f.signedIn(first) || f.signedIn(keys[0]) || !f.signedIn(other) {
		t.Errorf("%d sessions are open; the first: %t, the other person's: %t", open, f.signedIn(first), f.signedIn(other))
	}
	trail, err := f.AuditEvents(t.Context(), models.AuditFilter{Action: models.AuditLogout}, models.PageRequest{Size: models.MaxPageSize})
	if err != nil || len(trail.Items) != 15 {
		t.Errorf("%d ends of sessions in the trail, %v", len(trail.Items), err)
	}
}

// Of several that see a due session one checks it, and what that brings is kept.
func sessionCheck(t *testing.T, f fixture) {
	key := f.signIn("cookie", "s", "", Epoch)
	due := (*time.Time)(nil)
	for round := range 2 {
		until := Epoch.Add(time.Duration(round+1) * time.Minute)
		var taken atomic.Int64
		together(8, func(int) {
			mine, err := f.TakeSessionCheck(t.Context(), key, due, until)
			if err != nil {
				t.Error(err)
			}
			if mine {
				taken.Add(1)
			}
		})
		if taken.Load() != 1 {
			t.Errorf("%d check the session", taken.Load())
		}
		got, err := f.Session(t.Context(), key)
		if err != nil || got.CheckAt == nil || !got.CheckAt.Equal(until) {
			t.Fatalf("%+v, %v", got, err)
		}
		due = got.CheckAt
	}
	proof := models.SessionProof{SealedIDToken: []byte("id"), SealedRefreshToken: []byte("refresh"), CheckAt: Epoch.Add(time.Hour)}
	if err := f.RenewSession(t.Context(), key, proof); err != nil {
		t.Fatal(err)
	}
	got, err := f.Session(t.Context(), key)
	if err != nil || string(got.SealedRefreshToken) != "refresh" || string(got.SealedIDToken) != "id" || !got.CheckAt.Equal(proof.CheckAt) {
		t.Errorf("%+v, %v", got, err)
	}
	if err := f.RenewSession(t.Context(), digest("gone"), proof); err != nil {
		t.Error(err)
	}
}

// A logout at the provider ends what it is about, and counts once.
func providerLogout(t *testing.T, f fixture) {
	const issuer = "https://idp.example"
	laptop, phone := f.signIn("laptop", "nora", "sid-1", Epoch), f.signIn("phone", "nora", "sid-2", Epoch)
	unknown := f.signIn("unknown", "nora", "", Epoch)
	other := f.signIn("other", "emily", "sid-3", Epoch)
	end := func(id string, l models.ProviderLogout) (int, error) {
		l.ID, l.Expires = id, Epoch.Add(time.Minute)
		ended, err := f.EndProviderSessions(t.Context(), l, f.event(models.AuditLogout, "person", l.Subject))
		return len(ended), err
	}
	for i, l := range []models.ProviderLogout{
		{Issuer: "https://other.example", Subject: "nora"}, {Issuer: issuer, Session: "sid-4"},
		{Issuer: issuer, Subject: "emily", Session: "sid-1"}, {Issuer: issuer, Subject: "nobody"},
	} {
		if n, err := end(fmt.Sprint("miss ", i), l); n != 0 || err != nil {
			t.Errorf("%+v ends %d, %v", l, n, err)
		}
	}
	if n, err := end("1", models.ProviderLogout{Issuer: issuer, Session: "sid-1"}); n != 1 || err != nil || f.signedIn(laptop) || !f.signedIn(phone) {
		t.Errorf("by session: %d, %v", n, err)
	}
	again := f.signIn("again", "nora", "sid-1", Epoch)
	_, err := end("1", models.ProviderLogout{Issuer: issuer, Session: "sid-1"})
	f.wantKind(err, models.KindConflict, models.CodeConflict)
	if !f.signedIn(again) {
		t.Error("a logout that was told before ends a new session")
	}
	if n, err := end("2", models.ProviderLogout{Issuer: issuer, Subject: "nora", Session: "sid-2"}); n != 2 || err != nil || f.signedIn(phone) || f.signedIn(unknown) {
		t.Errorf("by both: %d, %v", n, err)
	}
	if n, err := end("3", models.ProviderLogout{Issuer: issuer, Subject: "nora"}); n != 1 || err != nil || f.signedIn(again) || !f.signedIn(other) {
		t.Errorf("by person: %d, %v", n, err)
	}
	trail, err := f.AuditEvents(t.Context(), models.AuditFilter{Action: models.AuditLogout}, models.PageRequest{})
	if err != nil || len(trail.Items) != 3 {
		t.Errorf("%d logouts in the trail, %v", len(trail.Items), err)
	}
}
