package verdict_test

import (
	"slices"
	"testing"
	"time"

	"muster/models"
	"muster/models/verdict"
)

// TestVerdict_TellsWhoHoldsOneAlready: whoever is refused although their device, or
// they on another device, hold a live auth token does not wait for another one.
func TestVerdict_TellsWhoHoldsOneAlready(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)
	token, e := models.RegistrationToken{Count: 3, UsedCount: 3, ExpiresAt: start.Add(90 * 24 * time.Hour)}, &models.Evidence{}
	use := func(id, person, device string, vague bool) {
		at := start.Add(time.Duration(len(e.Uses)) * time.Hour)
		e.Uses = append(e.Uses, models.UseFacts{
			AuthTokenID: id, At: at, LastSeenAt: at, IdleExpiresAt: at.Add(90 * 24 * time.Hour), Person: e.Keys.Of(person), Device: e.Keys.Of(device), Vague: vague,
		})
	}
	refuse := func(code, person, device string, vague bool) {
		f := models.RefusedFacts{Person: e.Keys.Of(person), Device: e.Keys.Of(device), Vague: vague}
		f.SupportCode = code
		e.Refused = append(e.Refused, f)
	}
	use("1", "ann", "lt-1", false)
	use("2", "ann", "lt-2", false)
	use("3", "", "localhost", true)
	refuse("same device", "cem", "lt-1", false)
	refuse("new device", "ann", "lt-3", false)
	refuse("both", "ann", "lt-2", false)
	refuse("neither", "bob", "lt-4", false)
	refuse("anybody's name", "", "localhost", true)
	refuse("nothing known", "", "", false)
	check := func(e *models.Evidence, want map[string]models.Holding) {
		t.Helper()
		got := verdict.Judge(models.DefaultVerdictRules(), &token, e, start.Add(4*time.Hour)).Holding
		if len(got) != len(want) {
			t.Errorf("%v", got)
		}
		for code, holding := range want {
			if got[code] != holding {
				t.Errorf("%s: %+v", code, got[code])
			}
		}
	}
	check(e, map[string]models.Holding{
		"same device": {AuthTokenID: "1", SameDevice: true}, "new device": {AuthTokenID: "2"}, "both": {AuthTokenID: "2", SameDevice: true},
	})
	later := &models.Evidence{Uses: slices.Clone(e.Uses), Refused: e.Refused, Keys: e.Keys}
	later.Uses[1].Deleted, later.Uses[0].Ended = true, true
	check(later, map[string]models.Holding{})
}
