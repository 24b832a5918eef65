package crowd_test

import (
	"testing"
	"time"

	"muster/internal/dev/crowd"
	"muster/models"
	"muster/models/store"
	"muster/models/store/database"
	"muster/models/store/storetest"
)

const size = 3_000

var now = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

func fill(t *testing.T, url string, p crowd.Plan) *store.Store {
	t.Helper()
	if err := crowd.Fill(t.Context(), url, p, nil, time.Now, func(crowd.Progress) {}); err != nil {
		t.Fatal(err)
	}
	return storetest.Open(t, url)
}

// count counts rows of what stands behind FROM.
func count(t *testing.T, url, from string) int {
	t.Helper()
	db, err := database.Open(t.Context(), url, database.Options{Busy: time.Minute, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var n int
	if err := db.Read.Raw("SELECT COUNT(*) FROM " + from).Scan(&n).Error; err != nil {
		t.Fatal(err)
	}
	return n
}

func TestFill_MakesWhatWasAskedForAndTheBooksFit(t *testing.T) {
	t.Parallel()
	storetest.OnEach(t, func(t *testing.T, url string) {
		s := fill(t, url, crowd.Plan{Size: size, Seed: 1, Now: now})
		if findings, err := s.Check(t.Context()); err != nil || len(findings) > 0 {
			t.Fatalf("check: %v, %v", findings, err)
		}
		for what, wanted := range map[string]int{
			"auth_tokens": size, "redemptions": size, "refused_attempts": size / 25, "audit_events": size / 5 * 2,
			"desk_uses WHERE version = (SELECT MAX(version) FROM desk_state WHERE whole)": size,
		} {
			if got := count(t, url, what); got != wanted {
				t.Errorf("%s: %d, want %d", what, got, wanted)
			}
		}
		for _, what := range []string{
			"auth_tokens WHERE deleted_at IS NOT NULL AND count_reclaimed", "auth_tokens WHERE ended_at IS NOT NULL",
			"desk_uses WHERE nobody", "desk_uses WHERE several_on_device", "desk_words WHERE word = 'seat'", "customers WHERE id <> 'default'",
		} {
			if count(t, url, what) == 0 {
				t.Errorf("there are no %s", what)
			}
		}
	})
}

func TestFill_IsTheSameForASeed(t *testing.T) {
	t.Parallel()
	plan := crowd.Plan{Size: crowd.Smallest, Seed: 7, Now: now}
	other := plan
	other.Seed++
	var newest [3]string
	for i, p := range []crowd.Plan{plan, plan, other} {
		found, err := fill(t, storetest.SQLite(t), p).AuthTokens(t.Context(), models.AuthTokenFilter{}, models.PageRequest{Size: 1}, now)
		if err != nil {
			t.Fatal(err)
		}
		newest[i] = found.Items[0].ID + found.Items[0].SystemUserName
	}
	if newest[0] != newest[1] || newest[0] == newest[2] {
		t.Errorf("the newest auth tokens of one seed, the same and another: %q", newest)
	}
}

func TestFill_LeavesWhatIsThereAlone(t *testing.T) {
	t.Parallel()
	url := storetest.SQLite(t)
	plan := crowd.Plan{Size: crowd.Smallest, Seed: 1, Now: now}
	fill(t, url, plan)
	for p, kind := range map[crowd.Plan]models.Kind{plan: models.KindConflict, {Size: crowd.Smallest - 1}: models.KindInvalid} {
		if err := crowd.Fill(t.Context(), url, p, nil, time.Now, nil); models.ErrorKind(err) != kind {
			t.Errorf("%d auth tokens again: %v, want %v", p.Size, err, kind)
		}
	}
}
