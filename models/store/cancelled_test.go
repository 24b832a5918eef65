package store_test

import (
	"context"
	"testing"
	"time"

	"muster/models"
	"muster/models/store"
	"muster/models/store/storetest"
)

// endless makes every list of the trail read for ever: its table becomes a view that
// never comes to an end.
var endless = []string{
	"ALTER TABLE audit_events RENAME TO kept_events",
	`CREATE VIEW audit_events AS SELECT kept_events.* FROM kept_events CROSS JOIN
	(WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n) AS numbers WHERE i < 0`,
}

// A statement ends with its reader, in the database as well.
func TestStatements_EndWhenTheirReaderIsGone(t *testing.T) {
	t.Parallel()
	storetest.OnEach(t, func(t *testing.T, databaseURL string) {
		const within = time.Second
		s := storetest.Open(t, databaseURL)
		fill(t, s)
		if err := s.AppendAudit(t.Context(), models.AuditEvent{ID: "e", OccurredAt: day, ActorName: "Ada Admin", Action: models.AuditLogin}); err != nil {
			t.Fatal(err)
		}
		for _, statement := range endless {
			if err := s.Exec(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
		for name, read := range map[string]func(ctx context.Context) error{
			"a search": func(ctx context.Context) error {
				_, err := s.AuditEvents(ctx, models.AuditFilter{Search: "ada"}, models.PageRequest{})
				return err
			},
			"a list": func(ctx context.Context) error {
				_, err := s.AuditEvents(ctx, models.AuditFilter{}, models.PageRequest{Count: true})
				return err
			},
		} {
			ctx, leave := context.WithTimeout(t.Context(), 300*time.Millisecond) // it reads by then
			err := read(ctx)
			deadline, _ := ctx.Deadline()
			leave()
			if took := time.Since(deadline); took < 0 || took > within || models.ErrorKind(err) != models.KindUnavailable {
				t.Errorf("%s: %s after its reader had gone: %v", name, took, err)
			}
			if s.Dialect() == store.PostgreSQL {
				waitUntilIdle(t, s, deadline.Add(within))
			}
		}
		// The connections are free: more than there are would wait for ever.
		for range 40 {
			if _, err := s.RegistrationToken(t.Context(), "t"); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// waitUntilIdle fails if PostgreSQL still runs a statement of the trail at a time.
func waitUntilIdle(t *testing.T, s *store.Store, at time.Time) {
	t.Helper()
	for {
		running, err := s.Strings(t.Context(), `SELECT query FROM pg_stat_activity
			WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid() AND query LIKE '%audit_events%'`)
		if err != nil {
			t.Fatal(err)
		}
		if len(running) == 0 {
			return
		}
		if time.Now().After(at) {
			t.Fatalf("the database still runs %q", running)
		}
	}
}
