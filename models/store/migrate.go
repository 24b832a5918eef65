package store

import (
	"context"
	"fmt"

	"github.com/pressly/goose/v3"
	"gorm.io/gorm"

	"muster/models"
	"muster/models/store/migrations"
	"muster/models/store/search"
)

// Migrate brings the schema up to date, each step in one transaction, then the words
// that the desk finds rows by. It returns how many steps it applied. Several
// processes may call it at once. KindConflict when the schema is newer than this
// program can serve.
func (s *Store) Migrate(ctx context.Context) (int, error) {
	applied, err := s.migrateSchema(ctx)
	if err != nil {
		return applied, err
	}
	filled, err := search.Filled(s.read.WithContext(ctx))
	if err == nil && !filled {
		err = s.fillWords(ctx)
	}
	return applied, s.failure(err, "migration")
}

func (s *Store) fillWords(ctx context.Context) error {
	return search.Fill(func(fn func(tx *gorm.DB) error) error { return s.change(ctx, "words", fn) })
}

func (s *Store) migrateSchema(ctx context.Context) (int, error) {
	provider, latest, err := s.migrations()
	if err != nil {
		return 0, s.failure(err, "migration")
	}
	applied, reached := 0, int64(-1)
	for attempt := 0; ; attempt++ {
		current, err := s.schemaVersion(ctx)
		if err != nil {
			return applied, err
		}
		switch {
		case current > latest:
			return applied, s.servesNewer(ctx, current, latest)
		case current == latest:
			return applied, nil
		case current > reached:
			attempt, reached = 0, current
		}
		results, err := provider.Up(ctx)
		applied += len(results)
		if err == nil {
			return applied, nil
		}
		// Another process may have applied the same step to the SQLite file in
		// the meantime; the version shows that, and each step can be met so.
		if s.dialect != SQLite || attempt >= 3 {
			return applied, s.failure(err, "migration")
		}
	}
}

// SchemaCurrent is nil when the schema is the one this program was written for, or a
// newer one that says it may serve. Otherwise the error has CodeSchemaOutdated and
// names `muster migrate`, or is KindConflict when the schema is too new.
func (s *Store) SchemaCurrent(ctx context.Context) error {
	_, latest, err := s.migrations()
	if err != nil {
		return s.failure(err, "migration")
	}
	current, err := s.schemaVersion(ctx)
	switch {
	case err != nil:
		return err
	case current > latest:
		if err := s.servesNewer(ctx, current, latest); err != nil {
			return err
		}
	case current < latest:
		return &models.Error{
			Kind: models.KindUnavailable, Code: models.CodeSchemaOutdated,
			Message:  fmt.Sprintf("The database schema has version %d; this program needs version %d.", current, latest),
			NextStep: "Run `muster migrate` with the same MUSTER_DATABASE_URL.",
		}
	}
	filled, err := search.Filled(s.read.WithContext(ctx))
	if err == nil && !filled {
		return &models.Error{
			Kind: models.KindUnavailable, Code: models.CodeSchemaOutdated,
			Message:  "The words that the desk finds rows by are not all there yet.",
			NextStep: "Run `muster migrate` with the same MUSTER_DATABASE_URL.",
		}
	}
	return s.failure(err, "schema")
}

// servesNewer is nil when a program that knows the steps up to latest can work with a
// newer schema, as it does while replicas are upgraded one by one.
func (s *Store) servesNewer(ctx context.Context, current, latest int64) error {
	var oldest int64
	if err := s.read.WithContext(ctx).Raw("SELECT oldest FROM schema_serves").Scan(&oldest).Error; err != nil {
		return s.failure(err, "schema")
	}
	if oldest <= latest {
		return nil
	}
	return &models.Error{
		Kind: models.KindConflict, Code: models.CodeConflict,
		Message: fmt.Sprintf("The database schema has version %d, which programs that know version %d or newer can serve; this one knows versions up to %d.",
			current, oldest, latest),
		NextStep: "Run the newer release of Muster that wrote this database, or restore a backup made before it.",
	}
}

// migrations also returns the version of the newest step.
func (s *Store) migrations() (*goose.Provider, int64, error) {
	provider, err := migrations.Provider(string(s.dialect), s.db.Pool())
	if err != nil {
		return nil, 0, err
	}
	sources := provider.ListSources()
	return provider, sources[len(sources)-1].Version, nil
}

// schemaVersion reads the newest applied step and, unlike goose, creates
// nothing.
func (s *Store) schemaVersion(ctx context.Context) (int64, error) {
	exists := "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'goose_db_version'"
	if s.dialect == PostgreSQL {
		exists = "SELECT COUNT(*) FROM pg_class WHERE oid = to_regclass('goose_db_version')"
	}
	var n, version int64
	db := s.read.WithContext(ctx)
	if err := db.Raw(exists).Scan(&n).Error; err != nil || n == 0 {
		return 0, s.failure(err, "schema")
	}
	err := db.Raw("SELECT COALESCE(MAX(version_id), 0) FROM goose_db_version WHERE is_applied").Scan(&version).Error
	return version, s.failure(err, "schema")
}
