package projection

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm"
)

// stalledAfter is how long versions that are not ours may stay where they are while
// there is something to do.
const stalledAfter = time.Minute

// stall remembers since when the versions are where they are.
type stall struct {
	all   []state
	since time.Time
}

// relieve begins a version of ours when what is read belongs to others that no
// longer keep it up, or to nobody, as after a return to an earlier release.
func (p *Projector) relieve(ctx context.Context, db *gorm.DB, all []state, s *stall) error {
	ours, at := newestOf(all, p.isOurs), newestOf(all, isWhole)
	if len(all) == 0 || ours != nil && (at == nil || at.Version <= ours.Version) {
		*s = stall{}
		return nil
	}
	if at == nil {
		at = &all[len(all)-1]
	}
	if !slices.Equal(all, s.all) {
		*s = stall{all, p.now()}
		return nil
	}
	left, err := takeable(db, at)
	if err != nil || at.Whole && !left && at.Fingerprint != mixed {
		s.since = p.now()
		return err
	}
	if p.now().Sub(s.since) < stalledAfter {
		return nil
	}
	*s = stall{}
	_, err = p.begin(ctx, func(now []state) bool { return !slices.Equal(now, all) })
	return err
}

// takeable reports whether a version lacks something that is settled, so that it
// can be taken, or has work left over.
func takeable(db *gorm.DB, at *state) (bool, error) {
	changes, err := next(db, at, 1)
	if err != nil || len(changes) > 0 {
		return true, err
	}
	return behind(db, at, 0)
}
