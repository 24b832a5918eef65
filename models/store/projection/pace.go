package projection

import (
	"context"
	"errors"
	"time"
)

const (
	// apart is the batch of a rebuild on SQLite, where it is in another process than
	// the server: that one cannot queue, but tries again, at most 100 ms later.
	apart = 200
	// stretch is about how long such a rebuild works without a rest, of this length.
	stretch, rest = 100 * time.Millisecond, 150 * time.Millisecond
	// patience is how long others may keep a rebuild from going on.
	patience = time.Minute
)

// wait waits, or until ctx ends.
func wait(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// aside does work that nobody waits for, then rests as long as it took: redemptions
// go first.
func (p *Projector) aside(ctx context.Context, work func() (bool, error)) (bool, error) {
	began := p.now()
	worked, err := work()
	p.Pause(ctx, p.now().Sub(began))
	return worked, err
}

// worker is a process of its own that works beside the server.
type worker struct {
	*Projector
	limit int
	// sqlite tells that it has to leave room; worked is for how long it did not.
	sqlite bool
	worked time.Duration
}

// do does a part of the work, again while others are in its way, and then rests.
func (w *worker) do(ctx context.Context, work func() (bool, error)) (bool, error) {
	for began := w.now(); ; {
		var done bool
		var err error
		if w.sqlite {
			done, err = w.inStretches(ctx, work)
		} else {
			done, err = w.aside(ctx, work)
		}
		if _, busy := errors.AsType[Busy](err); !busy || w.now().Sub(began) >= patience {
			return done, err
		}
		w.Pause(ctx, retry)
		if ctx.Err() != nil {
			return false, ctx.Err()
		}
	}
}

func (w *worker) inStretches(ctx context.Context, work func() (bool, error)) (bool, error) {
	began := w.now()
	done, err := work()
	if w.worked += w.now().Sub(began); w.worked >= stretch {
		w.Pause(ctx, max(rest, w.worked))
		w.worked = 0
	}
	return done, err
}
