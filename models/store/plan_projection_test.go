package store_test

import (
	"encoding/json"
	"log/slog"
	"regexp"
	"strings"
	"testing"

	"muster/models"
	"muster/models/store"
	"muster/models/store/storetest"
)

var ofProjection = regexp.MustCompile(`^(SELECT|UPDATE|DELETE).*\bdesk_|^SELECT.*\bchanged\b`)

// A batch reads and writes along indexes, however large the tables are.
func TestProjection_NeverScans(t *testing.T) {
	t.Parallel()
	var log lockedBuffer
	s := storetest.Open(t, storetest.SQLite(t), store.WithLogger(slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))))
	if err := s.CreateRegistrationToken(t.Context(), newToken("t", models.MaxCount), newEvent("created")); err != nil {
		t.Fatal(err)
	}
	h := newHistory(t, s, 3)
	s.BatchOf(3)
	for range 300 {
		h.step(t)
	}
	current(t, s)
	plans := map[string]bool{}
	for line := range strings.Lines(log.String()) {
		var entry struct{ Statement string }
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Fatal(err)
		}
		statement := entry.Statement
		if !ofProjection.MatchString(statement) || plans[statement] {
			continue
		}
		plans[statement] = true
		if plan := queryPlan(t, s, statement); scanned.MatchString(plan) || strings.Contains(plan, "AUTOMATIC") {
			t.Errorf("%s\nis planned as %s", statement, plan)
		}
	}
	if len(plans) < 12 {
		t.Errorf("only %d statements were looked at", len(plans))
	}
}
