package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"muster/models"
	"muster/models/store/bulk"
	"muster/models/store/database"
	"muster/models/store/group"
)

// change runs fn in one transaction, in which only tx may be used: one of its own,
// or the one that ctx says it is part of. KindUnavailable when it waits for others
// longer than the busy timeout.
func (s *Store) change(ctx context.Context, thing string, fn func(tx *gorm.DB) error) error {
	run := s.alone
	if t, ok := joins(ctx); ok {
		run = t.run
	}
	return s.refusal(run(ctx, fn), thing)
}

// together is change for what many do at once: it may share its transaction with
// others, on PostgreSQL with those that lock the row of id too.
func together[T any](ctx context.Context, s *Store, changes *group.Changes[T], thing, id string, change T) (err error) {
	if s.dialect == SQLite {
		id = "" // there is one writer
	}
	waiting, done := context.WithTimeout(ctx, s.opts.Busy)
	defer done()
	for range 3 { // as [Store.alone] does
		if err = changes.Do(waiting, id, change); !database.RolledBack(err) {
			break
		}
	}
	return s.refusal(err, thing)
}

// refusal is why a change was not made: KindInvalid where a text of it cannot be stored.
func (s *Store) refusal(err error, thing string) error {
	if database.Unstorable(err) || errors.Is(err, bulk.ErrText) {
		return (&models.Error{
			Kind: models.KindInvalid, Code: models.CodeInvalidRequest,
			Message: "The " + thing + " contains text that cannot be stored: a NUL character, or bytes that are not UTF-8.",
		}).WithCause(textOf(err))
	}
	return s.failure(err, thing)
}

// alone runs fn in a transaction of its own. When PostgreSQL ends it to break a
// deadlock, it is run again, at most three times in all.
func (s *Store) alone(ctx context.Context, fn func(tx *gorm.DB) error) error {
	return s.aloneOn(ctx, s.write, fn)
}

// hot is alone for what devices ask, on connections that pages do not take.
func (s *Store) hot(ctx context.Context, fn func(tx *gorm.DB) error) error {
	return s.aloneOn(ctx, s.db.HotWrite, fn)
}

func (s *Store) aloneOn(ctx context.Context, db *gorm.DB, fn func(tx *gorm.DB) error) (err error) {
	waiting, done := context.WithTimeout(ctx, s.opts.Busy)
	defer done()
	for range 3 {
		if err = begin(ctx, waiting, db, fn); !database.RolledBack(err) {
			break
		}
	}
	return err
}

// begin bounds only the wait for the start of a transaction: a deadline for all of
// it could interrupt a COMMIT.
func begin(ctx, waiting context.Context, db *gorm.DB, fn func(tx *gorm.DB) error) error {
	until, _ := waiting.Deadline()
	starting, cancel := context.WithCancel(database.WaitingUntil(ctx, until))
	defer cancel()
	stop := context.AfterFunc(waiting, cancel)
	defer stop()
	return db.WithContext(starting).Transaction(func(tx *gorm.DB) error {
		if !stop() {
			return context.Canceled
		}
		return fn(tx.WithContext(ctx))
	})
}

// create inserts one or more rows with their audit events.
func (s *Store) create(ctx context.Context, thing string, rows any, events ...models.AuditEvent) error {
	return s.change(ctx, thing, func(tx *gorm.DB) error {
		if err := tx.CreateInBatches(rows, batchRows).Error; err != nil {
			return err
		}
		return appendAudit(tx, events...)
	})
}

// take reads one row; KindNotFound when there is none.
func take[T any](ctx context.Context, s *Store, thing, condition string, args ...any) (*T, error) {
	return takeFrom[T](s.read.WithContext(ctx), s, thing, condition, args...)
}

// takeHot is take for what devices ask, on connections that pages do not take.
func takeHot[T any](ctx context.Context, s *Store, thing, condition string, args ...any) (*T, error) {
	return takeFrom[T](s.db.HotRead.WithContext(ctx), s, thing, condition, args...)
}

func takeFrom[T any](db *gorm.DB, s *Store, thing, condition string, args ...any) (*T, error) {
	var row T
	if err := db.Where(condition, args...).Take(&row).Error; err != nil {
		return nil, s.failure(err, thing)
	}
	return &row, nil
}

// snapshot runs fn in a transaction that reads one state of the database.
func (s *Store) snapshot(ctx context.Context, fn func(tx *gorm.DB) error) error {
	opts := &sql.TxOptions{}
	if s.dialect == PostgreSQL {
		opts = &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	}
	return s.read.WithContext(ctx).Transaction(fn, opts)
}

// locked adds FOR UPDATE on PostgreSQL. A SQLite writer holds the whole
// database already.
func (s *Store) locked(tx *gorm.DB) *gorm.DB {
	if s.dialect == PostgreSQL {
		return tx.Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate})
	}
	return tx
}

// serialize makes transactions that take the same name wait for each other.
func (s *Store) serialize(tx *gorm.DB, name string) error {
	if s.dialect == SQLite {
		return nil // there is one writer
	}
	return tx.Exec("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", name).Error
}

// oneOf is the condition that column is one of values. It binds one parameter,
// however many values there are.
func (s *Store) oneOf(column string, values []string) clause.Expr {
	list, err := json.Marshal(values)
	if err != nil || values == nil { // strings always marshal
		list = []byte("[]")
	}
	if s.dialect == PostgreSQL {
		return gorm.Expr(column+" IN (SELECT jsonb_array_elements_text(CAST(? AS jsonb)))", string(list))
	}
	return gorm.Expr(column+" IN (SELECT value FROM json_each(?))", string(list))
}

// exact is a condition on one value.
type exact struct{ condition, value string }

// whereGiven adds those conditions whose value is given.
func whereGiven(db *gorm.DB, conditions ...exact) *gorm.DB {
	for _, c := range conditions {
		if c.value != "" {
			db = db.Where(c.condition, c.value)
		}
	}
	return db
}

// batchRows keeps a multi-row INSERT below both databases' parameter limits.
const batchRows = 500

func appendAudit(tx *gorm.DB, events ...models.AuditEvent) error {
	if len(events) == 0 {
		return nil
	}
	for i := range events {
		if events[i].Detail == "" {
			events[i].Detail = "{}"
		}
	}
	return tx.CreateInBatches(&events, batchRows).Error
}

// auditChange writes the event of a statement if it changed anything.
func auditChange(tx, done *gorm.DB, event models.AuditEvent) error {
	if done.Error != nil || done.RowsAffected == 0 {
		return done.Error
	}
	return appendAudit(tx, event)
}

// AppendAudit writes an event that goes with no other change.
func (s *Store) AppendAudit(ctx context.Context, event models.AuditEvent) error {
	return s.change(ctx, auditEvent, func(tx *gorm.DB) error { return appendAudit(tx, event) })
}

// given is a JSON object as a table: each name as id, each value as value, of an SQL
// type. It binds one parameter.
func (s *Store) given(value, sqlType string) string {
	each := "json_each(?)"
	if s.dialect == PostgreSQL {
		each = "jsonb_each_text(CAST(? AS jsonb))"
	}
	return "(SELECT key AS id, CAST(value AS " + sqlType + ") AS " + value + " FROM " + each + ") AS given"
}
