package store_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"muster/models"
	"muster/models/store"
	"muster/models/store/storetest"
)

// both runs a test on each database.
func both(t *testing.T, test func(t *testing.T, s *store.Store)) {
	t.Helper()
	storetest.OnEach(t, func(t *testing.T, databaseURL string) { test(t, storetest.Open(t, databaseURL)) })
}

// empty is both, before any migration.
func empty(t *testing.T, test func(t *testing.T, s *store.Store)) {
	t.Helper()
	storetest.OnEachEmpty(t, func(t *testing.T, databaseURL string) {
		s, err := store.Open(t.Context(), databaseURL)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
		test(t, s)
	})
}

const sqliteSchema = `SELECT type || ' ' || name || char(10) || sql FROM sqlite_master
WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' AND tbl_name <> 'goose_db_version' ORDER BY type, name`

const postgresSchema = `SELECT line FROM (
	SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type || ' nullable ' || is_nullable ||
		COALESCE(' default ' || column_default, '') || COALESCE(' collate ' || collation_name, '') AS line
	FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'goose_db_version'
	UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
	FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> 'goose_db_version'
	UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'goose_db_version'
	UNION ALL SELECT 'trigger ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
) AS lines ORDER BY line COLLATE "C"`

const sqliteColumns = `SELECT m.name || ' ' || c.name || ' ' || c.type FROM sqlite_master m, pragma_table_info(m.name) c
WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY 1`

const postgresColumns = `SELECT table_name || ' ' || column_name || ' ' || data_type
FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1`

// withTodaysColumns lets the store of today fill an older schema: meanwhile its
// tables have the columns that later migrations add, and the words of rows their table.
func withTodaysColumns(t *testing.T, s *store.Store, fill func()) {
	t.Helper()
	url, query := storetest.SQLite, sqliteColumns
	if s.Dialect() == store.PostgreSQL {
		url, query = storetest.Postgres, postgresColumns
	}
	read := func(s *store.Store) []string {
		columns, err := s.Strings(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		return columns
	}
	then, tables, later := read(s), map[string]bool{}, [][]string{}
	for _, column := range then {
		tables[strings.Fields(column)[0]] = true
	}
	for _, column := range read(storetest.Open(t, url(t))) {
		if parts := strings.SplitN(column, " ", 3); tables[parts[0]] && !slices.Contains(then, column) {
			later = append(later, parts)
		}
	}
	alter := func(change func(column, kind string) string) {
		for _, c := range later {
			if err := s.Exec(t.Context(), "ALTER TABLE "+c[0]+" "+change(c[1], c[2])); err != nil {
				t.Fatal(err)
			}
		}
	}
	exec := func(statement string) {
		if err := s.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	alter(func(column, kind string) string { return "ADD COLUMN " + column + " " + kind })
	if !tables["search_words"] {
		exec("CREATE TABLE search_words (kind INTEGER, form INTEGER, word TEXT, id TEXT)")
		defer exec("DROP TABLE search_words")
	}
	fill()
	alter(func(column, _ string) string { return "DROP COLUMN " + column })
}

// The schema that the migrations make is kept beside the tests, so that a
// change of it is seen. MUSTER_UPDATE_TESTDATA=1 writes it anew.
func TestMigrate_MakesTheRecordedSchema(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, s *store.Store) {
		query := sqliteSchema
		if s.Dialect() == store.PostgreSQL {
			query = postgresSchema
		}
		lines, err := s.Strings(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		got := strings.Join(lines, "\n") + "\n"
		file := filepath.Join("testdata", "schema_"+string(s.Dialect())+".txt")
		if os.Getenv("MUSTER_UPDATE_TESTDATA") != "" {
			if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil || got != string(want) {
			t.Errorf("the schema differs from %s (%v); it is\n%s", file, err, got)
		}
	})
}

func TestMigrate_ManyAtOnceApplyEachStepOnce(t *testing.T) {
	t.Parallel()
	storetest.OnEachEmpty(t, func(t *testing.T, databaseURL string) {
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				s, err := store.Open(t.Context(), databaseURL)
				if err != nil {
					t.Errorf("open: %v", err)
					return
				}
				if _, err := s.Migrate(t.Context()); err != nil {
					t.Errorf("migrate: %v", err)
				}
				if err := s.SchemaCurrent(t.Context()); err != nil {
					t.Errorf("after migrating: %v", err)
				}
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	})
}

func TestSchemaCurrent_NamesTheRemedy(t *testing.T) {
	t.Parallel()
	storetest.OnEachEmpty(t, func(t *testing.T, databaseURL string) {
		s, err := store.Open(t.Context(), databaseURL)
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}()
		err = s.SchemaCurrent(t.Context())
		if models.ErrorCode(err) != models.CodeSchemaOutdated || !strings.Contains(nextStep(err), "muster migrate") {
			t.Errorf("an empty database: %v", err)
		}
		if n, err := s.Migrate(t.Context()); n < 1 || err != nil {
			t.Errorf("migrate: %d, %v", n, err)
		}
		if n, err := s.Migrate(t.Context()); n != 0 || err != nil {
			t.Errorf("migrate again: %d, %v", n, err)
		}
		if err := s.Exec(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, TRUE)"); err != nil {
			t.Fatal(err)
		}
		calls := map[string]func(context.Context) error{
			"check": s.SchemaCurrent, "migrate": func(ctx context.Context) error { _, err := s.Migrate(ctx); return err },
		}
		for what, call := range calls {
			if err := call(t.Context()); err != nil {
				t.Errorf("%s a newer schema that only added: %v", what, err)
			}
		}
		if err := s.Exec(t.Context(), "UPDATE schema_serves SET oldest = 9999"); err != nil {
			t.Fatal(err)
		}
		for what, call := range calls {
			if err := call(t.Context()); models.ErrorKind(err) != models.KindConflict || !strings.Contains(nextStep(err), "newer release") {
				t.Errorf("%s a schema from the future: %v", what, err)
			}
		}
	})
}

