package store_test

import (
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store"
	"muster/models/store/storetest"
)

// What many ask for at once is looked up by key on PostgreSQL, also in a table that it
// has no statistics of yet: a plan that reads all of it made refreshing ten times slower.
func TestTogether_NeverScansOnPostgreSQL(t *testing.T) {
	t.Parallel()
	var log lockedBuffer
	logger := slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s := storetest.Open(t, storetest.Postgres(t), store.WithLogger(logger))
	fill(t, s)
	err := s.Derive(t.Context(), func(tx *gorm.DB) error {
		err := copies(tx, models.Redemption{}, map[string]string{"id": "'copy ' || n", "auth_token_id": "'copy ' || n", "use_number": "n + 1000"})
		return errors.Join(err, copies(tx, models.AuthToken{}, map[string]string{
			"id": "'copy ' || n", "redemption_id": "'copy ' || n",
			"family_digest": "sha256(CAST('copied family ' || n AS bytea))", "refresh_digest": "sha256(CAST('copied refresh ' || n AS bytea))",
		}))
	})
	if err != nil {
		t.Fatal(err)
	}
	log.Reset()
	for _, ask := range []func() error{
		func() error { _, err := s.Standing(t.Context(), "auth 1"); return err },
		func() error { _, err := s.Family(t.Context(), "auth 1"); return err },
		func() error {
			_, err := s.RotateRefreshToken(t.Context(), "auth 1", func() models.Rotation { return rotation("refresh 1", "next") })
			return err
		},
	} {
		if err := ask(); err != nil {
			t.Fatal(err)
		}
	}
	asked := 0
	for line := range strings.Lines(log.String()) {
		var logged struct{ Statement string }
		if err := json.Unmarshal([]byte(line), &logged); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(logged.Statement, "jsonb") {
			continue
		}
		asked++
		var plan []string
		err := s.Derive(t.Context(), func(tx *gorm.DB) error {
			for _, statement := range []string{"SET LOCAL plan_cache_mode = force_generic_plan", "PREPARE asked AS " + logged.Statement} {
				if err := tx.Exec(statement).Error; err != nil {
					return err
				}
			}
			values := strings.TrimSuffix(strings.Repeat("'[]', ", strings.Count(logged.Statement, "::jsonb")), ", ")
			if err := tx.Raw("EXPLAIN EXECUTE asked(" + values + ")").Scan(&plan).Error; err != nil {
				return err
			}
			return tx.Exec("DEALLOCATE asked").Error
		})
		if text := strings.Join(plan, "\n"); err != nil || strings.Contains(text, "Seq Scan on auth_tokens") || !strings.Contains(text, "auth_tokens_pkey") {
			t.Errorf("%s\n%s\n%v", logged.Statement, text, err)
		}
	}
	if asked != 4 { // two look-ups, the lock, the update
		t.Errorf("%d statements", asked)
	}
}

// copies makes 20,000 of a row, in which some columns are others.
func copies(tx *gorm.DB, of any, others map[string]string) error {
	parsed := gorm.Statement{DB: tx}
	if err := parsed.Parse(of); err != nil {
		return err
	}
	values := slices.Clone(parsed.Schema.DBNames)
	for i, name := range values {
		if other, ok := others[name]; ok {
			values[i] = other
		}
	}
	table := parsed.Schema.Table
	return tx.Exec("INSERT INTO " + table + " (" + strings.Join(parsed.Schema.DBNames, ", ") + ") SELECT " + strings.Join(values, ", ") +
		" FROM (SELECT * FROM " + table + " ORDER BY id LIMIT 1) AS one, generate_series(1, 20000) AS n").Error
}
