package benchpair

import (
	"slices"
	"testing"
	"time"
)

func TestSide_FillsATurnAndDividesByItsOperations(t *testing.T) {
	t.Parallel()
	var now time.Duration
	s := side{run: func(n int) { now += time.Duration(n) * 3 * time.Millisecond }}
	elapsed := func() time.Duration { return now }
	s.calibrate(elapsed)
	if s.n != 33 {
		t.Errorf("%d operations in a turn, want 33", s.n)
	}
	s.measure(elapsed)
	if !slices.Equal(s.perOperation, []float64{3e6}) {
		t.Errorf("measured %v ns, want 3 ms", s.perOperation)
	}
}

func TestSide_TakesOneOperationThatIsLongerThanATurn(t *testing.T) {
	t.Parallel()
	var now time.Duration
	s := side{run: func(n int) { now += time.Duration(n) * time.Second }}
	s.calibrate(func() time.Duration { return now })
	if s.n != 1 {
		t.Errorf("%d operations in a turn, want 1", s.n)
	}
}

func TestRatios_AreTakenRoundByRound(t *testing.T) {
	t.Parallel()
	// The machine was three times slower in the second round.
	got := ratios([]float64{10, 30, 10}, []float64{20, 60, 25})
	if !slices.Equal(got, []float64{2, 2, 2.5}) {
		t.Errorf("ratios %v", got)
	}
	if m := median(got); m != 2 {
		t.Errorf("median %v, want 2", m)
	}
	if m := median([]float64{4, 1, 3, 2}); m != 2.5 {
		t.Errorf("median %v, want 2.5", m)
	}
}

func TestRun_ReportsRatios(t *testing.T) {
	t.Parallel()
	result := testing.Benchmark(func(b *testing.B) { Run(b, work(1), work(50)) })
	low, middle, high := result.Extra["naive/ours-min"], result.Extra["naive/ours"], result.Extra["naive/ours-max"]
	if low <= 0 || middle < low || high < middle {
		t.Errorf("ratios %v <= %v <= %v", low, middle, high)
	}
	if middle < 2 {
		t.Errorf("fifty times the work is reported as %v times the time", middle)
	}
}

// work returns an operation that takes a time in proportion to size.
func work(size int) func(n int) {
	sum := uint64(1)
	return func(n int) {
		for range n * size * 1000 {
			sum = sum*6364136223846793005 + 1442695040888963407
		}
	}
}