func nextStep(err error) string {
	if e, ok := err.(*models.Error); ok { //nolint:errorlint // the store returns it bare
		return e.NextStep
	}
	return ""
}

// token is the statement that inserts a registration token of those numbers.
const insertToken = `INSERT INTO registration_tokens (id, customer_id, identifier, ref_id_1, ref_id_2, note, secret_digest, hint,
	count, used_count, redemption_count, expires_at, disabled_by, deleted_by, created_by, created_at, updated_at)
	VALUES (?, 'default', '', '', '', '', ?, '', ?, ?, ?, '2030-01-01 00:00:00+00:00', '', '', '', '2026-01-01 00:00:00+00:00', '2026-01-01 00:00:00+00:00')`

func TestSchema_StandsBehindTheCode(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, s *store.Store) {
		digest := func(b byte) []byte { d := make([]byte, 32); d[0] = b; return d }
		if err := s.Exec(t.Context(), insertToken, "a", digest(1), 5, 5, 5); err != nil {
			t.Fatalf("a good row: %v", err)
		}
		for name, args := range map[string][]any{
			"used above the count":       {"b", digest(2), 5, 6, 6},
			"used below zero":            {"b", digest(2), 5, -1, 0},
			"used above the redemptions": {"b", digest(2), 5, 2, 1},
			"count of zero":              {"b", digest(2), 0, 0, 0},
			"count above a million":      {"b", digest(2), 1000001, 0, 0},
			"a short digest":             {"b", []byte("short"), 5, 0, 0},
			"a digest twice":             {"b", digest(1), 5, 0, 0},
		} {
			if err := s.Exec(t.Context(), insertToken, args...); err == nil {
				t.Errorf("%s was accepted", name)
			}
		}
		// Without the guard of the statement the constraint still refuses.
		if err := s.Exec(t.Context(), "UPDATE registration_tokens SET used_count = used_count + 1, redemption_count = redemption_count + 1"); err == nil {
			t.Error("a count too many was accepted")
		}
		if s.Dialect() == store.SQLite {
			err := s.Exec(t.Context(), "UPDATE registration_tokens SET expires_at = '2030-01-01 09:00:00+09:00'")
			if err == nil || !strings.Contains(err.Error(), "CHECK") {
				t.Errorf("a time in another zone: %v", err)
			}
		}
	})
}

func TestSchema_LedgerAndTrailOnlyGrow(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, s *store.Store) {
		fill(t, s)
		statements := []string{
			"UPDATE redemptions SET ip = ''", "DELETE FROM redemptions",
			"UPDATE reclaims SET reason = ''", "DELETE FROM reclaims",
			"UPDATE audit_events SET detail = ''", "DELETE FROM audit_events",
		}
		if s.Dialect() == store.PostgreSQL {
			statements = append(statements, "TRUNCATE audit_events", "TRUNCATE redemptions CASCADE", "TRUNCATE reclaims")
		}
		for _, statement := range statements {
			if err := s.Exec(t.Context(), statement); err == nil || !strings.Contains(err.Error(), "never changed or deleted") {
				t.Errorf("%s: %v", statement, err)
			}
		}
	})
}
