// Package migrations holds the steps that created the schema. It imports nothing
// of this repository: a released step always does what it did when it was
// released, whatever else changes. Most steps are SQL, a file for each dialect;
// what SQL cannot easily do is Go.
package migrations

import (
	"database/sql"
	"embed"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed sqlite postgres
var files embed.FS

const postgres = "postgres"

// Provider applies the steps to a database; the dialect has the name of the
// directory of its steps. On PostgreSQL several processes may do so at once.
func Provider(dialect string, db *sql.DB) (*goose.Provider, error) {
	steps, err := fs.Sub(files, dialect)
	if err != nil {
		return nil, err
	}
	database := goose.DialectSQLite3
	opts := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true), goose.WithGoMigrations(append(next, fillUseKeys(dialect))...)}
	if dialect == postgres {
		database = goose.DialectPostgres
		// Try every second, for two minutes: another replica is migrating.
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 120))
		if err != nil {
			return nil, err
		}
		opts = append(opts, goose.WithSessionLocker(locker))
	}
	return goose.NewProvider(database, db, steps, opts...)
}
