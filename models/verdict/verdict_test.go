package verdict_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"muster/internal/test/histories"
	"muster/models"
	"muster/models/verdict"
)

var monday = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)

// judged is a history with its verdict and what that was judged by.
func judged(h *histories.History) (models.RegistrationToken, *models.Evidence, models.Verdict) {
	token, rows, refused := h.Told("told", monday)
	evidence := histories.Evidence(rows, refused)
	return token, evidence, verdict.Judge(models.DefaultVerdictRules(), &token, evidence, monday.Add(h.Looked))
}

func TestJudge_FindsWhatIsTrue(t *testing.T) {
	t.Parallel()
	all := histories.All()
	if len(all) < 40 {
		t.Errorf("there are %d histories", len(all))
	}
	names := map[string]bool{}
	for _, h := range all {
		token, _, v := judged(h)
		for _, problem := range h.Check(&token, &v) {
			t.Errorf("%s: %s", h.Name, problem)
		}
		if names[h.Name] || h.Happened == "" {
			t.Errorf("%s: told twice, or not at all", h.Name)
		}
		names[h.Name] = true
	}
}

func TestJudge_LargeRegistrationToken(t *testing.T) {
	t.Parallel()
	h := histories.Large(20_000)
	token, _, v := judged(h)
	for _, problem := range h.Check(&token, &v) {
		t.Error(problem)
	}
}

func TestHistories_AreToldByKind(t *testing.T) {
	t.Parallel()
	found := map[string]int{}
	for _, h := range histories.All() {
		for _, f := range h.Truth.Findings {
			var kind string
			var counts int
			if _, err := fmt.Sscan(f, &kind, &counts); err != nil {
				t.Errorf("%s: %q: %v", h.Name, f, err)
			}
			found[kind]++
		}
	}
	for _, kind := range models.FindingKinds {
		if found[string(kind)] == 0 {
			t.Errorf("no history has %s", kind)
		}
	}
	if len(found) != len(models.FindingKinds) {
		t.Errorf("unknown kinds in %v", slices.Collect(func(yield func(string) bool) {
			for kind := range found {
				if !yield(kind) {
					return
				}
			}
		}))
	}
}
