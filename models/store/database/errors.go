package database

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"io/fs"
	"net"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/mattn/go-sqlite3"
	"gorm.io/gorm"
)

var (
	sqliteUnique     = []sqlite3.ErrNoExtended{sqlite3.ErrConstraintUnique, sqlite3.ErrConstraintPrimaryKey}
	sqliteForeignKey = []sqlite3.ErrNoExtended{sqlite3.ErrConstraintForeignKey}
)

// Duplicate reports a row that exists already.
func Duplicate(err error) bool { return violates(err, gorm.ErrDuplicatedKey, sqliteUnique, "23505") }

// Dangling reports a reference to a row that does not exist.
func Dangling(err error) bool {
	return violates(err, gorm.ErrForeignKeyViolated, sqliteForeignKey, "23503")
}

// violates looks for GORM's error, and for the driver's where GORM does not
// translate it (at COMMIT).
func violates(err, translated error, extended []sqlite3.ErrNoExtended, state string) bool {
	if errors.Is(err, translated) {
		return true
	}
	if e, ok := errors.AsType[sqlite3.Error](err); ok {
		return slices.Contains(extended, e.ExtendedCode)
	}
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && e.Code == state
}

// Unreachable reports failures that may be over at the next try: the database is
// busy, full, starting, stopping or away.
func Unreachable(err error) bool {
	if e, ok := errors.AsType[sqlite3.Error](err); ok {
		switch e.Code {
		case sqlite3.ErrBusy, sqlite3.ErrLocked, sqlite3.ErrFull, sqlite3.ErrIoErr, sqlite3.ErrCantOpen,
			sqlite3.ErrReadonly, sqlite3.ErrNomem, sqlite3.ErrInterrupt, sqlite3.ErrProtocol, sqlite3.ErrPerm:
			return true
		}
		return false
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch class := e.Code[:min(2, len(e.Code))]; class {
		case "08", // connection
			"25", // read-only: a standby
			"40", // rolled back: deadlock, serialization
			"53", // resources, disk full included
			"55", // lock not available
			"57", // shutdown, starting up, cancelled
			"58": // input or output error
			return true
		}
		return e.Code == "28000" || e.Code == "28P01" || e.Code == "3D000" // login or database refused
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return true
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return true
	}
	for _, e := range []error{
		driver.ErrBadConn, sql.ErrConnDone, sql.ErrTxDone, io.EOF, io.ErrUnexpectedEOF,
		net.ErrClosed, fs.ErrPermission, gorm.ErrInvalidTransaction,
	} {
		if errors.Is(err, e) {
			return true
		}
	}
	// database/sql and pgx have no value for these two.
	return strings.Contains(err.Error(), "database is closed") || strings.Contains(err.Error(), "conn closed")
}

// Unstorable reports text that PostgreSQL cannot hold: a NUL, or bytes that are
// not UTF-8.
func Unstorable(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (e.Code == "22021" || e.Code == "22P05" || e.Code == "22P02")
}

// NotSQLite reports a file that is something else.
func NotSQLite(err error) bool {
	e, ok := errors.AsType[sqlite3.Error](err)
	return ok && e.Code == sqlite3.ErrNotADB
}

// RolledBack reports a PostgreSQL deadlock or serialization failure: the
// transaction has changed nothing and can simply be run again.
func RolledBack(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (e.Code == "40P01" || e.Code == "40001")
}
