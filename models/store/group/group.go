// Package group commits changes together. Those that arrive while a commit is running
// share the next transaction, first come first served: the more ask at once, the
// fewer commits each has to wait for. There is no timer, so a change that comes alone
// waits for nobody.
package group

import (
	"context"
	"errors"
	"sync"

	"gorm.io/gorm"
)

// ErrFull means that too many changes wait already; nothing was done.
var ErrFull = errors.New("too many changes wait to be committed")

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

// Changes are those that wait, by key: those of one key follow each other, those of
// different keys do not wait for each other. Use it by pointer.
type Changes struct {
	begin Begin

	mu     sync.Mutex
	queues map[string]*queue // of the keys with a transaction under way
}

// New is the changes that are run by begin.
func New(begin Begin) *Changes {
	return &Changes{begin: begin, queues: map[string]*queue{}}
}

// queue are those that wait for the transaction of one key, in the order they came.
type queue struct{ waiting []*member }

// member is one change that waits.
type member struct {
	fn       func(tx *gorm.DB) error
	err      error
	panicked any
	// leads tells it to run the next transaction, done that another did.
	leads, done chan struct{}
}

// Do runs fn in a transaction that it may share, and returns when that is committed.
// An error of fn undoes what fn did, and nothing of its neighbours; it is returned.
// ErrFull when too many wait; the error of ctx when it ends before fn's turn. Once
// its turn has come, the transaction no longer depends on ctx: others share it.
func (c *Changes) Do(ctx context.Context, key string, fn func(tx *gorm.DB) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m := &member{fn: fn, leads: make(chan struct{}), done: make(chan struct{})}
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
	if m.panicked != nil {
		panic(m.panicked)
	}
	return m.err
}

// enter lets m wait, and tells whether it is to begin at once.
func (c *Changes) enter(key string, m *member) (leads bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	q, busy := c.queues[key]
	if !busy {
		q = &queue{}
		c.queues[key] = q
	}
	if len(q.waiting) >= waiting {
		return false, ErrFull
	}
	q.waiting = append(q.waiting, m)
	return !busy, nil
}

// leave is false when m does not wait any more.
func (c *Changes) leave(key string, m *member) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	q := c.queues[key]
	if q == nil {
		return false
	}
	for i, other := range q.waiting {
		if other == m {
			select {
			case <-m.leads:
				return false
			default:
			}
			q.waiting = append(q.waiting[:i], q.waiting[i+1:]...)
			return true
		}
	}
	return false
}

// lead runs those that wait, its own change first, and leaves the rest to the next.
func (c *Changes) lead(ctx context.Context, key string) {
	c.mu.Lock()
	q := c.queues[key]
	n := min(most, len(q.waiting))
	together := append([]*member(nil), q.waiting[:n]...)
	q.waiting = q.waiting[n:]
	c.mu.Unlock()

	err := errPanicked // unless begin returns
	defer func() {
		c.pass(key, q)
		for _, m := range together {
			if m.err == nil {
				m.err = err // what was not committed was not done
			}
			close(m.done)
		}
	}()
	err = c.begin(ctx, func(tx *gorm.DB) error { return all(tx, together) })
}

// pass lets the next one lead, if any waits.
func (c *Changes) pass(key string, q *queue) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(q.waiting) > 0 {
		close(q.waiting[0].leads)
	} else {
		delete(c.queues, key)
	}
}

// all runs each change within the transaction, and undoes those that fail.
func all(tx *gorm.DB, together []*member) error {
	if len(together) == 1 {
		// Alone, its failure is that of the transaction.
		together[0].err, together[0].panicked = try(tx, together[0].fn)
		return together[0].failure()
	}
	for _, m := range together {
		if err := tx.Exec("SAVEPOINT member").Error; err != nil {
			return err
		}
		m.err, m.panicked = try(tx, m.fn)
		if m.failure() != nil {
			if err := tx.Exec("ROLLBACK TO SAVEPOINT member").Error; err != nil {
				return err
			}
		}
		if err := tx.Exec("RELEASE SAVEPOINT member").Error; err != nil {
			return err
		}
	}
	return nil
}

var errPanicked = errors.New("a change panicked")

func (m *member) failure() error {
	if m.panicked != nil {
		return errPanicked
	}
	return m.err
}

// try keeps a panic for the goroutine that asked.
func try(tx *gorm.DB, fn func(tx *gorm.DB) error) (err error, panicked any) { //nolint:revive,staticcheck // err belongs to fn
	defer func() { panicked = recover() }()
	return fn(tx), nil
}
