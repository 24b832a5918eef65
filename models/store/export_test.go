package store

import (
	"context"
	"strings"
	"time"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store/evidence"
	"muster/models/store/projection"
)

// Exec runs a statement of a test's own on the writing side.
func (s *Store) Exec(ctx context.Context, statement string, args ...any) error {
	return s.write.WithContext(ctx).Exec(statement, args...).Error
}

// Strings runs a query of one text column.
func (s *Store) Strings(ctx context.Context, query string, args ...any) ([]string, error) {
	var rows []string
	err := s.write.WithContext(ctx).Raw(query, args...).Scan(&rows).Error
	return rows, err
}

// Failure is the translation of errors.
func (s *Store) Failure(err error, thing string) error { return s.failure(err, thing) }

// Plan tells how SQLite would run a statement; its placeholders stand for
// anything.
func (s *Store) Plan(ctx context.Context, statement string) ([]string, error) {
	args := make([]any, strings.Count(statement, "?"))
	for i := range args {
		args[i] = "1"
	}
	var rows []struct{ Detail string }
	err := s.read.WithContext(ctx).Raw("EXPLAIN QUERY PLAN "+statement, args...).Scan(&rows).Error
	steps := make([]string, len(rows))
	for i, row := range rows {
		steps[i] = row.Detail
	}
	return steps, err
}

// BatchOf lets the projector take few changes at a time.
func (s *Store) BatchOf(n int) { s.projector.Batch = n }

// PauseBy lets a test see the rests of the projector.
func (s *Store) PauseBy(pause func(context.Context, time.Duration)) { s.projector.Pause = pause }

// CrowdedBy lets a test say when many wait for the database.
func (s *Store) CrowdedBy(crowded func() bool) { s.projector.Crowded = crowded }

// WithClock sets another clock.
func WithClock(now func() time.Time) Option { return func(s *Store) { s.opts.Now = now } }

// Await waits for the desk.
func (s *Store) Await(ctx context.Context) (projection.Readiness, error) {
	return s.projector.Await(ctx, s.patience)
}

// MigrateTo brings the schema to an older version.
func (s *Store) MigrateTo(ctx context.Context, version int64) error {
	provider, _, err := s.migrations()
	if err != nil {
		return err
	}
	_, err = provider.UpTo(ctx, version)
	return err
}

// Insert writes rows as they are, in one transaction.
func (s *Store) Insert(ctx context.Context, rows ...any) error {
	return s.write.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		for _, of := range rows {
			if err := tx.CreateInBatches(of, batchRows).Error; err != nil {
				return err
			}
		}
		return nil
	})
}

// EvidenceAfresh is Evidence without what is remembered.
func (s *Store) EvidenceAfresh(ctx context.Context, registrationTokenID string) (*models.Evidence, error) {
	return evidence.Read(s.read.WithContext(ctx), s.rules, registrationTokenID)
}

// Derive runs fn as the projector's changes are run.
func (s *Store) Derive(ctx context.Context, fn func(tx *gorm.DB) error) error {
	return deskDatabase{s}.Change(ctx, fn)
}

// Snapshot runs fn on a connection of those that pages have.
func (s *Store) Snapshot(ctx context.Context, fn func(tx *gorm.DB) error) error {
	return s.snapshot(ctx, fn)
}
