// Package recent remembers for a while what was read, so that what many ask for at
// once is read once. It never holds more than it may, and what it holds ends by time:
// another replica's change is seen after that at the latest, our own at once.
package recent

import (
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"
)

// Cache remembers values by digest or id. It is safe for concurrent use; what it
// returns is shared and must not be changed.
type Cache[V any] struct {
	entries *otter.Cache[string, entry[V]]
	life    time.Duration
	// forgotten counts the calls of Forget: what was read before one is not kept after it.
	forgotten atomic.Int64
}

type entry[V any] struct {
	value  V
	readAt time.Time
}

// New is a cache of at most so many values, each for so long after it was read.
func New[V any](most int, life time.Duration) *Cache[V] {
	return &Cache[V]{entries: otter.Must(&otter.Options[string, entry[V]]{MaximumSize: most}), life: life}
}

// Read returns what is remembered under key, or else reads it. An error is not
// remembered.
func (c *Cache[V]) Read(key string, now time.Time, read func() (V, error)) (V, error) {
	if e, ok := c.entries.GetIfPresent(key); ok && now.Before(e.readAt.Add(c.life)) && !now.Before(e.readAt) {
		return e.value, nil
	}
	before := c.forgotten.Load()
	value, err := read()
	if err == nil && c.forgotten.Load() == before {
		c.entries.Set(key, entry[V]{value, now})
	}
	return value, err
}

// Forget forgets everything: something that may be remembered was changed.
func (c *Cache[V]) Forget() {
	c.forgotten.Add(1)
	c.entries.InvalidateAll()
}
