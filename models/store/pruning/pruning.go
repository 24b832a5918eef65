// Package pruning removes rows that are over, a few in each transaction, so that
// redemptions never wait long for it.
package pruning

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"muster/models"
	"muster/models/store/search"
)

// most is how many rows a transaction removes.
const most = 200

// Pruner removes rows of a database.
type Pruner struct {
	// Change runs fn in one transaction.
	Change func(ctx context.Context, fn func(tx *gorm.DB) error) error
	// Trail writes how many refused attempts a transaction removed.
	Trail func(tx *gorm.DB, event models.AuditEvent) error
	Now   func() time.Time
}

// batch removes at most [most] rows, and returns how many.
type batch func(tx *gorm.DB) (int64, error)

// Prune removes sessions, logins, forms and grants that have expired at now, kept
// answers older than models.KeptAnswerLifetime, and refused attempts from before a
// time, until none is left or ctx ends. After each transaction it rests for as long
// as that took.
func (p Pruner) Prune(ctx context.Context, now, attemptsBefore time.Time) error {
	for _, remove := range []batch{
		ended[models.Session]("digest", "expires_at", "<=", now),
		ended[models.LoginFlow]("digest", "expires_at", "<=", now),
		ended[models.FormNonce]("digest", "expires_at", "<=", now),
		ended[models.PersonalDataGrant]("actor_id, object_kind, object_id", "expires_at", "<=", now),
		ended[models.KeptAnswer]("registration_token_id, key_digest", "created_at", "<", now.Add(-models.KeptAnswerLifetime)),
		p.attempts(now, attemptsBefore),
	} {
		if err := p.all(ctx, remove); err != nil {
			return err
		}
	}
	return nil
}

// all removes one batch after the other.
func (p Pruner) all(ctx context.Context, remove batch) error {
	for {
		began, removed := p.Now(), int64(0)
		err := p.Change(ctx, func(tx *gorm.DB) (err error) {
			removed, err = remove(tx)
			return err
		})
		if err != nil || removed < most {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(p.Now().Sub(began)):
		}
	}
}

// ended are the rows of a table whose time has come. The order is that of an index,
// which is then read even where the table is believed to be small.
func ended[Row any](key, ends, comparison string, at time.Time) batch {
	return func(tx *gorm.DB) (int64, error) {
		some := tx.Model(new(Row)).Select(key).Where(ends+" "+comparison+" ?", at).Order(ends).Limit(most)
		done := tx.Where("("+key+") IN (?)", some).Delete(new(Row))
		return done.RowsAffected, done.Error
	}
}

// attempts are refused attempts from before a time. The trail says of each batch how
// many they were.
func (p Pruner) attempts(now, before time.Time) batch {
	return func(tx *gorm.DB) (int64, error) {
		var purged []models.RefusedAttempt
		some := tx.Model(&models.RefusedAttempt{}).Select("id").Where("attempted_at < ?", before).Order("attempted_at").Limit(most)
		if err := tx.Clauses(clause.Returning{}).Where("id IN (?)", some).Delete(&purged).Error; err != nil || len(purged) == 0 {
			return 0, err
		}
		if err := search.Of(purged...).Remove(tx); err != nil {
			return 0, err
		}
		return int64(len(purged)), p.Trail(tx, models.AuditEvent{
			OccurredAt: now, ActorKind: models.ActorSystem, ActorName: "retention",
			Action: models.AuditRefusedAttemptsPurged, ObjectKind: models.ObjectRefusedAttempt,
			Detail: fmt.Sprintf(`{"number":%d,"before":%q}`, len(purged), before.UTC().Format(time.RFC3339)),
		})
	}
}
