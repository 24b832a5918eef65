package projection

import (
	"context"
	"errors"
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
			select {
			case <-ctx.Done():
			case <-time.After(pause):
			}
		}
	}
}

// course is what one that runs remembers: what was committed at a time, which it is
// to reach, and whether old versions may be left.
type course struct {
	number int64
	at     time.Time
	tidied bool
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
	worked := false
	for i := range all {
		lacks, err := behind(db, &all[i], math.MaxInt64)
		if err != nil {
			return worked, err
		}
		if all[i].Whole && !lacks {
			continue
		}
		stepped, err := p.step(ctx, all[i].Version)
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
	dropped, err := p.tidy(ctx, db)
	c.tidied = err == nil && !dropped
	return dropped, err
}

// tidy drops old versions, if there are any.
func (p *Projector) tidy(ctx context.Context, db *gorm.DB) (bool, error) {
	var old bool
	err := db.Raw(`SELECT EXISTS (SELECT 1 FROM desk_state WHERE version < (SELECT MAX(version) FROM desk_state WHERE whole AND fingerprint = @ours))
		OR EXISTS (SELECT 1 FROM desk_uses WHERE version < (SELECT MIN(version) FROM desk_state))
		OR EXISTS (SELECT 1 FROM desk_sightings WHERE version < (SELECT MIN(version) FROM desk_state))
		OR EXISTS (SELECT 1 FROM desk_names WHERE version < (SELECT MIN(version) FROM desk_state))`,
		map[string]any{"ours": p.fingerprint}).Scan(&old).Error
	if err != nil || !old {
		return false, err
	}
	return p.drop(ctx)
}

// Progress is how far a rebuild is, in auth tokens.
type Progress struct{ Done, Total int64 }

// ErrOtherRules says that the newest version was made with other service accounts
// than ours, or by a later release.
var ErrOtherRules = errors.New("the newest version has other rules")

// Rebuild derives everything anew beside what is read, switches to it, and drops
// what is older. It calls report now and then. ErrOtherRules when that would take
// the place of what a running server makes.
func (p *Projector) Rebuild(ctx context.Context, report func(Progress)) error {
	version, err := p.begin(ctx, func(all []state) bool {
		return len(all) > 0 && !p.isOurs(&all[len(all)-1]) && all[len(all)-1].Rules >= rulesVersion
	})
	if err != nil {
		return err
	}
	if version == 0 {
		return ErrOtherRules
	}
	db := p.db.Read(ctx)
	var progress Progress
	reported := time.Time{}
	for {
		if p.now().Sub(reported) >= time.Second {
			if err := p.count(db, version, &progress); err != nil {
				return err
			}
			reported = p.now()
			report(progress)
		}
		all, err := states(db)
		if err != nil {
			return err
		}
		if at := newestOf(all, isWhole); at != nil && at.Version >= version {
			break
		}
		worked, err := p.step(ctx, version)
		if err != nil {
			return err
		}
		if !worked { // a server is at it
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(retry):
			}
		}
	}
	if err := p.count(db, version, &progress); err != nil {
		return err
	}
	report(progress)
	for {
		if more, err := p.tidy(ctx, db); err != nil || !more {
			return err
		}
	}
}

func (p *Projector) count(db *gorm.DB, version int64, progress *Progress) error {
	if err := db.Raw("SELECT COUNT(*) FROM desk_uses WHERE version = ?", version).Scan(&progress.Done).Error; err != nil {
		return err
	}
	return db.Raw("SELECT COUNT(*) FROM auth_tokens").Scan(&progress.Total).Error
}
