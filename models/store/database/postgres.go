package database

import (
	"cmp"
	"context"
	"database/sql"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"

	"muster/models"
)

const (
	defaultPostgresConns = 20
	// statementTimeout ends what is read for somebody, should the database not have heard
	// that they are gone. It is far more than a page may take; a file is read in many
	// statements.
	statementTimeout = time.Minute
)

func (d *Database) openPostgres(ctx context.Context, databaseURL string) error {
	d.Dialect = PostgreSQL
	conn, err := pgx.ParseConfig(databaseURL)
	if err != nil { // its text may quote the URL, password included
		return models.InvalidField("databaseURL", "The PostgreSQL URL cannot be read. "+urlHelp)
	}
	if conn.ConnectTimeout == 0 {
		conn.ConnectTimeout = 5 * time.Second
	}
	if conn.RuntimeParams["application_name"] == "" {
		conn.RuntimeParams["application_name"] = "muster"
	}
	// The guarded updates are written for this level.
	conn.RuntimeParams["default_transaction_isolation"] = "read committed"
	conn.RuntimeParams["timezone"] = "UTC"
	if conn.RuntimeParams["lock_timeout"] == "" {
		conn.RuntimeParams["lock_timeout"] = strconv.FormatInt(d.opts.Busy.Milliseconds(), 10)
	}

	open := func(name string, conns int, timeout time.Duration) *sql.DB {
		of := conn.Copy()
		if timeout > 0 && of.RuntimeParams["statement_timeout"] == "" {
			of.RuntimeParams["statement_timeout"] = strconv.FormatInt(timeout.Milliseconds(), 10)
		}
		db := stdlib.OpenDB(*of, stdlib.OptionAfterConnect(func(_ context.Context, c *pgx.Conn) error {
			c.TypeMap().RegisterType(&pgtype.Type{
				Name: "timestamptz", OID: pgtype.TimestamptzOID,
				Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
			})
			return nil
		}))
		db.SetMaxOpenConns(conns)
		db.SetMaxIdleConns(conns)
		db.SetConnMaxIdleTime(5 * time.Minute)
		db.SetConnMaxLifetime(time.Hour)
		d.pools = append(d.pools, pool{name, db})
		return db
	}
	conns := cmp.Or(d.opts.MaxConns, defaultPostgresConns)
	hotConns := max(1, conns/4) // what devices ask at once shares a transaction
	writeConns := hotConns + changesConns
	write := open("changes", writeConns, 0)
	read := open("read", max(1, conns-hotConns-writeConns), statementTimeout)
	hot := open("hot", hotConns, 0)

	var encoding string
	if err := read.QueryRowContext(ctx, "SHOW server_encoding").Scan(&encoding); err != nil {
		return err
	}
	if encoding != "UTF8" {
		return models.InvalidField("databaseURL", "The PostgreSQL database has the encoding "+encoding+
			". Create one with UTF8: CREATE DATABASE muster ENCODING 'UTF8' TEMPLATE template0.")
	}
	// The ICU collation folds every script, whatever the locale of the database;
	// few builds lack it.
	var icu bool
	if err := read.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM pg_collation WHERE collname = 'und-x-icu')").Scan(&icu); err != nil {
		return err
	}
	d.LowerFormat = "lower(%s)"
	if icu {
		d.LowerFormat = `lower(%s COLLATE "und-x-icu")`
	}
	for _, handle := range []struct {
		of   **gorm.DB
		conn *sql.DB
	}{{&d.Write, write}, {&d.Read, read}, {&d.HotWrite, hot}} {
		if *handle.of, err = d.gorm(postgresDialector{&postgres.Dialector{Config: &postgres.Config{Conn: handle.conn}}}); err != nil {
			return err
		}
	}
	d.HotRead = d.HotWrite
	return nil
}
