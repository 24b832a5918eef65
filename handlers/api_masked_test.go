package handlers_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"muster/models"
)

// maskedKey is an API key that sees e-mail and IP addresses masked.
func (w *world) maskedKey() *script {
	w.t.Helper()
	_, secret, err := w.service.CreateAPIKey(w.t.Context(), w.admin(), "masked", models.RoleHelpdesk, nil, nil)
	must(w.t, err)
	return w.script("Bearer " + secret.Reveal())
}

// walk reads a list one row a page.
func (s *script) walk(path, query, rows, next string) []map[string]any {
	s.w.t.Helper()
	var all []map[string]any
	for token := ""; ; {
		got := s.call(http.MethodGet, path+"?pageSize=1&"+query+token, nil).wants(http.StatusOK)
		all = append(all, got.rows(rows)...)
		after := got.text(next)
		if after == "" {
			return all
		}
		token = "&pageToken=" + after
	}
}

// Rows that look the same once masked stand in the order of their ids, whatever
// the list is sorted by: another order would follow the hidden part.
func TestMasked_NoOrderButTheShownOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	hidden := []string{"jz@contoso.example", "ja@contoso.example", "jm@contoso.example"}
	count := 9
	var secret models.Secret
	for _, label := range append([]string{"beta", "alpha"}, hidden...) {
		var err error
		_, secret, err = w.service.CreateRegistrationToken(t.Context(), w.admin(), models.RegistrationTokenSettings{Identifier: &label, Count: &count})
		must(t, err)
	}
	for i, host := range []string{"10.77.66.30", "10.77.66.10", "10.77.66.20"} {
		w.redeem(secret, hidden[i], host)
	}
	masked, admin := w.maskedKey(), w.as("admin")

	for list, fields := range map[string][]string{
		"registrationToken": {"", "identifier", "count", "usedCount", "remainingCount", "expirationDate", "createdAt", "updatedAt"},
		"authToken":         {"", "creationDate", "lastSeenAt"},
	} {
		for _, field := range fields {
			for _, order := range []string{"sortByAsc", "sortByDesc"} {
				query := order + "=" + field
				if field == "" {
					query = ""
				}
				rows := masked.walk("/token/api/v5/"+list+"s", query, list+"s."+list, list+"s.nextPageToken")
				if list == "registrationToken" && len(rows) != 5 || list == "authToken" && len(rows) != 3 {
					t.Errorf("%ss by %q: %d rows", list, query, len(rows))
				}
				inShownOrder(t, list+"s by "+query, rows, field, order == "sortByDesc" || field == "")
			}
		}
	}
	for _, order := range []string{"sortByAsc", "sortByDesc"} {
		for _, field := range []string{"systemUserName", "fqdn"} {
			got := masked.call(http.MethodGet, apiAuth+"?pageSize=1&"+order+"="+field, nil).invalid(order)
			for _, say := range []string{field, "masked", "creationDate", "lastSeenAt"} {
				if !strings.Contains(got.raw, say) {
					t.Errorf("%s=%s is refused without a word about %s: %s", order, field, say, got.raw)
				}
			}
			if got := admin.call(http.MethodGet, apiAuth+"?"+order+"="+field, nil).wants(http.StatusOK); len(got.rows("authTokens.authToken")) != 3 {
				t.Errorf("%s=%s of an administrator: %s", order, field, got.raw)
			}
		}
	}
}

// inShownOrder fails when rows with the same value of a field do not stand in
// the order of their ids. Texts with an address count as one value.
func inShownOrder(t *testing.T, name string, rows []map[string]any, field string, descending bool) {
	t.Helper()
	if descending {
		rows = slices.Clone(rows)
		slices.Reverse(rows)
	}
	last := map[string]string{}
	for _, row := range rows {
		shown, id := fmt.Sprint(row[field]), row["id"].(string)
		if strings.Contains(shown, "@") {
			shown = "masked"
		}
		if id < last[shown] {
			t.Errorf("%s: among those that show %s, %s stands behind %s", name, shown, id, last[shown])
		}
		last[shown] = id
	}
}

// A customer is found by its identifier, which may be an e-mail address. Callers
// who see it masked may not guess it any faster than the other fields.
func TestMasked_CustomersAreFewGuessesAMinute(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	masked := w.maskedKey()
	for i := range 30 {
		masked.call(http.MethodGet, fmt.Sprintf("%s?customer=u%d@contoso.example", apiRegs, i), nil).invalid("customer")
	}
	masked.call(http.MethodGet, apiRegs+"?customer=u30@contoso.example", nil).refuses(http.StatusTooManyRequests, models.CodeRateLimited)
	masked.call(http.MethodGet, apiRegs+"?customer="+models.DefaultCustomerID, nil).wants(http.StatusOK)
	if n := len(w.audited(models.AuditPersonalDataLookedUp)); n != 30 {
		t.Errorf("%d look-ups are in the trail, want 30", n)
	}
	admin := w.as("admin")
	for i := range 31 {
		admin.call(http.MethodGet, fmt.Sprintf("%s?customer=u%d@contoso.example", apiRegs, i), nil).invalid("customer")
	}
}
