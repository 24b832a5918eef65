package projection

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"muster/models/names"
)

// Database is what a projector needs of one.
type Database interface {
	// Read is for reading.
	Read(ctx context.Context) *gorm.DB
	// Change runs fn in one transaction. It waits for others until ctx ends at most,
	// and fails with [Busy] when they take too long. A power failure may take back what
	// was committed last: it is derived again.
	Change(ctx context.Context, fn func(tx *gorm.DB) error) error
}

const (
	// defaultBatch is how many changes one transaction takes into a version that nobody
	// reads yet, handful how many otherwise: redemptions wait for it on SQLite.
	defaultBatch, handful = 500, 100
	// pause is how long it rests when there is nothing to do. Changes that come
	// meanwhile share a transaction.
	pause = 200 * time.Millisecond
	// retry is the pause while others work at what is waited for.
	retry = 10 * time.Millisecond
	// mostBehind is how long it leaves the database to a crowd.
	mostBehind = 10 * time.Second
)

// Projector keeps what the desk asks up to date. Any number of them, in any number
// of processes, may work on a database: each batch is under the lock of its
// version, so one at a time works on it, and the next one goes on where it was.
type Projector struct {
	// Batch is how many changes one transaction takes, at most 1,000.
	Batch int
	// Pause waits, so that others have their turn.
	Pause func(ctx context.Context, d time.Duration)
	// Crowded tells that many wait for the database who go first; nil is never.
	Crowded func() bool

	db          Database
	rules       names.Rules
	fingerprint string
	now         func() time.Time

	applied   atomic.Int64
	analyzeAt atomic.Int64 // how many applied
	checked   atomic.Bool  // that the database's numbers are those of its cluster
	mu        sync.Mutex
	asOf      time.Time
}

// New makes one. The service accounts are those that are configured, in addition
// to the ones every installation has.
func New(db Database, serviceAccounts []string, now func() time.Time) *Projector {
	p := &Projector{
		Batch: defaultBatch, Pause: wait, db: db, rules: names.New(serviceAccounts...), fingerprint: fingerprintOf(serviceAccounts), now: now,
	}
	p.analyzeAt.Store(firstAnalysis)
	return p
}

// Applied is how many changes this projector has taken.
func (p *Projector) Applied() int64 { return p.applied.Load() }

// AsOf is a time whose changes, and all before it, are known to be in what the desk
// reads; zero until that was looked at.
func (p *Projector) AsOf() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asOf
}

func (p *Projector) current(asOf time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if asOf.After(p.asOf) {
		p.asOf = asOf
	}
}

// Readiness says what a desk question can rely on.
type Readiness int

// What there is.
const (
	// Building: no version is whole yet.
	Building Readiness = iota
	// Late: something that was committed before is not in it.
	Late
	// Ready: everything that was committed when it was asked is in it.
	Ready
)

// Await brings the desk up to what is committed now, for at most a time, if others
// do not do it.
func (p *Projector) Await(ctx context.Context, within time.Duration) (Readiness, error) {
	began := p.now()
	db := p.db.Read(ctx)
	if err := p.renumber(ctx, db); err != nil {
		return Building, err
	}
	number, err := newest(db)
	if err != nil {
		return Building, err
	}
	within -= p.now().Sub(began)
	waiting, done := context.WithTimeout(ctx, within)
	defer done()
	for {
		at, ready, err := p.look(db, number)
		if err != nil || ready == Ready || waiting.Err() != nil {
			if ready == Ready {
				p.current(began)
			}
			return ready, err
		}
		var worked bool
		switch {
		case at == nil:
			worked, err = p.beginFirst(waiting)
		case at.Whole:
			worked, err = p.step(waiting, at.Version, min(handful, p.Batch))
		default:
			worked, err = p.aside(waiting, func() (bool, error) { return p.step(waiting, at.Version, p.Batch) })
		}
		if _, busy := errors.AsType[Busy](err); err != nil && !busy {
			return ready, err
		}
		if !worked || err != nil {
			wait(waiting, retry)
		}
	}
}

// look finds the version to read, else the one that is being built, and says how
// far it is; nil when there is none.
func (p *Projector) look(db *gorm.DB, number int64) (*state, Readiness, error) {
	all, err := states(db)
	if err != nil {
		return nil, Building, err
	}
	at := newestOf(all, isWhole)
	if at == nil {
		return newestOf(all, p.isOurs), Building, nil
	}
	lacks, err := behind(db, at, number)
	if err != nil || lacks {
		return at, Late, err
	}
	return at, Ready, nil
}

// step takes a batch of at most limit changes into a version, if nobody else is at
// it, and reports whether it did anything. A version that has everything is whole.
func (p *Projector) step(ctx context.Context, version int64, limit int) (bool, error) {
	_, worked, err := p.take(ctx, version, limit)
	return worked, err
}

// take is step, and tells how many changes it took.
func (p *Projector) take(ctx context.Context, version int64, limit int) (taken int, worked bool, err error) {
	err = p.db.Change(ctx, func(tx *gorm.DB) error {
		at, err := p.lock(tx, version)
		if err != nil || at == nil {
			return err
		}
		if taken, err = newBatch(tx, p.rules, at, limit).apply(at); err != nil {
			return err
		}
		worked = taken > 0
		if err := p.analyze(tx, p.Applied()+int64(taken)); err != nil {
			return err
		}
		if worked {
			at.Batch++
			if !p.isOurs(at) {
				at.Fingerprint = mixed
			}
			if err := tx.Model(at).Select("batch", "fingerprint").UpdateColumns(at).Error; err != nil {
				return err
			}
		}
		if at.Whole || taken == limit {
			return nil
		}
		var left []pending
		if err := tx.Where("version = ?", version).Limit(1).Find(&left).Error; err != nil || len(left) > 0 {
			return err
		}
		worked = true
		return tx.Model(at).UpdateColumn("whole", true).Error
	})
	if err == nil {
		p.applied.Add(int64(taken))
	}
	return taken, worked, err
}

// lock takes the lock of a version that we may work on; nil when another has it, or
// when it belongs to rules that are not ours. Versions older than our own are kept up
// until they are replaced.
func (p *Projector) lock(tx *gorm.DB, version int64) (*state, error) {
	all, err := states(tx)
	if err != nil {
		return nil, err
	}
	ours := newestOf(all, p.isOurs)
	if ours == nil || version > ours.Version {
		return nil, nil
	}
	var at state
	locked := tx.Where("version = ?", version).Limit(1)
	if isPostgres(tx) {
		locked = locked.Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate, Options: clause.LockingOptionsSkipLocked})
	}
	found := locked.Find(&at)
	if found.Error != nil || found.RowsAffected == 0 {
		return nil, found.Error
	}
	return &at, nil
}

// Busy says that a change did not happen because others were at work.
type Busy struct{ Err error }

// Error implements error.
func (b Busy) Error() string { return b.Err.Error() }

// Unwrap gives what the database said.
func (b Busy) Unwrap() error { return b.Err }
