package main

import (
	"context"
	"fmt"
	"log/slog"

	"muster/internal/config"
	"muster/models"
	"muster/models/store"
)

// openDatabase opens what MUSTER_DATABASE_URL names; the caller closes it.
func (p *program) openDatabase(ctx context.Context, cfg *config.Config, logger *slog.Logger) (*store.Store, error) {
	if err := cfg.PrepareDataDir(); err != nil {
		return nil, err
	}
	return store.Open(ctx, cfg.DatabaseURL.Reveal(), store.WithLogger(logger))
}

// withDatabase runs a command that needs the database and nothing else. It
// refuses a schema this program does not know.
func (p *program) withDatabase(ctx context.Context, f config.DatabaseFlags, do func(*store.Store) error) error {
	cfg, err := config.LoadDatabase(f, p.environment())
	if err != nil {
		return err
	}
	db, err := p.openDatabase(ctx, cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }() // every write has been acknowledged by then
	if err := db.SchemaCurrent(ctx); err != nil {
		if models.ErrorCode(err) != models.CodeSchemaOutdated || db.Dialect() != store.SQLite {
			return err
		}
		if _, err := db.Migrate(ctx); err != nil {
			return err
		}
	}
	return do(db)
}

// prepareDatabase migrates where serve may, and makes sure that development
// and production never share a database.
func (s *server) prepareDatabase(ctx context.Context) error {
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
	return s.store.ClaimInstance(ctx, s.mode())
}

func (s *server) mode() string {
	if s.cfg.Dev {
		return "development"
	}
	return "production"
}
