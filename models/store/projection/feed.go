package projection

import (
	"context"
	"math"
	"time"

	"gorm.io/gorm"

	"muster/models"
)

// change is an auth token in the feed: as it is now, and the number of its last
// change.
type change struct {
	Changed             int64
	ID                  string
	RegistrationTokenID string
	CustomerID          string
	models.ClaimedIdentity
	models.VerifiedIdentity
	IP             string
	CreatedAt      time.Time
	LastSeenAt     time.Time
	IdleExpiresAt  time.Time
	EndedAt        *time.Time
	DeletedAt      *time.Time
	Generation     int
	CountReclaimed bool
	Unexpected     bool
}

// TableName implements GORM's Tabler.
func (change) TableName() string { return "auth_tokens" }

// settled holds for PostgreSQL transactions before the oldest one that is under
// way: nothing can be committed any more with a number before theirs. One that is
// known to be in another database does not count, however long it takes.
const settled = `changed < (SELECT COALESCE(MIN(CAST(CAST(running AS text) AS bigint)), CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS text) AS bigint))
	FROM pg_snapshot_xip(pg_current_snapshot()) AS running
	WHERE NOT EXISTS (SELECT 1 FROM pg_locks AS held JOIN pg_stat_activity AS session ON session.pid = held.pid
		WHERE held.locktype = 'transactionid' AND held.mode = 'ExclusiveLock' AND held.transactionid = CAST(running AS xid)
			AND session.datid <> (SELECT oid FROM pg_database WHERE datname = current_database())))`

// next reads what follows the checkpoint, in the order of changes. On SQLite there
// is one writer, so what is committed is in order.
func next(tx *gorm.DB, at *state, limit int) ([]change, error) {
	var changes []change
	db := tx.Where("(changed, id) > (?, ?)", at.Changed, at.AuthTokenID)
	if isPostgres(tx) {
		db = db.Where(settled)
	}
	err := db.Order("changed, id").Limit(limit).Find(&changes).Error
	return changes, err
}

// newest is the number of the last change that is committed; 0 for none.
func newest(db *gorm.DB) (int64, error) {
	var number int64
	err := db.Raw("SELECT COALESCE(MAX(changed), 0) FROM auth_tokens").Scan(&number).Error
	return number, err
}

// behind reports whether a version lacks something of what was committed when
// number was the newest, or has work left over. A row that has changed again since
// has a higher number and no longer the one it had, so until the checkpoint is
// there, each change counts.
func behind(db *gorm.DB, at *state, number int64) (bool, error) {
	if at.Changed < number {
		number = math.MaxInt64
	}
	var lacks bool
	err := db.Raw(`SELECT EXISTS (SELECT 1 FROM auth_tokens WHERE (changed, id) > (?, ?) AND changed <= ?)
		OR EXISTS (SELECT 1 FROM desk_pending WHERE version = ?)`, at.Changed, at.AuthTokenID, number, at.Version).Scan(&lacks).Error
	return lacks, err
}

// renumber numbers all changes anew in a PostgreSQL database that was restored into
// another cluster, whose transactions have lower numbers than those before. It looks
// once for each process: nothing survives such a restore.
func (p *Projector) renumber(ctx context.Context, db *gorm.DB) error {
	if p.checked.Load() {
		return nil
	}
	foreign := false
	if isPostgres(db) {
		err := db.Raw(`SELECT EXISTS (SELECT 1 FROM auth_tokens WHERE changed >= upcoming) OR EXISTS (SELECT 1 FROM desk_state WHERE changed >= upcoming)
			FROM (SELECT CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS text) AS bigint) AS upcoming) AS numbers`).Scan(&foreign).Error
		if err != nil {
			return err
		}
	}
	if foreign {
		err := p.db.Change(ctx, func(tx *gorm.DB) error {
			if err := tx.Exec("UPDATE desk_state SET changed = 0, auth_token_id = ''").Error; err != nil {
				return err
			}
			return tx.Exec("UPDATE auth_tokens SET changed = 0").Error // the trigger knows the number
		})
		if err != nil {
			return err
		}
	}
	p.checked.Store(true)
	return nil
}
