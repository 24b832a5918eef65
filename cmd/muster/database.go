package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"muster/internal/config"
	"muster/models"
	"muster/models/store"
)

// openDatabase opens what MUSTER_DATABASE_URL names; the caller closes it.
func (p *program) openDatabase(ctx context.Context, cfg *config.Config, logger *slog.Logger, opts ...store.Option) (*store.Store, error) {
	if err := cfg.PrepareDataDir(); err != nil {
		return nil, err
	}
	return store.Open(ctx, cfg.DatabaseURL.Reveal(), append(opts, store.WithLogger(logger), store.WithServiceAccounts(cfg.ServiceAccounts))...)
}

// withDatabase runs a command that needs only the database. The database must
// exist: a mistyped path must not look like an empty database.
func (p *program) withDatabase(ctx context.Context, f config.DatabaseFlags, do func(*store.Store) error) error {
	cfg, err := config.LoadDatabase(f, p.environment())
	if err != nil {
		return err
	}
	p.printWarnings(cfg)
	path, sqlite := cfg.SQLitePath()
	if sqlite {
		// SQLite takes an empty file for an empty database.
		if info, err := os.Stat(path); err != nil || info.Size() == 0 {
			return noDatabase(path)
		}
	}
	db, err := p.openDatabase(ctx, cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }() // every write has been acknowledged by then
	if err := db.SchemaCurrent(ctx); err != nil {
		if models.ErrorCode(err) != models.CodeSchemaOutdated || !sqlite {
			return err
		}
		if _, err := db.Instance(ctx, instanceMode); err != nil && models.ErrorCode(err) != models.CodeNotFound {
			return noDatabase(path) // of another program
		}
		if _, err := db.Migrate(ctx); err != nil {
			return err
		}
	}
	return do(db)
}

func noDatabase(path string) error {
	return fmt.Errorf("there is no Muster database at %s; set MUSTER_DATABASE_URL to the one \"muster serve\" uses, or run \"muster migrate\" to create one", path)
}

// prepareDatabase migrates where serve may, and makes sure that development
// and production never share a database.
func (s *server) prepareDatabase(ctx context.Context) error {
	// This comes before any change. An empty database has no mark yet, and one that
	// does not answer fails below.
	if claimed, err := s.store.Instance(ctx, instanceMode); err == nil {
		if err := s.checkMode(claimed); err != nil {
			return err
		}
	}
	if s.cfg.Dev || s.store.Dialect() == store.SQLite {
		applied, err := s.store.Migrate(ctx)
		if err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
		if applied > 0 {
			s.logger.InfoContext(ctx, "schema migrated", "steps", applied)
		}
	} else if err := s.store.SchemaCurrent(ctx); err != nil {
		return err
	}
	claimed, err := s.store.ClaimInstance(ctx, instanceMode, s.mode())
	if err != nil {
		return err
	}
	if err := s.checkMode(claimed); err != nil {
		return err
	}
	return s.warnOfClaims(ctx)
}

// warnOfClaims names the registration tokens whose list has e-mail entries that a
// device only has to claim, as long as nobody decided on them.
func (s *server) warnOfClaims(ctx context.Context) error {
	lists, err := s.store.ClaimedLists(ctx, s.program.now())
	for _, l := range lists {
		s.logger.WarnContext(ctx, "e-mail addresses on an expected list are met by a claim; decide on its page, under Expected",
			"registration_token", l.ID, "addresses", l.Entries, "only_expected", l.OnlyExpected)
	}
	return err
}

// instanceMode names the mark that the first serve leaves in a database.
const (
	instanceMode    = "mode"
	modeDevelopment = "development"
	modeProduction  = "production"
)

func (s *server) mode() string {
	if s.cfg.Dev {
		return modeDevelopment
	}
	return modeProduction
}

// checkMode refuses a database of the other mode: the accounts of a
// development server must never open real data.
func (s *server) checkMode(claimed string) error {
	switch {
	case claimed == s.mode():
		return nil
	case claimed == modeDevelopment:
		return errors.New("this database belongs to a development server; start with --dev, or set MUSTER_DATABASE_URL to another database")
	default:
		return errors.New("this database belongs to a production server; leave --dev out, or set MUSTER_DATABASE_URL to another database")
	}
}
