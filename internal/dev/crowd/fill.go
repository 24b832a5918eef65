package crowd

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store/bulk"
	"muster/models/store/database"
	"muster/models/store/projection"
	"muster/models/store/search"
)

// Progress is how far a part of the work is; Total is 0 where that is not known.
type Progress struct {
	Part        string
	Done, Total int
}

// Fill writes the past of a plan into the database of a URL, which has the current
// schema, and calls report now and then; now is the clock. KindInvalid for a size that cannot be made,
// KindConflict for a database that has registration tokens. When it fails on the way,
// the database is to be thrown away: it lacks rows and indexes.
func Fill(ctx context.Context, databaseURL string, p Plan, serviceAccounts []string, now func() time.Time, report func(Progress)) (err error) {
	if p.Size < Smallest || p.Size > Largest {
		return models.InvalidField("size", fmt.Sprintf("The size is from %d to %d.", Smallest, Largest))
	}
	db, err := database.Open(ctx, databaseURL, database.Options{Busy: time.Minute, Now: now})
	defer func() { err = errors.Join(err, db.Close()) }()
	if err != nil {
		return err
	}
	f := &filler{db: db, write: db.Write.WithContext(ctx), report: report}
	if err := f.prepare(); err != nil {
		return err
	}
	report(Progress{Part: "planned"})
	s := newStory(p)
	bare, err := f.without("auth_tokens", "redemptions", "refused_attempts", "audit_events")
	if err != nil {
		return err
	}
	if err := f.rows(s); err != nil {
		return err
	}
	if err := f.again(bare); err != nil {
		return err
	}
	report(Progress{Part: "words of refused attempts"})
	if err := search.Fill(f.change); err != nil {
		return err
	}
	if err := f.derive(ctx, p.Size, projection.New(f, serviceAccounts, now)); err != nil {
		return err
	}
	// What would be known of the tables if they had grown in a server.
	if db.Dialect == database.SQLite {
		return projection.Analyze(f.write)
	}
	return f.write.Exec("ANALYZE").Error
}

// filler writes to one database.
type filler struct {
	db     *database.Database
	write  *gorm.DB
	report func(Progress)
	// number is of the changes that were written, as the desk reads them on SQLite.
	number int
}

// prepare refuses a database that is not empty, and lets the writer of SQLite be quick:
// nobody else uses the file, and after a power failure it is filled again.
func (f *filler) prepare() error {
	var used bool
	if err := f.write.Raw("SELECT EXISTS (SELECT 1 FROM registration_tokens)").Scan(&used).Error; err != nil {
		return err
	}
	if used {
		return models.Conflict(models.CodeConflict, "The database has registration tokens already. Only an empty one is filled.")
	}
	if f.db.Dialect != database.SQLite {
		return nil
	}
	for _, pragma := range []string{"synchronous = OFF", "foreign_keys = OFF", "cache_size = -1000000", "temp_store = MEMORY", "wal_autocheckpoint = 100000"} {
		if err := f.write.Exec("PRAGMA " + pragma).Error; err != nil {
			return err
		}
	}
	return nil
}

func (f *filler) change(fn func(tx *gorm.DB) error) error {
	return f.write.Transaction(func(tx *gorm.DB) error {
		if f.db.Dialect == database.PostgreSQL {
			if err := tx.Exec("SET LOCAL synchronous_commit = off").Error; err != nil {
				return err
			}
		}
		return fn(tx)
	})
}

// rows writes what happened, while the next is made.
func (f *filler) rows(s *story) error {
	tokens, events := s.registrationTokens()
	err := f.change(func(tx *gorm.DB) error {
		return errors.Join(tx.Create(s.customerRows()).Error, tx.CreateInBatches(tokens, 500).Error, insert(tx, events))
	})
	if err != nil {
		return err
	}
	made, stop := make(chan rows, 2), make(chan struct{})
	go func() {
		defer close(made)
		for some := range s.batches() {
			select {
			case made <- some:
			case <-stop:
				return
			}
		}
	}()
	defer close(stop)
	done := 0
	for some := range made {
		if err := f.change(func(tx *gorm.DB) error { return f.insert(tx, some) }); err != nil {
			return err
		}
		done += len(some.authTokens)
		f.report(Progress{"auth tokens", done, s.Size})
	}
	return nil
}

func (f *filler) insert(tx *gorm.DB, some rows) error {
	var numbered []bulk.Column
	if f.db.Dialect == database.SQLite { // PostgreSQL numbers a row before it is written
		f.number++
		numbered = []bulk.Column{{Name: "changed", Value: fmt.Sprint(f.number)}}
	}
	return errors.Join(
		insert(tx, some.redemptions), insert(tx, some.authTokens, numbered...), insert(tx, some.reclaims), insert(tx, some.refused), insert(tx, some.events))
}

func insert[T any](tx *gorm.DB, rows []T, also ...bulk.Column) error {
	if len(rows) == 0 {
		return nil
	}
	return bulk.Insert(tx, rows, also...)
}

// derive lets the desk's projector work, with the indexes alone that it asks.
func (f *filler) derive(ctx context.Context, size int, p *projection.Projector) error {
	bare, err := f.without("desk_uses")
	if err != nil {
		return err
	}
	p.Batch, p.Pause = 1_000, func(context.Context, time.Duration) {}
	for ready := projection.Building; ready != projection.Ready; {
		if ready, err = p.Await(ctx, time.Second); err != nil {
			return err
		}
		f.report(Progress{"derived for the desk", min(size, int(p.Applied())), size})
	}
	return f.again(bare)
}

// Read implements [projection.Database].
func (f *filler) Read(ctx context.Context) *gorm.DB { return f.db.Read.WithContext(ctx) }

// Change implements [projection.Database].
func (f *filler) Change(_ context.Context, fn func(tx *gorm.DB) error) error { return f.change(fn) }
