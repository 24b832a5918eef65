package projection

import (
	"context"
	"log/slog"
	"time"

	"gorm.io/gorm"
)

// Run keeps the desk up to date until ctx ends. When the rules are others than
// those of the newest version, it builds one of ours beside it and drops what is
// older once that is whole.
func (p *Projector) Run(ctx context.Context, log *slog.Logger) {
	begun := false
	for ctx.Err() == nil {
		worked, err := false, error(nil)
		if !begun {
			if err = p.renumber(ctx, p.db.Read(ctx)); err == nil {
				err = p.beginOurs(ctx)
			}
			begun = err == nil
		}
		if err == nil {
			worked, err = p.round(ctx)
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

// round takes a batch into each version up to our own, the one that is read
// first, and reports whether there may be more.
func (p *Projector) round(ctx context.Context) (bool, error) {
	began := p.now()
	db := p.db.Read(ctx)
	number, err := newest(db)
	if err != nil {
		return false, err
	}
	all, err := states(db)
	if err != nil {
		return false, err
	}
	worked := false
	for i := range all {
		lacks := true
		if all[i].Whole {
			if lacks, err = behind(db, &all[i], number); err != nil {
				return worked, err
			}
		}
		if !lacks {
			continue
		}
		stepped, err := p.step(ctx, all[i].Version)
		if err != nil {
			return worked, err
		}
		worked = worked || stepped
	}
	if _, ready, err := p.look(db, number); err != nil || ready == Ready {
		p.current(began)
	}
	if !worked && len(all) > 0 {
		return p.tidy(ctx, db)
	}
	return worked, nil
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

// Rebuild derives everything anew beside what is read, switches to it, and drops
// what is older. It calls report now and then.
func (p *Projector) Rebuild(ctx context.Context, report func(Progress)) error {
	version, err := p.begin(ctx, func([]state) bool { return false })
	if err != nil {
		return err
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
