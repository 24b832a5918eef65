package store_test

import (
	"errors"
	"strings"
	"testing"

	"gorm.io/gorm"

	"muster/models/store/storetest"
)

// What is derived need not be on disk before others go on; what is acknowledged must,
// also after something was derived, or failed to be.
func TestWrites_AreSyncedUnlessTheyAreDerived(t *testing.T) {
	t.Parallel()
	storetest.OnEach(t, func(t *testing.T, databaseURL string) {
		asks, synced, unsynced := "PRAGMA synchronous", "2", "1"
		if strings.HasPrefix(databaseURL, "postgres") { // the server of the tests is not synced
			asks, synced, unsynced = "SHOW synchronous_commit", "on", "off"
			databaseURL += "&synchronous_commit=on"
		}
		s := storetest.Open(t, databaseURL)
		for _, failure := range []error{nil, errors.New("it fails")} {
			err := s.Derive(t.Context(), func(tx *gorm.DB) error {
				var got string
				if err := tx.Raw(asks).Scan(&got).Error; err != nil || got != unsynced {
					t.Errorf("while it is derived: %q, %v", got, err)
				}
				return failure
			})
			if (err == nil) != (failure == nil) {
				t.Errorf("derived with %v: %v", failure, err)
			}
			if got, err := s.Strings(t.Context(), asks); err != nil || got[0] != synced {
				t.Errorf("afterwards: %v, %v", got, err)
			}
		}
	})
}
