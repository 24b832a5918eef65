package handlers_test

import (
	"net/http"
	"net/url"
	"testing"
)

// Whose use it is like must be a use of the same registration token, on the page
// and in its file.
func TestLike_ComparesNobodyWithAnotherRegistrationToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Victim", 5)
	w.redeem(secret, "ann@contoso.example", "pc-1.contoso.example")
	_, own := w.registrationToken("Own", 5)
	guess := w.redeem(own, "ann@contoso.example", "pc-2.contoso.example").AuthToken.ID
	b := w.login("helpdesk")
	query := url.Values{"registrationToken": {token.ID}, "by": {"person"}, "of": {guess}}.Encode()
	b.get("/admin/auth-tokens?" + query).wants(http.StatusNotFound)
	b.post("/admin/auth-tokens/export?"+query, nil).wants(http.StatusNotFound)
}
