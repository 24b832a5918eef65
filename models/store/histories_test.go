package store_test

import (
	"fmt"
	"testing"
	"time"

	"muster/internal/test/histories"
	"muster/models"
	"muster/models/store"
	"muster/models/verdict"
)

func TestHistories_AreJudgedRight(t *testing.T) {
	t.Parallel()
	both(t, historiesAreJudgedRight)
}

// historiesAreJudgedRight stores all histories in one database, each of a customer
// of its own, and judges what is read of each.
func historiesAreJudgedRight(t *testing.T, s *store.Store) {
	t.Helper()
	start := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	all := histories.All()
	for n, h := range all {
		if err := storeHistory(t, s, h, fmt.Sprintf("h%02d", n), start); err != nil {
			t.Fatalf("%s: %v", h.Name, err)
		}
	}
	for n, h := range all {
		token, err := s.RegistrationToken(t.Context(), fmt.Sprintf("h%02d-token-000000", n))
		if err != nil {
			t.Fatal(err)
		}
		evidence, err := s.Evidence(t.Context(), token.ID)
		if err != nil {
			t.Fatal(err)
		}
		v := verdict.Judge(models.DefaultVerdictRules(), token, evidence, start.Add(h.Looked))
		for _, problem := range h.Check(token, &v) {
			t.Errorf("%s: %s", h.Name, problem)
		}
		surplusIsOfAFinding(t, s, h, token.ID, &v, start.Add(h.Looked))
	}
}

// surplusIsOfAFinding holds the list of the surplus against the verdict: it has what
// several_per_device deletes, and nothing that no finding deletes or gives back.
func surplusIsOfAFinding(t *testing.T, s *store.Store, h *histories.History, registrationTokenID string, v *models.Verdict, now time.Time) {
	t.Helper()
	filter := models.AuthTokenFilter{RegistrationTokenID: registrationTokenID, Lens: models.LensSurplus}
	listed := map[string]bool{}
	for page := (models.PageRequest{Size: models.MaxPageSize}); ; {
		found, err := s.AuthTokens(t.Context(), filter, page, now)
		if err != nil {
			t.Fatal(err)
		}
		for i := range found.Items {
			listed[found.Items[i].ID] = true
		}
		if page.Token = found.NextToken; page.Token == "" {
			break
		}
	}
	for _, id := range v.AuthTokensOf(models.FindingSeveralPerDevice) {
		if !listed[id] {
			t.Errorf("%s: %s is not in the list of the surplus", h.Name, id)
		}
	}
	for _, kind := range models.FindingKinds {
		for _, id := range v.AuthTokensOf(kind) {
			delete(listed, id)
		}
	}
	if len(listed) > 0 {
		t.Errorf("%s: no finding deletes %d of the surplus", h.Name, len(listed))
	}
}

// storeHistory writes a history as it stands in the end.
func storeHistory(tb testing.TB, s *store.Store, h *histories.History, prefix string, start time.Time) error {
	tb.Helper()
	token, rows, refused := h.Told(prefix, start)
	customers := []models.Customer{{ID: prefix, Identifier: prefix, Name: h.Name, CreatedAt: start}}
	registrationTokens := []models.RegistrationToken{token}
	if token.ReplacedByID != nil {
		registrationTokens = append(registrationTokens, models.RegistrationToken{ID: *token.ReplacedByID, Count: 1, ExpiresAt: token.ExpiresAt, ReplacesID: &token.ID})
	}
	for i := range registrationTokens {
		t := &registrationTokens[i]
		t.CustomerID, t.SecretDigest, t.CreatedAt, t.UpdatedAt = prefix, sum(t.ID), start, start
	}
	var redemptions []models.Redemption
	var authTokens []models.AuthToken
	for _, r := range rows {
		a := r.AuthToken
		a.CustomerID, a.FamilyDigest, a.RefreshDigest = prefix, sum("family "+a.ID), sum("refresh "+a.ID)
		redemptions, authTokens = append(redemptions, r.Redemption), append(authTokens, a)
	}
	all := []any{&customers, &registrationTokens, &redemptions, &authTokens}
	if len(refused) > 0 {
		all = append(all, &refused)
	}
	return s.Insert(tb.Context(), all...)
}
