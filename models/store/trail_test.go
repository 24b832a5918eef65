package store_test

import (
	"testing"
	"time"

	"muster/models"
	"muster/models/store"
)

// Sessions and purges need their row in the trail too (rule 22).
func TestTrail_NothingHappensThatCannotBeWrittenDown(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		session := func(n byte) *models.Session {
			digest := make([]byte, 32)
			digest[0] = n
			return &models.Session{Digest: digest, Issuer: "i", Subject: "s", CreatedAt: day, LastActiveAt: day, ExpiresAt: day.Add(3 * time.Hour)}
		}
		event := func(id string) models.AuditEvent {
			return models.AuditEvent{ID: id, OccurredAt: day, Action: models.AuditLogin}
		}
		if err := s.CreateSession(ctx, session(1), event("e1"), event("x1")); err != nil {
			t.Fatal(err)
		}
		attempt := &models.RefusedAttempt{ID: "a", SupportCode: "AAAA-AAAA", AttemptedAt: day, Channel: models.ChannelPage}
		if _, err := s.RecordRefusedAttempt(ctx, attempt, models.RefusedCaps{Total: 10}); err != nil {
			t.Fatal(err)
		}
		broken := "CREATE TRIGGER trail_is_broken BEFORE INSERT ON audit_events BEGIN SELECT RAISE(ABORT, 'broken'); END"
		if s.Dialect() == store.PostgreSQL {
			broken = "ALTER TABLE audit_events ADD CONSTRAINT trail_is_broken CHECK (false) NOT VALID"
		}
		if err := s.Exec(ctx, broken); err != nil {
			t.Fatal(err)
		}
		for name, call := range map[string]func() error{
			"a login":  func() error { return s.CreateSession(ctx, session(2), event("e2"), event("x2")) },
			"a logout": func() error { return s.DeleteSession(ctx, session(1).Digest, event("e3")) },
			"a purge":  func() error { return s.Prune(ctx, day.Add(2*time.Hour), time.Hour) },
			"a look at addresses": func() error {
				return s.GrantPersonalData(ctx, models.PersonalDataGrant{ActorID: "i s", ObjectKind: "auth_token", ObjectID: "a", ExpiresAt: day.Add(time.Hour)}, event("e5"))
			},
			"event alone": func() error { return s.AppendAudit(ctx, event("e4")) },
		} {
			if err := call(); err == nil {
				t.Errorf("%s went on", name)
			}
		}
		if _, err := s.Session(ctx, session(1).Digest); err != nil {
			t.Errorf("the session is gone: %v", err)
		}
		if _, err := s.Session(ctx, session(2).Digest); models.ErrorKind(err) != models.KindNotFound {
			t.Errorf("somebody is logged in: %v", err)
		}
		if _, err := s.PersonalDataGrant(ctx, "i s", "auth_token", "a", day); models.ErrorKind(err) != models.KindNotFound {
			t.Errorf("addresses are shown that nobody wrote down: %v", err)
		}
		if _, err := s.RefusedAttemptByCode(ctx, "AAAA-AAAA"); err != nil {
			t.Errorf("the refused attempt is gone: %v", err)
		}
	})
}

// Each older schema is brought up to date with its rows.
func TestMigrate_KeepsTheRowsOfOlderSchemas(t *testing.T) {
	t.Parallel()
	empty(t, func(t *testing.T, s *store.Store) {
		if err := s.MigrateTo(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		withTodaysColumns(t, s, func() { redeemThree(t, s) })
		before, err := s.Strings(t.Context(), "SELECT id FROM audit_events")
		if err != nil || len(before) == 0 {
			t.Fatalf("%v, %v", before, err)
		}
		if n, err := s.Migrate(t.Context()); n < 1 || err != nil {
			t.Fatalf("%d steps, %v", n, err)
		}
		// Redemptions of before have events of their own.
		after, err := s.AuditEvents(t.Context(), models.AuditFilter{}, models.PageRequest{})
		if err != nil || len(after.Items) != len(before) || after.Items[0].ID != before[0] {
			t.Errorf("the trail is %+v, was %v, %v", after.Items, before, err)
		}
		found, err := s.AuthTokens(t.Context(), models.AuthTokenFilter{}, models.PageRequest{}, day)
		if err != nil || len(found.Items) == 0 {
			t.Fatalf("%d auth tokens, %v", len(found.Items), err)
		}
		groups, err := s.UseGroups(t.Context(), models.AuthTokenFilter{RegistrationTokenID: "t"}, models.FacetDevice, models.PageRequest{}, day)
		if err != nil || len(groups.Items) != 1 || groups.Items[0].Uses != len(found.Items) {
			t.Errorf("the desk has %+v of %d auth tokens, %v", groups.Items, len(found.Items), err)
		}
	})
}
