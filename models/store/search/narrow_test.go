package search_test

import (
	"slices"
	"testing"
	"time"

	"gorm.io/gorm"

	"muster/internal/dev/crowd"
	"muster/models/store/database"
	"muster/models/store/search"
	"muster/models/store/storetest"
)

// Rows that many have are asked one by one, those that few have looked up: a list has
// the same ones either way.
func TestNarrow_FindsTheSameWhetherFewOrManyFit(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	storetest.OnEach(t, func(t *testing.T, url string) {
		if err := crowd.Fill(t.Context(), url, crowd.Plan{Size: crowd.Smallest, Seed: 1, Now: now}, nil, time.Now, func(crowd.Progress) {}); err != nil {
			t.Fatal(err)
		}
		db, err := database.Open(t.Context(), url, database.Options{Busy: time.Minute, Now: time.Now})
		t.Cleanup(func() { _ = db.Close() })
		if err != nil {
			t.Fatal(err)
		}
		ids := func(text string, asMasked bool, most int) []string {
			var ids []string
			err := db.Read.Connection(func(tx *gorm.DB) error {
				narrowed, there, err := search.NarrowAtMost(tx.Table("desk_uses"), text, asMasked, most)
				if err != nil || !there {
					return err
				}
				return narrowed.Order("id").Pluck("id", &ids).Error
			})
			if err != nil {
				t.Fatalf("%q: %v", text, err)
			}
			return ids
		}
		all := ids("example", false, 20_000)
		for text, finds := range map[string]bool{
			"example": true, "EXAM": true, "modeler seat": true, "seat modeler": true, "modeler se": true, "sofia okafor": true, "3c:52": true, "3C-52-82": true,
			"10.20.": true, "203.0.": true, "contoso.example": true, "gitlab-runner": true, "po-2026-00000": true, "xample": false, "zeppelin": false, "%": false, "_": false,
		} {
			for _, asMasked := range []bool{false, true} {
				one, each := ids(text, asMasked, 20_000), ids(text, asMasked, 0)
				if !slices.Equal(one, each) {
					t.Errorf("%q, masked %t: %d by their ids, %d one by one", text, asMasked, len(one), len(each))
				}
				if !asMasked && (len(one) > 0) != finds || len(one) == len(all) && len(text) > 7 {
					t.Errorf("%q finds %d of %d", text, len(one), len(all))
				}
			}
		}
		if len(ids("10.20.", true, 20_000)) >= len(ids("10.20.", false, 20_000)) || len(ids("modeler se", true, 0)) == 0 {
			t.Error("who sees addresses masked finds by the beginning of one, or by no word")
		}
	})
}
