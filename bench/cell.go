package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

// cell is one line of the report: an operation, so many clients, one database.
type cell struct {
	operation, database string
	clients             int
	ours, naive         []turn // one for each round, side by side
}

// side is one program with its clients for one cell.
type side struct {
	p       *program
	hot     *hotToken
	clients []client
	turns   []turn
}

func newSide(ctx context.Context, p *program, operation string, clients int) (*side, error) {
	hot, err := newHotToken(ctx, p)
	if err != nil {
		return nil, err
	}
	prepared, err := operations[operation](ctx, p, hot, clients)
	return &side{p: p, hot: hot, clients: prepared}, err
}

func measure(ctx context.Context, p *plan, operation string, clients int, ours, naive *program) (*cell, error) {
	var sides [2]*side
	for i, program := range []*program{ours, naive} {
		var err error
		if sides[i], err = newSide(ctx, program, operation, clients); err != nil {
			return nil, err
		}
		// Connections, caches and statements are warm before anything counts.
		if t := drive(ctx, program, sides[i].clients, p.turn/3); operation == "redeem" {
			sides[i].turns = append(sides[i].turns, t)
		}
	}
	warm := len(sides[0].turns)
	for range p.rounds {
		order := []*side{sides[0], sides[1]}
		rand.Shuffle(2, func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, s := range order {
			s.turns = append(s.turns, drive(ctx, s.p, s.clients, p.turn))
		}
	}
	for _, s := range sides {
		if err := s.prove(ctx, operation); err != nil {
			return nil, err
		}
	}
	return &cell{operation: operation, clients: clients, ours: sides[0].turns[warm:], naive: sides[1].turns[warm:]}, ctx.Err()
}

// prove fails for an answer that was none, and for books that are wrong.
func (s *side) prove(ctx context.Context, operation string) error {
	acknowledged := 0
	for _, t := range s.turns {
		if t.failure != nil {
			return fmt.Errorf("%d of %d failed: %w", t.failed, t.failed+t.done, t.failure)
		}
		acknowledged += t.done
	}
	if operation != "redeem" {
		return nil
	}
	return proveBooks(ctx, s.p, s.hot, acknowledged)
}

// ratios of the rates, round by round.
func (c *cell) ratios() []float64 {
	r := make([]float64, len(c.ours))
	for i := range r {
		r[i] = c.ours[i].rate / max(c.naive[i].rate, 1e-9)
	}
	return r
}

// busy counts the rounds in which others used more than a fifth of one processor.
func (c *cell) busy() int {
	n := 0
	for i := range c.ours {
		if c.ours[i].strangers > 0.2 || c.naive[i].strangers > 0.2 {
			n++
		}
	}
	return n
}

func medianOf(turns []turn, value func(turn) float64) float64 {
	values := make([]float64, len(turns))
	for i, t := range turns {
		values[i] = value(t)
	}
	return median(values)
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}

func medianRate(turns []turn) float64 { return medianOf(turns, func(t turn) float64 { return t.rate }) }

func medianQuantile(turns []turn, q float64) time.Duration {
	return time.Duration(medianOf(turns, func(t turn) float64 { return float64(t.quantile(q)) }))
}

func medianProcessor(turns []turn) time.Duration {
	return time.Duration(medianOf(turns, func(t turn) float64 { return float64(t.processor) }))
}
