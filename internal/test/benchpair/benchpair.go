// Package benchpair measures two ways of doing the same thing by turns, so that
// their ratio survives a machine that is busy with something else: whatever
// slows one side down slows down the other side of the same round too.
package benchpair

import (
	"slices"
	"testing"
	"time"
)

// turn is how long one side runs before the other one does, about. A round
// is two turns; a benchmark of 4 s has about 20 rounds.
const turn = 100 * time.Millisecond

// Run measures ours beside naive until the benchmark time is over. Each does
// its operation n times. It reports, instead of ns/op, the median time of one
// operation of each side, and of the ratio of each round ("naive/ours": how
// many times longer naive takes) the median, with the lowest and the highest.
func Run(b *testing.B, ours, naive func(n int)) {
	b.Helper()
	sides := [2]side{{run: ours}, {run: naive}}
	for i := range sides {
		sides[i].calibrate(b.Elapsed)
	}
	b.ResetTimer()
	first := 0
	for b.Loop() {
		// Who goes first changes: the second may find warm caches.
		sides[first].measure(b.Elapsed)
		sides[1-first].measure(b.Elapsed)
		first = 1 - first
	}
	report := ratios(sides[0].perOperation, sides[1].perOperation)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(sides[0].perOperation)/1e3, "ours-µs")
	b.ReportMetric(median(sides[1].perOperation)/1e3, "naive-µs")
	b.ReportMetric(median(report), "naive/ours")
	b.ReportMetric(slices.Min(report), "naive/ours-min")
	b.ReportMetric(slices.Max(report), "naive/ours-max")
}

// side is one of the two ways.
type side struct {
	run          func(n int)
	n            int       // operations in one turn
	perOperation []float64 // nanoseconds, one for each turn
}

// calibrate finds how many operations fill a turn, which also warms up.
func (s *side) calibrate(elapsed func() time.Duration) {
	for s.n = 1; ; s.n *= 2 {
		started := elapsed()
		s.run(s.n)
		if took := elapsed() - started; took >= turn/4 {
			s.n = max(1, int(float64(s.n)*float64(turn)/float64(took)))
			return
		}
	}
}

func (s *side) measure(elapsed func() time.Duration) {
	started := elapsed()
	s.run(s.n)
	s.perOperation = append(s.perOperation, float64(elapsed()-started)/float64(s.n))
}

// ratios divides round by round.
func ratios(ours, naive []float64) []float64 {
	r := make([]float64, len(ours))
	for i := range ours {
		r[i] = naive[i] / ours[i]
	}
	return r
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}
