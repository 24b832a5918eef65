package database

import (
	"cmp"
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

const (
	// changesConns are the connections that replicas tell and hear of changes on.
	changesConns = 2
	// quietFor is how long nothing may be heard before the connection is tried, and
	// answerWithin how long it may take to answer: one whose other end is gone says nothing.
	quietFor     = 5 * time.Second
	answerWithin = 2 * time.Second
)

// errAlone: SQLite has one process, and nobody to tell.
var errAlone = errors.New("only PostgreSQL tells other processes")

// Announce tells every process that listens on a channel, this one included. Each text has
// fewer than 8,000 bytes. It is one commit, which waits for no disk: PostgreSQL lets only
// one that announces commit at a time, so it belongs into no transaction of a device.
func (d *Database) Announce(ctx context.Context, channel string, texts []string) error {
	if d.Dialect != PostgreSQL {
		return errAlone
	}
	_, err := d.Pool().ExecContext(ctx,
		`SELECT set_config('synchronous_commit', 'off', true), (SELECT count(pg_notify($1, text)) FROM unnest($2::text[]) AS text)`, channel, texts)
	return err
}

// Listen calls listening when it hears a channel, then heard with each text that is
// announced there, until ctx ends or the connection is lost, which the error says. What
// is announced before listening, or after the end, is not heard.
func (d *Database) Listen(ctx context.Context, channel string, listening func(), heard func(text string)) (lost error) {
	if d.Dialect != PostgreSQL {
		return errAlone
	}
	conn, err := d.Pool().Conn(ctx)
	if err != nil {
		return err
	}
	err = conn.Raw(func(raw any) error {
		c, ok := raw.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("unexpected PostgreSQL connection %T", raw)
		}
		lost = listen(ctx, c.Conn(), channel, listening, heard)
		return driver.ErrBadConn // the pool must not keep a connection that still listens
	})
	return cmp.Or(lost, err)
}

func listen(ctx context.Context, c *pgx.Conn, channel string, listening func(), heard func(text string)) error {
	if _, err := c.Exec(ctx, "LISTEN "+pgx.Identifier{channel}.Sanitize()); err != nil {
		return err
	}
	listening()
	for {
		waiting, done := context.WithTimeout(ctx, quietFor)
		n, err := c.WaitForNotification(waiting)
		quiet := waiting.Err() != nil && ctx.Err() == nil
		done()
		switch {
		case err == nil:
			heard(n.Payload)
		case !quiet:
			return err
		default:
			if err := answers(ctx, c); err != nil {
				return err
			}
		}
	}
}

func answers(ctx context.Context, c *pgx.Conn) error {
	ctx, done := context.WithTimeout(ctx, answerWithin)
	defer done()
	return c.Ping(ctx)
}
