package projection

import (
	"context"
	"log/slog"
	"math"
	"time"

	"gorm.io/gorm"
)

// Run keeps the desk up to date until ctx ends. When the rules are others than
// those of the newest version, it builds one of ours beside it and drops what is
// older once that is whole.
func (p *Projector) Run(ctx context.Context, log *slog.Logger) {
	begun := false
	var c course
	for ctx.Err() == nil {
		worked, err := false, error(nil)
		if !begun {
			if err = p.renumber(ctx, p.db.Read(ctx)); err == nil {
				err = p.beginOurs(ctx)
			}
			begun = err == nil
		}
		if err == nil {
			worked, err = p.round(ctx, &c)
		}
		if err != nil && ctx.Err() == nil {
			log.ErrorContext(ctx, "projection", "error", err)
		}
		if !worked {
			wait(ctx, pause)
		}
	}
}

// course is what one that runs remembers: what was committed at a time, which it is
// to reach, and whether old versions may be left.
type course struct {
	number int64
	at     time.Time
	tidied bool
	stall  stall
}

// round takes a batch into each version up to our own, and reports whether there
// may be more. When what was to be reached is, the next round has a new aim.
func (p *Projector) round(ctx context.Context, c *course) (bool, error) {
	db := p.db.Read(ctx)
	if c.at.IsZero() {
		at := p.now()
		number, err := newest(db)
		if err != nil {
			return false, err
		}
		c.number, c.at = number, at
	}
	all, err := states(db)
	if err != nil {
		return false, err
	}
	if err := p.relieve(ctx, db, all, &c.stall); err != nil {
		return false, err
	}
	worked := false
	read := newestOf(all, isWhole)
	for i := range all {
		lacks, err := behind(db, &all[i], math.MaxInt64)
		if err != nil {
			return worked, err
		}
		if all[i].Whole && !lacks {
			continue
		}
		var stepped bool
		if &all[i] == read {
			stepped, err = p.follow(ctx, all[i].Version)
		} else {
			stepped, err = p.aside(ctx, func() (bool, error) { return p.step(ctx, all[i].Version, p.Batch) })
		}
		if err != nil {
			return worked, err
		}
		worked = worked || stepped
	}
	if _, ready, err := p.look(db, c.number); err != nil {
		return worked, err
	} else if ready == Ready {
		p.current(c.at)
		c.at = time.Time{}
	}
	if worked || len(all) == 0 || c.tidied && len(all) == 1 {
		return worked, nil
	}
	dropped, err := p.aside(ctx, func() (bool, error) { return p.tidy(ctx, db, p.Batch) })
	c.tidied = err == nil && !dropped
	return dropped, err
}

// follow takes a handful of what has come into the version that is read, and reports
// whether there may be more; it rests twice as long as it worked, redemptions go first.
// What comes meanwhile shares the next transaction: one for each would keep them waiting.
func (p *Projector) follow(ctx context.Context, version int64) (bool, error) {
	limit := min(handful, p.Batch)
	for p.Crowded != nil && p.Crowded() && p.now().Sub(p.AsOf()) < mostBehind && ctx.Err() == nil {
		p.Pause(ctx, retry)
	}
	began := p.now()
	taken, worked, err := p.take(ctx, version, limit)
	p.Pause(ctx, 2*p.now().Sub(began))
	return worked && (taken == limit || taken == 0), err
}

// tidy drops a part of old versions, if there are any.
func (p *Projector) tidy(ctx context.Context, db *gorm.DB, limit int) (bool, error) {
	query := "SELECT EXISTS (SELECT 1 FROM desk_state WHERE version < (SELECT MAX(version) FROM desk_state WHERE whole AND fingerprint = ?))"
	for _, table := range tables {
		query += " OR EXISTS (SELECT 1 FROM " + table + " WHERE version < (SELECT MIN(version) FROM desk_state))"
	}
	var old bool
	err := db.Raw(query, p.fingerprint).Scan(&old).Error
	if err != nil || !old {
		return false, err
	}
	return p.drop(ctx, limit)
}
