package store_test

import (
	"log/slog"
	"strings"
	"testing"

	"muster/models"
	"muster/models/store"
	"muster/models/store/storetest"
)

// A search in the list of auth tokens looks rows up, or begins where the newest are:
// it never reads all of them.
func TestAuthTokenSearch_NeverScans(t *testing.T) {
	t.Parallel()
	known(t, searchNeverScans)
}

func searchNeverScans(t *testing.T, url string) {
	t.Helper()
	var log lockedBuffer
	logger := slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s := storetest.Open(t, url, store.WithLogger(logger))
	redeemThree(t, s)
	bob := newConsumption("t", "4")
	bob.Redemption.SystemUserName, bob.AuthToken.SystemUserName = "bob.miller", "bob.miller"
	if err := redeem(t.Context(), s, bob); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"bob":      "SEARCH desk_uses USING INTEGER PRIMARY KEY (rowid=?)",
		"bo":       "SEARCH desk_uses USING INTEGER PRIMARY KEY (rowid=?)",
		"nobodyis": "SEARCH desk_uses USING INDEX desk_uses_created (version=? AND created_at>?)",
	} {
		log.Reset()
		found, err := s.AuthTokens(t.Context(), models.AuthTokenFilter{Search: text}, models.PageRequest{}, day)
		if err != nil || (len(found.Items) > 0) != strings.HasPrefix(text, "bo") {
			t.Fatalf("%q finds %d, %v", text, len(found.Items), err)
		}
		plans := ""
		for _, statement := range selects(t, log.String()) {
			plan := queryPlan(t, s, statement)
			if plans += plan + "\n"; scanned.MatchString(plan) {
				t.Errorf("%q: %s\nis planned as %s", text, statement, plan)
			}
		}
		if !strings.Contains(plans, want) {
			t.Errorf("%q is planned as\n%s, want %s", text, plans, want)
		}
	}
}

// What the tabs count is counted by an index that has hardly any other rows.
func TestAuthTokenTabs_AreCountedByTheIndexOfTheirLens(t *testing.T) {
	t.Parallel()
	known(t, areCountedByTheIndexOfTheirLens)
}

func areCountedByTheIndexOfTheirLens(t *testing.T, url string) {
	t.Helper()
	var log lockedBuffer
	logger := slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s := storetest.Open(t, url, store.WithLogger(logger))
	for lens, index := range map[models.AuthTokenLens]string{
		models.LensSilent: "desk_uses_last_seen", models.LensNeverRefreshed: "desk_uses_never_refreshed", models.LensUnexpected: "desk_uses_unexpected",
		models.LensSharedDevice: "desk_uses_device_several", models.LensSharedPerson: "desk_uses_person_several",
	} {
		log.Reset()
		if _, err := s.AuthTokenCounts(t.Context(), []models.AuthTokenFilter{{Lens: lens}}, 1_000, day); err != nil {
			t.Fatal(err)
		}
		all := selects(t, log.String())
		if plan := queryPlan(t, s, all[len(all)-1]); !strings.Contains(plan, "SEARCH desk_uses USING INDEX "+index+" ") {
			t.Errorf("%s is counted as %s", lens, plan)
		}
	}
}
