// Package storetest is the conformance suite of the store, and opens
// throw-away databases for the tests of other packages. Start with run.go.
package storetest

import (
	"path/filepath"
	"testing"
	"time"

	"muster/models/store"
)

// SQLite returns the URL of a SQLite file of the test's own, not made yet.
func SQLite(tb testing.TB) string {
	tb.Helper()
	return "sqlite://" + filepath.Join(tb.TempDir(), "data", "muster.db")
}

// OnEach runs a test on an empty database of each kind, not migrated yet.
func OnEach(t *testing.T, test func(t *testing.T, databaseURL string)) {
	t.Helper()
	for name, url := range map[string]func(testing.TB) string{"SQLite": SQLite, "PostgreSQL": Postgres} {
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
