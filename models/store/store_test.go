package store_test

import (
	"testing"

	"muster/models/store"
	"muster/models/store/storetest"
)

func TestStore_OnSQLite(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) *store.Store { return storetest.Open(t, storetest.SQLite(t)) })
}

func TestStore_OnPostgreSQL(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) *store.Store {
		// Below the number of parallel callers, so that they queue too.
		return storetest.Open(t, storetest.Postgres(t), store.WithMaxConns(12))
	})
}
