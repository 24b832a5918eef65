package handlers_test

import (
	"slices"
	"sync"
	"time"
)

// clock is the time of a world; it stands still unless moved.
type clock struct {
	mu     sync.Mutex
	now    time.Time
	timers []*timer
}

// timer calls due once the clock stands at or after at.
type timer struct {
	at  time.Time
	due func()
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// AfterFunc is [time.AfterFunc] of this clock.
func (c *clock) AfterFunc(d time.Duration, due func()) (stop func() bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	set := &timer{c.now.Add(d), due}
	c.timers = append(c.timers, set)
	return func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		at := slices.Index(c.timers, set)
		if at >= 0 {
			c.timers = slices.Delete(c.timers, at, at+1)
		}
		return at >= 0
	}
}

// Advance moves the clock on, and returns when what was due has been done.
func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	c.now = c.now.Add(d)
	var due []func()
	c.timers = slices.DeleteFunc(c.timers, func(t *timer) bool {
		if t.at.After(c.now) {
			return false
		}
		due = append(due, t.due)
		return true
	})
	c.mu.Unlock()
	for _, do := range due {
		do()
	}
}
