package store

import (
	"context"
	"log/slog"
	"time"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store/database"
	"muster/models/store/projection"
)

// deskPatience is how long a question to the desk waits for what was committed
// before it was asked.
const deskPatience = time.Second

// WithDeskPatience sets another time than one second.
func WithDeskPatience(d time.Duration) Option { return func(s *Store) { s.patience = d } }

// WithServiceAccounts sets names that are nobody's, in addition to the known ones.
func WithServiceAccounts(names []string) Option {
	return func(s *Store) { s.serviceAccounts = names }
}

// Project keeps what the desk asks up to date until ctx ends.
func (s *Store) Project(ctx context.Context, log *slog.Logger) { s.projector.Run(ctx, log) }

// DeskHasOtherRules reports whether what the desk asks was derived with other
// service accounts, or by a later release. [Store.Reindex] takes the place of it.
func (s *Store) DeskHasOtherRules(ctx context.Context) (bool, error) {
	others, err := s.projector.OtherRules(ctx)
	return others, s.failure(err, "desk")
}

// Reindex derives what the desk asks anew, beside what is read meanwhile, and puts
// the words that it finds other rows by in order.
func (s *Store) Reindex(ctx context.Context, report func(done, total int64)) error {
	if err := s.fillWords(ctx); err != nil {
		return s.failure(err, "desk")
	}
	return s.failure(s.projector.Rebuild(ctx, func(p projection.Progress) { report(p.Done, p.Total) }), "desk")
}

// Projected tells the time whose changes, and all before it, are in what the desk
// answers, as far as this process has looked, and how many changes it brought in.
func (s *Store) Projected() (asOf time.Time, applied int64) {
	return s.projector.AsOf(), s.projector.Applied()
}

// awaitDesk waits for what is committed now. When that takes too long, the desk
// answers as of an earlier time, which it notes ([models.AsOf]); nothing else that is
// asked under the context waits again, unless it must be whole. KindUnavailable when
// it must be whole and is not, and with [models.ErrDeskBuilding] while there is
// nothing to read yet.
func (s *Store) awaitDesk(ctx context.Context, whole bool) error {
	if _, late := models.AsOf(ctx); late && !whole {
		return nil
	}
	ready, err := s.projector.Await(ctx, s.patience)
	switch {
	case err != nil:
		return s.failure(err, "desk")
	case ready == projection.Building:
		return notYet("What the desk knows about devices and people is still being put together.").WithCause(models.ErrDeskBuilding)
	case ready == projection.Late && whole:
		return notYet("What the desk knows about devices and people is behind. Nothing was changed.")
	case ready == projection.Late:
		models.NoteAsOf(ctx, s.projector.AsOf())
	}
	return nil
}

func notYet(message string) *models.Error {
	return &models.Error{
		Kind: models.KindUnavailable, Code: models.CodeUnavailable, Message: message, NextStep: "Try again in a moment.", RetryAfter: deskPatience,
	}
}

// desk is what the projection says about each auth token, in the version that is
// read. Every question to the desk begins with it.
func desk(db *gorm.DB) *gorm.DB {
	return db.Table("desk_uses").Where("desk_uses." + projection.Current)
}

// deskDatabase is the store as the projector sees it.
type deskDatabase struct{ *Store }

// Read implements [projection.Database].
func (d deskDatabase) Read(ctx context.Context) *gorm.DB { return d.read.WithContext(ctx) }

// Change implements [projection.Database].
func (d deskDatabase) Change(ctx context.Context, fn func(tx *gorm.DB) error) error {
	waiting, done := context.WithTimeout(ctx, d.opts.Busy)
	defer done()
	err := begin(database.Unsynced(context.WithoutCancel(ctx)), waiting, d.write, func(tx *gorm.DB) error {
		if d.dialect == PostgreSQL {
			if err := tx.Exec("SET LOCAL synchronous_commit = off").Error; err != nil {
				return err
			}
		}
		return fn(tx)
	})
	if err != nil && (waiting.Err() != nil || database.RolledBack(err) || database.Unreachable(err)) {
		return projection.Busy{Err: err}
	}
	return err
}
