package verdict_test

import (
	"testing"

	"muster/internal/test/histories"
	"muster/models"
	"muster/models/verdict"
)

// BenchmarkJudge judges a registration token with half a million uses that are in
// memory already.
func BenchmarkJudge_500000Uses(b *testing.B) {
	h := histories.Large(500_000)
	token, rows, refused := h.Told("told", monday)
	evidence := histories.Evidence(rows, refused)
	var v models.Verdict
	for b.Loop() {
		v = verdict.Judge(models.DefaultVerdictRules(), &token, evidence, monday.Add(h.Looked))
	}
	for _, problem := range h.Check(&token, &v) {
		b.Error(problem)
	}
}
