package handlers_test

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"muster/models"
	"muster/tokens"
)

// Who sees names masked must not read them in the address of the next page,
// and nobody can make a page token or carry one elsewhere.
func TestPageTokens_AreSealed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin := w.withKey(models.ScopeAuthTokensRead, models.ScopeRegistrationTokensRead)
	count := 2
	_, secret, err := w.service.CreateRegistrationToken(t.Context(), w.admin(), models.RegistrationTokenSettings{Count: &count})
	must(t, err)
	longest := strings.Repeat("<", models.MaxNameLength) // six bytes each in JSON
	for range count {
		_, err := w.service.Redeem(t.Context(), tokens.RedeemRequest{Secret: secret, Claimed: models.ClaimedIdentity{SystemUserName: longest}})
		must(t, err)
	}
	const byUser = "?pageSize=1&sortByAsc=systemUserName"
	next := admin.call(http.MethodGet, apiAuth+byUser, nil).wants(http.StatusOK).text("authTokens.nextPageToken")
	raw, err := base64.RawURLEncoding.DecodeString(next)
	must(t, err)
	if bytes.Contains(raw, []byte(`\u003c`)) || bytes.Contains(raw, []byte(`"b":`)) {
		t.Errorf("the page token reads %q", raw)
	}
	page := admin.call(http.MethodGet, apiAuth+byUser+"&pageToken="+next, nil).wants(http.StatusOK)
	if n := len(page.rows("authTokens.authToken")); n != 1 {
		t.Errorf("the second page has %d rows", n)
	}
	for name, query := range map[string]string{
		"another order": apiAuth + "?pageSize=1&sortByDesc=systemUserName&pageToken=" + next,
		"another list":  apiRegs + "?pageSize=1&pageToken=" + next,
		"plain":         apiAuth + byUser + "&pageToken=" + base64.RawURLEncoding.EncodeToString([]byte(`{"b":"","i":"a","v":"x"}`)),
		"cut":           apiAuth + byUser + "&pageToken=" + next[:len(next)-8],
	} {
		t.Log(name)
		admin.call(http.MethodGet, query, nil).invalid("pageToken")
	}
}
