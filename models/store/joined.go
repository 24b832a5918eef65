package store

import (
	"context"

	"gorm.io/gorm"

	"muster/models/store/database"
)

// transaction is one that several changes are part of. Its context carries it.
type transaction struct {
	tx *gorm.DB
	// broken is why the database ended it; it can be run again.
	broken error
}

type transactionKey struct{}

// joined runs act with a context under which each change becomes part of tx.
func joined(ctx context.Context, tx *gorm.DB, act func(context.Context) error) error {
	t := &transaction{tx: tx}
	err := act(context.WithValue(ctx, transactionKey{}, t))
	if err != nil && t.broken != nil {
		return t.broken
	}
	return err
}

func joins(ctx context.Context) (*transaction, bool) {
	t, ok := ctx.Value(transactionKey{}).(*transaction)
	return t, ok
}

// run does one of the changes; when it fails, the others stand.
func (t *transaction) run(_ context.Context, fn func(tx *gorm.DB) error) error {
	err := t.tx.Transaction(fn)
	if database.RolledBack(err) {
		t.broken = err
	}
	return err
}

// reading is the database as a change under ctx must see it: that change would wait
// for a connection of its own while it holds one.
func (s *Store) reading(ctx context.Context) *gorm.DB {
	if t, ok := joins(ctx); ok {
		return t.tx.WithContext(ctx)
	}
	return s.read.WithContext(ctx)
}
