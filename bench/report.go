package main

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"time"
)

// report prints the cells as a table of Markdown while they come.
type report struct {
	out           io.Writer
	cells, unsure int
}

func newReport(out io.Writer, p *plan) *report {
	if slices.Equal(p.operations, []string{pages}) {
		return &report{out: out}
	}
	fmt.Fprintf(out, "%d processors, %d rounds of %s each, by turns in random order; medians of the rounds.\n\n", runtime.NumCPU(), p.rounds, p.turn)
	ours, naive := "Muster", "naive"
	if p.rows > 0 {
		ours, naive = fmt.Sprintf("%d rows", p.rows), "empty"
	}
	fmt.Fprintf(out, "| | clients | %[1]s/s | %[2]s/s | **%[1]s / %[2]s** | p50 | p99 | processor an operation | desk afterwards |\n", ours, naive)
	fmt.Fprintln(out, "|---|---|---|---|---|---|---|---|---|")
	return &report{out: out}
}

func (r *report) add(c *cell) {
	r.cells++
	ratios, note := c.ratios(), ""
	if busy := c.busy(); busy*2 > len(ratios) {
		r.unsure++
		note = fmt.Sprintf(" (others used the machine in %d of %d rounds: it was too busy to tell)", busy, len(ratios))
	}
	fmt.Fprintf(r.out, "| %s, %s | %d | %.0f | %.0f | **%.2f** (%.2f–%.2f)%s | %s | %s | %s | %.1f s, %d µs |\n",
		c.operation, c.database, c.clients, medianRate(c.ours), medianRate(c.naive), median(ratios), slices.Min(ratios), slices.Max(ratios), note,
		beside(medianQuantile(c.ours, 0.5), medianQuantile(c.naive, 0.5), time.Millisecond, "ms"),
		beside(medianQuantile(c.ours, 0.99), medianQuantile(c.naive, 0.99), time.Millisecond, "ms"),
		beside(medianProcessor(c.ours), medianProcessor(c.naive), time.Microsecond, "µs"),
		medianOf(c.ours, func(t turn) float64 { return t.behind.Seconds() }),
		time.Duration(medianOf(c.ours, func(t turn) float64 { return float64(t.later) })).Microseconds())
}

// beside is ours and the naive server's, in one unit.
func beside(ours, naive, unit time.Duration, name string) string {
	return fmt.Sprintf("%.1f / %.1f %s", float64(ours)/float64(unit), float64(naive)/float64(unit), name)
}

// verdict is an error when nothing could be told.
func (r *report) verdict() error {
	if r.cells > 0 && r.unsure == r.cells {
		return errors.New("the machine was too busy to tell anything; try again when it is idle")
	}
	return nil
}
