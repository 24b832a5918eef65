package models

import (
	"context"
	"errors"
	"sync/atomic"
	"time"
)

// ErrDeskBuilding says that what the desk knows about devices and people is still
// being put together for the first time. It is the cause of a KindUnavailable.
var ErrDeskBuilding = errors.New("the desk is being put together")

type asOfKey struct{}

// WithAsOf lets what is asked under the context note that an answer is as of an
// earlier time; see [AsOf].
func WithAsOf(ctx context.Context) context.Context {
	return context.WithValue(ctx, asOfKey{}, new(atomic.Pointer[time.Time]))
}

// NoteAsOf notes that something was answered as of t, zero for an earlier time that
// nobody knows. The earliest counts.
func NoteAsOf(ctx context.Context, t time.Time) {
	noted, ok := ctx.Value(asOfKey{}).(*atomic.Pointer[time.Time])
	if !ok {
		return
	}
	for {
		before := noted.Load()
		if before != nil && !t.Before(*before) || noted.CompareAndSwap(before, &t) {
			return
		}
	}
}

// AsOf is the time that an answer is as of, false when it is as of now. A process
// that started into a backlog knows that it is late, but not since when: zero.
func AsOf(ctx context.Context) (time.Time, bool) {
	noted, ok := ctx.Value(asOfKey{}).(*atomic.Pointer[time.Time])
	if !ok || noted.Load() == nil {
		return time.Time{}, false
	}
	return *noted.Load(), true
}
