package storetest

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"muster/internal/test/postgres"
)

// One PostgreSQL serves all tests of a process: starting one costs a second.
var (
	sharedCluster = sync.OnceValues(func() (*postgres.Cluster, error) { return postgres.Start(postgres.Fast...) })
	databases     atomic.Int64
)

// Postgres returns the URL of a PostgreSQL database of the test's own with the
// current schema and no rows, in a server this process starts from Debian's
// packages. Without PostgreSQL the test fails, and says how to install it.
func Postgres(tb testing.TB) string {
	tb.Helper()
	template, err := migratedDatabase()
	if err != nil {
		tb.Fatalf("make a PostgreSQL database: %v", err)
	}
	return newDatabase(tb, " TEMPLATE "+template)
}

// EmptyPostgres is [Postgres] without a schema.
func EmptyPostgres(tb testing.TB) string {
	tb.Helper()
	return newDatabase(tb, "")
}

// migratedDatabase is copied by [Postgres]; nobody stays connected to it.
var migratedDatabase = sync.OnceValues(func() (string, error) {
	const name = "migrated"
	c, err := sharedCluster()
	if err == nil {
		err = c.Exec(context.Background(), "CREATE DATABASE "+name)
	}
	if err == nil {
		err = migrate(c.URL(name))
	}
	return name, err
})

func newDatabase(tb testing.TB, options string) string {
	tb.Helper()
	c, err := sharedCluster()
	if err != nil {
		tb.Fatalf("start PostgreSQL: %v", err)
	}
	name := fmt.Sprintf("test_%d", databases.Add(1))
	if err := c.Exec(tb.Context(), "CREATE DATABASE "+name+options); err != nil {
		tb.Fatalf("create a PostgreSQL database: %v", err)
	}
	tb.Cleanup(func() {
		// tb.Context is over by now.
		if err := c.Exec(context.WithoutCancel(tb.Context()), "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			tb.Errorf("drop the PostgreSQL database: %v", err)
		}
	})
	return c.URL(name)
}
