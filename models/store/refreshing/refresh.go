// Package refreshing writes refreshes of auth tokens: one by one, or many that came at
// once with a few statements.
package refreshing

import (
	"cmp"
	"database/sql"
	"errors"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"muster/models"
	"muster/models/store/bulk"
)

// ErrLocked means that another transaction has the row of the auth token; nothing was
// done. [Writer.One] waits for it.
var ErrLocked = errors.New("another transaction has the row of the auth token")

// Change is one refresh that is asked for: a rotation, or else a repetition.
type Change struct {
	AuthTokenID string
	// Rotation and Repetition make what is written, once the lock is held; they may be
	// called again.
	Rotation   func() models.Rotation
	Repetition func() models.Repetition
	// Done tells whether the guard allowed it.
	Done bool
}

// Writer writes refreshes.
type Writer struct {
	// Locks tells that rows are locked one by one: PostgreSQL. SQLite has one writer.
	Locks bool
	// Live is the condition of an auth token that can be used, in which @now stands for
	// the time.
	Live string
	// Numbered are the columns that number a change for the desk, where the database
	// would write the row a second time for that.
	Numbered []bulk.Column
}

// Unlocked writes a refresh, unless another transaction has the row: ErrLocked.
func (w Writer) Unlocked(tx *gorm.DB, c *Change) error {
	failures, err := w.Together(tx, []*Change{c})
	return cmp.Or(err, errors.Join(failures...))
}

// One writes a refresh, after it waited for those who have the row.
func (w Writer) One(tx *gorm.DB, c *Change) error {
	if w.Locks {
		var ids []string
		err := tx.Model(&models.AuthToken{}).Clauses(clause.Locking{Strength: "NO KEY UPDATE"}).Where("id = ?", c.AuthTokenID).Pluck("id", &ids).Error
		if err != nil {
			return err
		}
	}
	if c.Rotation == nil {
		return w.repeat(tx, c)
	}
	return w.rotate(tx, []*Change{c})
}

// repeat notes that the answer of the last rotation was asked for again.
func (w Writer) repeat(tx *gorm.DB, c *Change) error {
	r := c.Repetition()
	done := tx.Model(&models.AuthToken{}).Where("id = ?", c.AuthTokenID).
		Where("previous_digest = ? AND rotated_at > ?", r.Presented, r.At.Add(-r.Grace)).
		Where(clause.NamedExpr{SQL: w.Live, Vars: []any{sql.Named("now", r.At)}}).
		UpdateColumns(map[string]any{"last_seen_at": r.At, "last_seen_ip": r.IP})
	c.Done = done.RowsAffected == 1
	return done.Error
}
