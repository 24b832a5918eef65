package database

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/mattn/go-sqlite3"
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"

	"muster/models"
)

const (
	defaultSQLiteReaders = 4
	// hotSQLiteReaders are few: what devices ask at once shares a statement.
	hotSQLiteReaders = 2
	// statementsKept is how many prepared statements a connection keeps: what a
	// redemption, a refresh, a projection and the lists use again and again.
	statementsKept = 128
)

func (d *Database) openSQLite(ctx context.Context, databaseURL string) error {
	path, err := sqlitePath(databaseURL)
	if err != nil {
		return err
	}
	d.Dialect, d.path, d.LowerFormat = SQLite, path, "unicode_lower(%s)"
	if err := createSQLiteFile(path); err != nil {
		return models.Unavailable(err)
	}

	// Pragmas are in the connection string, so that every connection of a pool has
	// them. With FULL, an acknowledged redemption survives a power loss.
	common := fmt.Sprintf("_busy_timeout=%d&_foreign_keys=on&_loc=UTC&_stmt_cache_size=%d", d.opts.Busy.Milliseconds(), statementsKept)
	writer := sql.OpenDB(sqliteConnector{busy: d.opts.Busy, dsn: sqliteDSN(path, common+"&_journal_mode=WAL&_synchronous=FULL&_txlock=immediate")})
	writer.SetMaxOpenConns(1)
	d.pools = append(d.pools, pool{"write", writer})
	if err := writer.PingContext(ctx); err != nil {
		return err
	}
	if d.Write, err = d.gorm(sqliteDialector{&sqlite.Dialector{Conn: writer}}); err != nil {
		return err
	}
	d.HotWrite = d.Write
	reading := sqliteConnector{dsn: sqliteDSN(path, common+"&_query_only=on")}
	if d.Read, err = d.reader("read", reading, cmp.Or(d.opts.MaxConns, defaultSQLiteReaders)); err != nil {
		return err
	}
	d.HotRead, err = d.reader("hot", reading, hotSQLiteReaders)
	return err
}

func (d *Database) reader(name string, connector sqliteConnector, conns int) (*gorm.DB, error) {
	reader := sql.OpenDB(connector)
	reader.SetMaxOpenConns(conns)
	reader.SetMaxIdleConns(conns)
	d.pools = append(d.pools, pool{name, reader})
	return d.gorm(sqliteDialector{&sqlite.Dialector{Conn: reader}})
}

func sqlitePath(databaseURL string) (string, error) {
	path, ok := strings.CutPrefix(databaseURL, "sqlite://")
	switch {
	case !ok || !strings.HasPrefix(path, "/"):
		return "", models.InvalidField("databaseURL", "A SQLite database needs an absolute path and three slashes, as in sqlite:///var/lib/muster/muster.db.")
	case strings.ContainsAny(path, "?#\x00"):
		return "", models.InvalidField("databaseURL", "A SQLite database URL takes no options: give the path alone, as in sqlite:///var/lib/muster/muster.db.")
	case strings.HasSuffix(path, "/"):
		return "", models.InvalidField("databaseURL", "The SQLite database URL names a directory; add a file name, as in sqlite:///var/lib/muster/muster.db.")
	}
	return filepath.Clean(path), nil
}

// createSQLiteFile creates the file and its directory for the owner alone; SQLite
// gives its -wal and -shm files the same mode. An existing file is not opened,
// because closing it would drop the locks this process holds on it.
func createSQLiteFile(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("create the database directory: %w", err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("create the database file: %w", err)
	}
	return f.Close()
}

func sqliteDSN(path, options string) string {
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + options
}

// sqliteConnector opens connections that bind times in UTC and fold case as
// Unicode does.
type sqliteConnector struct {
	dsn  string
	busy time.Duration
}

func (c sqliteConnector) Driver() driver.Driver { return &sqlite3.SQLiteDriver{} }

func (c sqliteConnector) Connect(context.Context) (driver.Conn, error) {
	conn, err := (&sqlite3.SQLiteDriver{}).Open(c.dsn)
	if err != nil {
		return nil, err
	}
	sc, ok := conn.(*sqlite3.SQLiteConn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("unexpected SQLite connection %T", conn), conn.Close())
	}
	for name, function := range map[string]any{"unicode_lower": strings.ToLower, "may_hold_address": models.MayHoldAddress} {
		if err := sc.RegisterFunc(name, function, true); err != nil {
			return nil, errors.Join(err, sc.Close())
		}
	}
	return utcConn{sc, c.busy, new(atomic.Bool)}, nil
}

// Reopen opens the SQLite file on a connection of its own, which may write and takes
// none of those that others wait for.
func (d *Database) Reopen() *sql.DB {
	return sql.OpenDB(sqliteConnector{dsn: sqliteDSN(d.path, "_busy_timeout=5000")})
}
