package database

import (
	"context"
	"database/sql/driver"
	"errors"
	"time"
)

// releaseTimeout is how long letting go of a lock may take.
const releaseTimeout = 5 * time.Second

// OnOneReplica runs work, or does nothing while another process that has the database
// open runs work of that name. PostgreSQL holds the lock for a connection that does
// nothing else, so a process that dies lets go of it, whatever its clock says; SQLite
// has one process.
func (d *Database) OnOneReplica(ctx context.Context, name string, work func() error) (err error) {
	if d.Dialect == SQLite {
		return work()
	}
	conn, err := d.Pool().Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	var mine bool
	err = conn.QueryRowContext(ctx, "SELECT pg_try_advisory_lock(hashtextextended($1, 0))", name).Scan(&mine)
	if err != nil || !mine {
		return err
	}
	defer func() {
		ctx, done := context.WithTimeout(context.WithoutCancel(ctx), releaseTimeout)
		defer done()
		if _, failed := conn.ExecContext(ctx, "SELECT pg_advisory_unlock(hashtextextended($1, 0))", name); failed != nil {
			// The pool must not keep a connection that still holds the lock.
			_ = conn.Raw(func(any) error { return driver.ErrBadConn })
		}
	}()
	return work()
}
