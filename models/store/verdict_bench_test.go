package store_test

import (
	"syscall"
	"testing"
	"time"

	"muster/internal/test/histories"
	"muster/models"
	"muster/models/store/projection"
	"muster/models/store/storetest"
	"muster/models/verdict"
)

// verdictUses is how many uses the registration token has that is judged.
const verdictUses = 500_000

// processorTime is what the process has used of its cores: what others leave of them
// does not matter to it.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// BenchmarkVerdict judges a registration token with half a million uses: the first
// time, again, and again after one machine refreshed. Each includes what is read.
func BenchmarkVerdict_500000Uses(b *testing.B) {
	s := storetest.Open(b, storetest.SQLite(b))
	s.BatchOf(1000)
	start := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	h := histories.Large(verdictUses)
	began := time.Now()
	if err := storeHistory(b, s, h, "large", start); err != nil {
		b.Fatal(err)
	}
	b.Logf("stored in %s", time.Since(began))
	began = time.Now()
	for {
		ready, err := s.Await(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		if ready == projection.Ready {
			break
		}
	}
	b.Logf("projected in %s", time.Since(began))
	token, err := s.RegistrationToken(b.Context(), "large-token-000000")
	if err != nil {
		b.Fatal(err)
	}
	judge := func(b *testing.B) {
		b.Helper()
		evidence, err := s.Evidence(b.Context(), token.ID)
		if err != nil {
			b.Fatal(err)
		}
		v := verdict.Judge(models.DefaultVerdictRules(), token, evidence, start.Add(h.Looked))
		for _, problem := range h.Check(token, &v) {
			b.Error(problem)
		}
	}
	began = time.Now()
	judge(b)
	b.Logf("the first time in %s", time.Since(began))
	b.Run("again", func(b *testing.B) {
		began := processorTime(b)
		for b.Loop() {
			judge(b)
		}
		b.ReportMetric(float64((processorTime(b)-began).Milliseconds())/float64(b.N), "cpu-ms/op")
	})
	b.Run("afterARefresh", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			err := s.Exec(b.Context(), "UPDATE auth_tokens SET generation = generation + 1 WHERE id = 'large-auth-300000'")
			if err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
			judge(b)
		}
	})
}
