package database

import (
	"cmp"
	"context"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"

	"muster/models"
)

const defaultPostgresConns = 16

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

	pool := stdlib.OpenDB(*conn, stdlib.OptionAfterConnect(func(_ context.Context, c *pgx.Conn) error {
		c.TypeMap().RegisterType(&pgtype.Type{
			Name: "timestamptz", OID: pgtype.TimestamptzOID,
			Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
		})
		return nil
	}))
	d.pools = append(d.pools, pool)
	conns := cmp.Or(d.opts.MaxConns, defaultPostgresConns)
	pool.SetMaxOpenConns(conns)
	pool.SetMaxIdleConns(conns)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	pool.SetConnMaxLifetime(time.Hour)

	var encoding string
	if err := pool.QueryRowContext(ctx, "SHOW server_encoding").Scan(&encoding); err != nil {
		return err
	}
	if encoding != "UTF8" {
		return models.InvalidField("databaseURL", "The PostgreSQL database has the encoding "+encoding+
			". Create one with UTF8: CREATE DATABASE muster ENCODING 'UTF8' TEMPLATE template0.")
	}
	// The ICU collation folds every script, whatever the locale of the database;
	// few builds lack it.
	var icu bool
	if err := pool.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM pg_collation WHERE collname = 'und-x-icu')").Scan(&icu); err != nil {
		return err
	}
	d.LowerFormat = "lower(%s)"
	if icu {
		d.LowerFormat = `lower(%s COLLATE "und-x-icu")`
	}
	db, err := d.gorm(postgresDialector{&postgres.Dialector{Config: &postgres.Config{Conn: pool}}})
	d.Write, d.Read = db, db
	return err
}
