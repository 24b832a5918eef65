// Package background makes writes that no answer waits for, such as that something
// was seen.
package background

import (
	"context"
	"log/slog"
	"sync"
)

// most bounds the writes waiting for a busy database. Further ones are dropped; the
// next use tries again.
const most = 32

// Writes are those under way, safe for concurrent use.
type Writes struct {
	logger *slog.Logger

	mu      sync.Mutex
	closed  bool
	running sync.WaitGroup
	pending map[string]bool
}

// New is none yet. Failures are only logged.
func New(logger *slog.Logger) *Writes {
	return &Writes{logger: logger, pending: map[string]bool{}}
}

// Do makes a write to an object of a kind while the answer goes out, unless one to the
// same object or too many others are under way, or it is closed. The end of ctx does not
// end the write.
func (w *Writes) Do(ctx context.Context, kind, id string, write func(context.Context) error) {
	key := kind + " " + id
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed || w.pending[key] || len(w.pending) >= most {
		return
	}
	w.pending[key] = true
	ctx = context.WithoutCancel(ctx)
	w.running.Go(func() {
		err := write(ctx)
		w.mu.Lock()
		delete(w.pending, key)
		w.mu.Unlock()
		if err != nil {
			w.logger.LogAttrs(ctx, slog.LevelWarn, "use not recorded",
				slog.String(kind, id), slog.String("error", err.Error()))
		}
	})
}

// Wait waits for the writes under way.
func (w *Writes) Wait() { w.running.Wait() }

// Close makes no more writes, and waits for those under way.
func (w *Writes) Close() {
	w.mu.Lock()
	w.closed = true
	w.mu.Unlock()
	w.Wait()
}
