package handlers_test

import (
	"context"
	"database/sql"
	"net/http"
	"strings"
	"testing"
	"time"

	"muster/handlers"
	"muster/models/store/storetest"
)

// endlessTrail makes every list of the trail read for ever.
func (w *world) endlessTrail() {
	w.t.Helper()
	db, err := sql.Open("sqlite3", "file:"+w.path)
	must(w.t, err)
	defer db.Close()
	for _, statement := range []string{
		"ALTER TABLE audit_events RENAME TO kept_events",
		`CREATE VIEW audit_events AS SELECT kept_events.* FROM kept_events CROSS JOIN
		(WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n) AS numbers WHERE i < 0`,
	} {
		_, err := db.ExecContext(w.t.Context(), statement)
		must(w.t, err)
	}
}

func TestPages_ThatTakeTooLongSaySo(t *testing.T) {
	t.Parallel()
	w := newWorldOn(t, storetest.SQLite(t), func(c *handlers.Config) { c.PageTimeout = 300 * time.Millisecond })
	admin := w.login("admin")
	w.endlessTrail()
	page := admin.get("/admin/audit").wants(http.StatusServiceUnavailable)
	if page.header.Get("Retry-After") == "" || !strings.Contains(page.body, "<main") {
		t.Errorf("it is answered with %v\n%.500s", page.header, page.body)
	}
	admin.get("/healthz").wants(http.StatusOK)
}

func TestPages_EndWithTheirReader(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin := w.login("admin")
	w.endlessTrail()
	ctx, leave := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer leave()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, w.base+"/admin/audit", http.NoBody)
	must(t, err)
	if answer, err := admin.client.Do(r); err == nil {
		_ = answer.Body.Close()
		t.Fatalf("it is answered %s", answer.Status)
	}
	const line = `"route":"/admin/audit"`
	for late := time.After(time.Second); !strings.Contains(w.logs.String(), line); {
		select {
		case <-late:
			t.Fatal("it is still made a second after its reader has gone")
		case <-time.After(10 * time.Millisecond):
		}
	}
}
