// Package group commits changes together. Those that arrive while a commit is running
// share the next transaction, first come first served: the more ask at once, the
// fewer commits each has to wait for. There is no timer, so a change that comes alone
// waits for nobody.
package group

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"gorm.io/gorm"
)

// ErrFull means that too many changes wait already; nothing was done.
var ErrFull = errors.New("too many changes wait to be committed")

var errPanicked = errors.New("the transaction panicked")

const (
	// most is how many changes share one transaction: what comes later does not wait
	// for an endless one.
	most = 128
	// waiting is how many changes may wait for one key.
	waiting = 4096
)

// Begin runs fn in one transaction and commits it, unless fn fails. It may run fn
// again after the database rolled it back.
type Begin func(ctx context.Context, fn func(tx *gorm.DB) error) error

// One makes one change within a transaction. Its failure undoes what it did.
type One[T any] func(tx *gorm.DB, change T) error

// Together makes changes within one transaction, with statements that they share, and
// returns of each why it was not made, in their order; nil when all were. What fails
// harms no neighbour; err ends the whole transaction, and [Singly] lets each be made by
// itself in another.
type Together[T any] func(tx *gorm.DB, changes []T) (failures []error, err error)

// Singly says that changes cannot be made together.
func Singly(err error) error { return &singly{err} }

type singly struct{ error }

func (s *singly) Unwrap() error { return s.error }

// Changes are those that wait, by key: those of one key follow each other, those of
// different keys do not wait for each other. Use it by pointer.
type Changes[T any] struct {
	// Committed, if set, learns of each transaction that was committed how many changes
	// shared it and how long it took. Set it before the first change.
	Committed func(changes int, took time.Duration)

	begin    Begin
	one      One[T]
	together Together[T]

	inHand atomic.Int64

	mu     sync.Mutex
	queues map[string]*queue[T] // of the keys with a transaction under way
}

// New is the changes that one makes, or together where several wait, in transactions
// of begin.
func New[T any](begin Begin, one One[T], together Together[T]) *Changes[T] {
	return &Changes[T]{begin: begin, one: one, together: together, queues: map[string]*queue[T]{}}
}

// queue are those that wait for the transaction of one key, in the order they came.
type queue[T any] struct{ waiting []*member[T] }

// member is one change that waits.
type member[T any] struct {
	change T
	err    error
	// leads tells it to run the next transaction, done that another did.
	leads, done chan struct{}
}

// Do makes a change in a transaction that it may share, and returns when that is
// committed; its own failure is returned. ErrFull when too many wait; the error of ctx
// when it ends before the change's turn. Once its turn has come, the transaction no
// longer depends on ctx: others share it.
func (c *Changes[T]) Do(ctx context.Context, key string, change T) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c.inHand.Add(1)
	defer c.inHand.Add(-1)
	m := &member[T]{change: change, leads: make(chan struct{}), done: make(chan struct{})}
	leads, err := c.enter(key, m)
	if err != nil {
		return err
	}
	if !leads {
		select {
		case <-m.leads:
			leads = true
		case <-m.done:
		case <-ctx.Done():
			if c.leave(key, m) {
				return ctx.Err()
			}
			select { // its turn has come meanwhile
			case <-m.leads:
				leads = true
			case <-m.done:
			}
		}
	}
	if leads {
		c.lead(context.WithoutCancel(ctx), key)
	}
	if p, ok := errors.AsType[*panicked](m.err); ok {
		panic(p.value)
	}
	return m.err
}

// enter lets m wait, and tells whether it is to begin at once.
func (c *Changes[T]) enter(key string, m *member[T]) (leads bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	q, busy := c.queues[key]
	if !busy {
		q = &queue[T]{}
		c.queues[key] = q
	}
	if len(q.waiting) >= waiting {
		return false, ErrFull
	}
	q.waiting = append(q.waiting, m)
	return !busy, nil
}

// leave is false when the turn of m has come.
func (c *Changes[T]) leave(key string, m *member[T]) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	q := c.queues[key]
	if q == nil {
		return false
	}
	i := slices.Index(q.waiting, m)
	if i < 0 {
		return false
	}
	select {
	case <-m.leads:
		return false
	default:
	}
	q.waiting = slices.Delete(q.waiting, i, i+1)
	return true
}

// lead makes the changes that wait, its own first, and leaves the rest to the next.
func (c *Changes[T]) lead(ctx context.Context, key string) {
	c.mu.Lock()
	q := c.queues[key]
	n := min(most, len(q.waiting))
	together := slices.Clone(q.waiting[:n])
	q.waiting = q.waiting[n:]
	c.mu.Unlock()

	changes := make([]T, n)
	for i, m := range together {
		changes[i] = m.change
	}
	var failures []error
	err := errPanicked // unless begin returns
	defer func() {
		c.pass(key, q)
		for i, m := range together {
			m.err = err // what was not committed was not done
			if i < len(failures) && failures[i] != nil {
				m.err = failures[i]
			}
			close(m.done)
		}
	}()
	began := time.Now() //nolint:forbidigo // a duration for metrics; no rule depends on it
	failures, err = c.make(ctx, changes)
	if err == nil && c.Committed != nil {
		c.Committed(n, time.Since(began))
	}
}

// make makes changes in one transaction, or in a second one where that is not possible.
func (c *Changes[T]) make(ctx context.Context, changes []T) (failures []error, err error) {
	if len(changes) == 1 { // its failure is that of the transaction
		return nil, c.begin(ctx, func(tx *gorm.DB) error { return try(func() error { return c.one(tx, changes[0]) }) })
	}
	err = c.begin(ctx, func(tx *gorm.DB) error {
		return try(func() (err error) {
			failures, err = c.together(tx, changes)
			return err
		})
	})
	_, apart := errors.AsType[*singly](err)
	if _, panics := errors.AsType[*panicked](err); panics || apart {
		err = c.begin(ctx, func(tx *gorm.DB) (err error) {
			failures, err = each(tx, changes, c.one)
			return err
		})
	}
	return failures, err
}

// pass lets the next one lead, if any waits.
func (c *Changes[T]) pass(key string, q *queue[T]) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(q.waiting) > 0 {
		close(q.waiting[0].leads)
	} else {
		delete(c.queues, key)
	}
}

// InHand is how many changes wait for a transaction or are part of one.
func (c *Changes[T]) InHand() int { return int(c.inHand.Load()) }

// Depth is how many changes wait for a transaction.
func (c *Changes[T]) Depth() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := 0
	for _, q := range c.queues {
		n += len(q.waiting)
	}
	return n
}
