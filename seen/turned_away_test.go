package seen

import (
	"slices"
	"testing"
	"time"

	"muster/models"
)

// Who was refused before the oldest auth token that was read may have got one that was
// not: nothing is said of them, but of the count, where the verdict knows.
func TestTellable_SaysNothingOfTimesThatWereNotRead(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	refused := []models.RefusedAttempt{
		{ID: "late", AttemptedAt: noon.Add(time.Minute), Reason: models.CodeRegistrationTokenExpired},
		{ID: "early", AttemptedAt: noon.Add(-time.Minute), Reason: models.CodeRegistrationTokenExpired},
		{ID: "count", AttemptedAt: noon.Add(-time.Minute), Reason: models.CodeRegistrationTokenExhausted},
	}
	got := []models.AuthToken{{CreatedAt: noon.Add(time.Hour)}, {CreatedAt: noon}}
	for next, want := range map[string][]string{"": {"late", "early", "count"}, "more": {"late", "count"}} {
		var ids []string
		for _, a := range tellable(slices.Clone(refused), models.Page[models.AuthToken]{Items: got, NextToken: next}) {
			ids = append(ids, a.ID)
		}
		if !slices.Equal(ids, want) {
			t.Errorf("with the next page %q: %v, want %v", next, ids, want)
		}
	}
}
