// Package storetest is the conformance suite of the store, and opens
// throw-away databases for the tests of other packages. Start with run.go.
package storetest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"muster/models/store"
)

// SQLite returns the URL of a SQLite file of the test's own, with the current
// schema and no rows: a copy of one that is migrated once for a process, since
// doing so costs more than most tests.
func SQLite(tb testing.TB) string {
	tb.Helper()
	file, err := migratedFile()
	if err != nil {
		tb.Fatalf("make a SQLite database: %v", err)
	}
	path := filepath.Join(tb.TempDir(), "muster.db")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		tb.Fatalf("copy a SQLite database: %v", err)
	}
	return "sqlite://" + path
}

// EmptySQLite returns the URL of a SQLite file of the test's own, not made yet.
func EmptySQLite(tb testing.TB) string {
	tb.Helper()
	return "sqlite://" + filepath.Join(tb.TempDir(), "data", "muster.db")
}

var migratedFile = sync.OnceValues(func() (_ []byte, err error) {
	dir, err := os.MkdirTemp("", "muster-schema-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "muster.db")
	if err := migrate("sqlite://" + path); err != nil {
		return nil, err
	}
	return os.ReadFile(path) //nolint:gosec // ours
})

// migrate brings the database to the current schema and leaves it closed.
func migrate(databaseURL string) error {
	ctx := context.Background()
	s, err := store.Open(ctx, databaseURL)
	if err != nil {
		return err
	}
	_, err = s.Migrate(ctx)
	return errors.Join(err, s.Close())
}

// OnEach runs a test on a database of each kind with the current schema.
func OnEach(t *testing.T, test func(t *testing.T, databaseURL string)) {
	t.Helper()
	onEach(t, test, SQLite, Postgres)
}

// OnEachEmpty runs a test on an empty database of each kind, not migrated yet.
func OnEachEmpty(t *testing.T, test func(t *testing.T, databaseURL string)) {
	t.Helper()
	onEach(t, test, EmptySQLite, EmptyPostgres)
}

func onEach(t *testing.T, test func(t *testing.T, databaseURL string), sqlite, postgres func(testing.TB) string) {
	t.Helper()
	for name, url := range map[string]func(testing.TB) string{"SQLite": sqlite, "PostgreSQL": postgres} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, url(t))
		})
	}
}

// deskPatience leaves the desk more time than there is in production: a test asks
// what it says, not how soon.
const deskPatience = 3 * time.Minute

// Open opens the database, brings its schema up to date and closes it when the
// test ends.
func Open(tb testing.TB, databaseURL string, opts ...store.Option) *store.Store {
	tb.Helper()
	s, err := store.Open(tb.Context(), databaseURL, append([]store.Option{store.WithDeskPatience(deskPatience)}, opts...)...)
	if err != nil {
		tb.Fatalf("open the database: %v", err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Errorf("close the database: %v", err)
		}
	})
	if _, err := s.Migrate(tb.Context()); err != nil {
		tb.Fatalf("migrate the database: %v", err)
	}
	return s
}
