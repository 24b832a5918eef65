// Package database connects GORM to SQLite or PostgreSQL, and says what the errors
// of their drivers mean. It knows nothing of what is stored.
package database

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"strings"
	"time"

	"gorm.io/gorm"

	"muster/models"
)

// Dialect names a kind of database.
type Dialect string

// The dialects.
const (
	SQLite     Dialect = "sqlite"
	PostgreSQL Dialect = "postgres"
)

// Options are how a database is opened.
type Options struct {
	// Log gets each statement at debug level, with placeholders and never with
	// bound values; nil logs nothing.
	Log *slog.Logger
	// MaxConns is the largest number of connections: for reading on SQLite
	// (0 is 4), in total on PostgreSQL (0 is 20).
	MaxConns int
	// Busy is how long a change waits for others: in total for the one writer of
	// SQLite, for each lock on PostgreSQL.
	Busy time.Duration
	// Now is the clock.
	Now func() time.Time
}

// Database is an open one. It is safe for concurrent use; [Database.Close] it.
type Database struct {
	Dialect Dialect
	// Write is the only handle that changes anything; on SQLite it has one
	// connection, so inside a transaction only the transaction's handle may be
	// used. On PostgreSQL a statement of Read ends after a minute; one of Write may take
	// as long as it does.
	Write, Read *gorm.DB
	// HotWrite and HotRead are for what devices ask, which pages must never keep waiting:
	// connections of their own, but for the one writer of SQLite.
	HotWrite, HotRead *gorm.DB
	// LowerFormat is how a column is folded for searching.
	LowerFormat string

	path  string // of the SQLite file
	pools []pool
	opts  Options
}

const urlHelp = "Use sqlite:///absolute/path/muster.db (three slashes) or postgres://user:password@host:5432/database."

// Open connects to the database of databaseURL and checks that it answers. A SQLite
// file and its directory are created, readable by their owner alone. KindInvalid,
// naming the fix, for a URL that cannot be used; else an error of the driver. The
// Database is to be closed in any case.
func Open(ctx context.Context, databaseURL string, opts Options) (*Database, error) {
	d := &Database{opts: opts}
	scheme, _, _ := strings.Cut(databaseURL, ":")
	switch scheme {
	case "sqlite":
		return d, d.openSQLite(ctx, databaseURL)
	case "postgres", "postgresql":
		return d, d.openPostgres(ctx, databaseURL)
	case "":
		return d, models.InvalidField("databaseURL", "No database URL is given. "+urlHelp)
	}
	return d, models.InvalidField("databaseURL", "The database URL has an unknown scheme. "+urlHelp)
}

// Close ends all connections.
func (d *Database) Close() error {
	var errs []error
	for _, pool := range d.pools {
		errs = append(errs, pool.Close())
	}
	return errors.Join(errs...)
}

// Pool is the one that writes.
func (d *Database) Pool() *sql.DB { return d.pools[0].DB }

// Path is that of the SQLite file.
func (d *Database) Path() string { return d.path }

func (d *Database) gorm(dialector gorm.Dialector) (*gorm.DB, error) {
	return gorm.Open(dialector, &gorm.Config{
		TranslateError:         true,
		SkipDefaultTransaction: true, // transactions are explicit
		QueryFields:            true, // a column added by a newer release must not break an older one
		NowFunc:                func() time.Time { return d.opts.Now().UTC() },
		Logger:                 statementLogger{log: d.opts.Log},
	})
}
