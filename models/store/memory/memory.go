// Package memory remembers what was read about registration tokens: those that were
// asked for last.
package memory

import (
	"context"
	"slices"
	"sync"
)

// leastCost is what remembering a small registration token costs, in uses.
const leastCost = 100

// Memory remembers a T for each registration token. It may be used by many at once.
type Memory[T any] struct {
	most int
	mu   sync.Mutex
	// kept is what is remembered, the longest unused first.
	kept []*Of[T]
}

// New remembers as much as costs most in all, in uses.
func New[T any](most int) *Memory[T] { return &Memory[T]{most: most} }

// Of is what is remembered of one registration token.
type Of[T any] struct {
	ID   string
	cost int           // held by the mu of all
	busy chan struct{} // full while somebody has it
	What T
}

// Take is what is remembered of a registration token, which is now the one that was
// asked for last; nobody else has it until it is put back. Whoever waits should hold no
// connection meanwhile: these are for those who get on.
func (m *Memory[T]) Take(ctx context.Context, registrationTokenID string) (*Of[T], error) {
	of := m.of(registrationTokenID)
	select {
	case of.busy <- struct{}{}:
		return of, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (m *Memory[T]) of(registrationTokenID string) *Of[T] {
	m.mu.Lock()
	defer m.mu.Unlock()
	of := &Of[T]{ID: registrationTokenID, busy: make(chan struct{}, 1)}
	if i := slices.IndexFunc(m.kept, func(of *Of[T]) bool { return of.ID == registrationTokenID }); i >= 0 {
		of = m.kept[i]
		m.kept = slices.Delete(m.kept, i, i+1)
	}
	m.kept = append(m.kept, of)
	return of
}

// Put gives back what was taken, which has so many uses now. Those that were not asked
// for the longest are forgotten, until the rest is small enough.
func (m *Memory[T]) Put(of *Of[T], uses int) {
	<-of.busy
	m.mu.Lock()
	defer m.mu.Unlock()
	of.cost = max(uses, leastCost)
	total := 0
	for _, of := range m.kept {
		total += of.cost
	}
	for total > m.most {
		total -= m.kept[0].cost
		m.kept = slices.Delete(m.kept, 0, 1)
	}
}
