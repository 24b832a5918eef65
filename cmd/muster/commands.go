package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime/debug"
	"text/tabwriter"

	"muster/internal/config"
	"muster/models"
	"muster/models/store"
)

// migrateCommand is `muster migrate`.
type migrateCommand struct {
	config.DatabaseFlags
}

// Run applies the missing schema migrations.
func (c *migrateCommand) Run(ctx context.Context, p *program) error {
	cfg, err := config.LoadDatabase(c.DatabaseFlags, p.environment())
	if err != nil {
		return err
	}
	p.printWarnings(cfg)
	db, err := p.openDatabase(ctx, cfg, p.logger(true))
	if err != nil {
		return err
	}
	applied, err := db.Migrate(ctx)
	var claimed []models.ClaimedList
	if err == nil {
		claimed, err = db.ClaimedLists(ctx, p.now())
	}
	if err := errors.Join(err, db.Close()); err != nil {
		return err
	}
	if applied == 0 {
		fmt.Fprintln(p.out, "The schema is up to date; nothing to do.")
	} else {
		fmt.Fprintf(p.out, "Schema brought up to date (steps applied: %d).\n", applied)
	}
	p.printClaimed(claimed)
	return nil
}

// printClaimed lists what an administrator has to decide on: e-mail entries from
// before these needed a sign-in.
func (p *program) printClaimed(lists []models.ClaimedList) {
	if len(lists) == 0 {
		return
	}
	fmt.Fprintln(p.out, "\nE-mail addresses on expected lists are now met only by people who sign in. These registration tokens have addresses from before, which a device still only has to claim. Decide on each page, under Expected:")
	for _, l := range lists {
		rule := "marks the unexpected"
		if l.OnlyExpected {
			rule = "lets in only the expected"
		}
		fmt.Fprintf(p.out, "  %s  %q: %d, %s\n", l.ID, l.Identifier, l.Entries, rule)
	}
}

// configCommand is `muster config`.
type configCommand struct {
	config.Flags
}

// Run prints every effective value, and on standard error what would keep serve
// from starting. Missing values alone are not a failure: every command but serve
// works without them.
func (c *configCommand) Run(p *program) error {
	cfg, err := config.Load(c.Flags, p.environment())
	w := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', 0)
	for _, s := range cfg.Settings() {
		value := s.Value
		if value == "" {
			value = "(not set)"
		}
		fmt.Fprintf(w, "%s\t%s\n", s.Variable, value)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	p.printWarnings(cfg)
	if problems, ok := errors.AsType[*config.Problems](err); ok && len(problems.Wrong) == 0 {
		for _, missing := range problems.Missing {
			fmt.Fprintln(p.err, "serve needs more:", missing)
		}
		return nil
	}
	return err
}

// printWarnings prints settings that work but may surprise.
func (p *program) printWarnings(cfg *config.Config) {
	for _, warning := range cfg.Warnings {
		fmt.Fprintln(p.err, "Note:", warning)
	}
}

// checkCommand is `muster check`.
type checkCommand struct {
	config.DatabaseFlags
}

// Run checks the invariants on every row and prints those that violate them.
func (c *checkCommand) Run(ctx context.Context, p *program) error {
	return p.withDatabase(ctx, c.DatabaseFlags, func(db *store.Store) error {
		findings, err := db.Check(ctx)
		if err != nil {
			return err
		}
		for _, finding := range findings {
			fmt.Fprintf(p.out, "%s %s: %s\n", finding.Table, finding.ID, finding.Problem)
		}
		if len(findings) > 0 {
			fmt.Fprintf(p.err, "muster: findings: %d\n", len(findings))
			return errFindings
		}
		fmt.Fprintln(p.out, "The data is consistent: used = redemptions - reclaims for every registration token.")
		return nil
	})
}

// backupCommand is `muster backup`.
type backupCommand struct {
	config.DatabaseFlags
	To string `required:"" placeholder:"FILE" help:"File to write; it must not exist yet."`
}

// Run copies the database, also while the server runs.
func (c *backupCommand) Run(ctx context.Context, p *program) error {
	to := c.To
	if !filepath.IsAbs(to) {
		to = filepath.Join(p.dir, to)
	}
	return p.withDatabase(ctx, c.DatabaseFlags, func(db *store.Store) error {
		if err := db.BackupTo(ctx, to); err != nil {
			return err
		}
		fmt.Fprintf(p.out, "Backup written to %s. Keep the master key too, in another place: without it, the signing keys in the backup cannot be opened.\n", to)
		return nil
	})
}

// versionCommand is `muster version`.
type versionCommand struct{}

// Run prints the version the binary was built from.
func (c *versionCommand) Run(p *program) error {
	fmt.Fprintln(p.out, "muster", version())
	return nil
}

func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	v := info.Main.Version
	if v == "" || v == "(devel)" {
		v = "development"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 && v == "development" {
			v += " " + s.Value[:12]
		}
	}
	return v + " " + info.GoVersion
}
