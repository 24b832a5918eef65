package projection

import (
	"context"
	"time"

	"gorm.io/gorm"
)

// Progress is how far a rebuild is, in auth tokens.
type Progress struct{ Done, Total int64 }

// OtherRules reports whether the newest version was made with other service accounts
// than ours, or by a later release: a rebuild takes the place of it.
func (p *Projector) OtherRules(ctx context.Context) (bool, error) {
	all, err := states(p.db.Read(ctx))
	if err != nil || len(all) == 0 {
		return false, err
	}
	newest := &all[len(all)-1]
	return !p.isOurs(newest) && newest.Rules >= rulesVersion, nil
}

// Rebuild derives everything anew beside what is read, switches to it, and drops
// what is older. It goes on where one that was ended had come to, rests often, and
// calls report now and then.
func (p *Projector) Rebuild(ctx context.Context, report func(Progress)) error {
	db := p.db.Read(ctx)
	w := worker{Projector: p, limit: p.Batch}
	if !isPostgres(db) {
		w.sqlite, w.limit = true, min(apart, p.Batch)
	}
	var version int64
	_, err := w.do(ctx, func() (done bool, err error) {
		version, err = p.begin(ctx, func([]state) bool { return false })
		return true, err
	})
	if err != nil {
		return err
	}
	if err := w.build(ctx, db, version, report); err != nil {
		return err
	}
	for {
		more, err := w.do(ctx, func() (bool, error) { return p.tidy(ctx, db, w.limit) })
		if err != nil || !more {
			return err
		}
	}
}

// build works at a version until it, or a newer one, is read.
func (w *worker) build(ctx context.Context, db *gorm.DB, version int64, report func(Progress)) error {
	reported := time.Time{}
	for {
		all, err := states(db)
		if err != nil {
			return err
		}
		at := newestOf(all, isWhole)
		ready := at != nil && at.Version >= version
		if now := w.now(); ready || now.Sub(reported) >= time.Second {
			progress, err := progressOf(db, version)
			if err != nil {
				return err
			}
			reported = now
			report(progress)
		}
		if ready {
			return nil
		}
		worked, err := w.do(ctx, func() (bool, error) { return w.step(ctx, version, w.limit) })
		if err != nil {
			return err
		}
		if !worked { // a server is at it
			w.Pause(ctx, retry)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

func progressOf(db *gorm.DB, version int64) (Progress, error) {
	var progress Progress
	err := db.Raw(`SELECT (SELECT COUNT(*) FROM desk_uses WHERE version = ?) AS done, (SELECT COUNT(*) FROM auth_tokens) AS total`, version).Scan(&progress).Error
	return progress, err
}
