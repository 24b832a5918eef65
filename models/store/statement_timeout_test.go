package store_test

import (
	"testing"

	"gorm.io/gorm"

	"muster/models/store/storetest"
)

// A statement of a page ends even if PostgreSQL never hears that its reader is gone; what
// is changed, derived or migrated may take long.
func TestPostgres_OnlyWhatIsReadForPagesHasALimit(t *testing.T) {
	t.Parallel()
	const show = "SHOW statement_timeout"
	for query, want := range map[string]string{"": "1min", "&statement_timeout=5000": "5s"} {
		s := storetest.Open(t, storetest.Postgres(t)+query)
		var reading string
		if err := s.Snapshot(t.Context(), func(tx *gorm.DB) error { return tx.Raw(show).Scan(&reading).Error }); err != nil || reading != want {
			t.Errorf("with %q a page's statement has the limit %s, %v", query, reading, err)
		}
		changing, err := s.Strings(t.Context(), show)
		if err != nil {
			t.Fatal(err)
		}
		if want == "1min" && changing[0] != "0" {
			t.Errorf("a change has the limit %s", changing[0])
		}
	}
}
