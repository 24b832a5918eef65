package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"muster/internal/config"
	"muster/internal/dev/crowd"
)

// demoCommand is `muster demo`.
type demoCommand struct {
	config.DatabaseFlags
	Size int    `required:"" placeholder:"N" help:"How many auth tokens, from 1,000 to 10,000,000."`
	Seed uint64 `default:"1" help:"Another number makes other people and machines."`
}

// Run fills an empty database with the past of a large installation.
func (c *demoCommand) Run(ctx context.Context, p *program) error {
	cfg, err := config.LoadDatabase(c.DatabaseFlags, p.environment())
	if err != nil {
		return err
	}
	if err := p.migrateEmpty(ctx, cfg); err != nil {
		return err
	}
	began := p.now()
	lines := progressLines{program: p, began: began}
	plan := crowd.Plan{Size: c.Size, Seed: c.Seed, Now: began}
	if err := crowd.Fill(ctx, cfg.DatabaseURL.Reveal(), plan, cfg.ServiceAccounts, p.now, lines.show); err != nil {
		return err
	}
	fmt.Fprintf(p.out, "The database has %d auth tokens; it took %s. Start \"muster serve\" on it.\n", c.Size, p.now().Sub(began).Round(time.Second))
	return nil
}

// migrateEmpty brings the schema up to date.
func (p *program) migrateEmpty(ctx context.Context, cfg *config.Config) error {
	db, err := p.openDatabase(ctx, cfg, p.logger(true))
	if err != nil {
		return err
	}
	_, err = db.Migrate(ctx)
	return errors.Join(err, db.Close())
}

// progressLines says every few seconds how far it is, and when another part begins.
type progressLines struct {
	*program
	began, last time.Time
	part        string
}

func (l *progressLines) show(at crowd.Progress) {
	const pause = 5 * time.Second
	now := l.now()
	if at.Part == l.part && now.Sub(l.last) < pause && at.Done < at.Total {
		return
	}
	l.part, l.last = at.Part, now
	fmt.Fprintf(l.err, "%4ds  %s", int(now.Sub(l.began).Seconds()), at.Part)
	if at.Total > 0 {
		fmt.Fprintf(l.err, ": %d of %d", at.Done, at.Total)
	}
	fmt.Fprintln(l.err)
}
