package database

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/mattn/go-sqlite3"
)

// waitUntil is the context key of [WaitingUntil].
type waitUntil struct{}

// WaitingUntil sets the time until which a SQLite connection may wait for the lock of
// another process.
func WaitingUntil(ctx context.Context, until time.Time) context.Context {
	return context.WithValue(ctx, waitUntil{}, until)
}

// unsynced is the context key of [Unsynced].
type unsynced struct{}

// Unsynced lets transactions of SQLite end before they are on disk: the file stays
// whole, but a power failure may take the newest of them back. Any other that commits
// later takes them with it.
func Unsynced(ctx context.Context) context.Context {
	return context.WithValue(ctx, unsynced{}, true)
}

type utcConn struct {
	*sqlite3.SQLiteConn
	busy time.Duration
	// spoiled tells that it no longer is what its transactions rely on.
	spoiled *atomic.Bool
}

// IsValid implements driver.Validator.
func (c utcConn) IsValid() bool { return !c.spoiled.Load() }

// BeginTx implements driver.ConnBeginTx. The time a change has waited for this
// connection is subtracted from the time it may wait for other processes.
func (c utcConn) BeginTx(ctx context.Context, opts driver.TxOptions) (_ driver.Tx, err error) {
	if ctx.Value(unsynced{}) == nil {
		return c.begin(ctx, opts)
	}
	if err := c.pragma(ctx, "synchronous = NORMAL"); err != nil {
		return nil, err
	}
	tx, err := c.begin(ctx, opts)
	if err != nil {
		c.sync()
		return nil, err
	}
	return unsyncedTx{tx, c}, nil
}

func (c utcConn) begin(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	until, ok := ctx.Value(waitUntil{}).(time.Time)
	if !ok {
		return c.SQLiteConn.BeginTx(ctx, opts)
	}
	if err := c.setBusyTimeout(ctx, max(0, time.Until(until))); err != nil {
		return nil, err
	}
	tx, err := c.SQLiteConn.BeginTx(ctx, opts)
	if err != nil {
		// The connection outlives this caller's context.
		return nil, errors.Join(err, c.setBusyTimeout(context.WithoutCancel(ctx), c.busy))
	}
	if err := c.setBusyTimeout(context.WithoutCancel(ctx), c.busy); err != nil {
		return nil, errors.Join(err, tx.Rollback())
	}
	return tx, nil
}

// sync makes transactions end on disk again. A connection that does not is given up.
func (c utcConn) sync() {
	if c.pragma(context.Background(), "synchronous = FULL") != nil {
		c.spoiled.Store(true)
	}
}

// unsyncedTx is a transaction of [Unsynced].
type unsyncedTx struct {
	driver.Tx
	of utcConn
}

// Commit implements driver.Tx.
func (t unsyncedTx) Commit() error {
	defer t.of.sync()
	return t.Tx.Commit()
}

// Rollback implements driver.Tx.
func (t unsyncedTx) Rollback() error {
	defer t.of.sync()
	return t.Tx.Rollback()
}

func (c utcConn) setBusyTimeout(ctx context.Context, d time.Duration) error {
	return c.pragma(ctx, fmt.Sprintf("busy_timeout = %d", d.Milliseconds()))
}

func (c utcConn) pragma(ctx context.Context, set string) error {
	_, err := c.ExecContext(ctx, "PRAGMA "+set, nil)
	return err
}

// CheckNamedValue implements driver.NamedValueChecker: a time in another zone
// would be stored as text that sorts wrongly.
func (utcConn) CheckNamedValue(nv *driver.NamedValue) error {
	value, err := driver.DefaultParameterConverter.ConvertValue(nv.Value)
	if err != nil {
		return err
	}
	if t, ok := value.(time.Time); ok {
		value = t.UTC().Truncate(time.Microsecond)
	}
	nv.Value = value
	return nil
}
