package handlers_test

import (
	"fmt"
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

// What somebody sees masked is nothing they may narrow by: each answer would say
// whether a guess was right.
func TestElsewhere_IsNoOracleOnWhatIsMasked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Pilot", 9)
	for i, name := range []string{"john.smith", "jane.smith"} {
		w.redeemAt(secret, name+"@contoso.example", name+".contoso.example", fmt.Sprintf("10.77.%d.5", 60+i))
	}
	lists := map[string]string{
		"uses":        registrationTokens + "/" + token.ID + "?section=uses",
		"groups":      registrationTokens + "/" + token.ID + "?section=uses&by=network",
		"auth tokens": authTokens + "?registrationToken=" + token.ID,
	}
	helpdesk, admin := w.login("helpdesk"), w.login("admin")
	part := *helpdesk
	part.htmx = true
	for name, list := range lists {
		for _, guess := range []string{
			"john.smith@contoso.example", "smith@contoso.example", "@contoso.example", "10.77.60.5", "10.77.60.5/32", "10.77.60.0/24",
			"10.77.0.0/16", "::ffff:10.77.60.5", "2001:db8:77::/48", "john.smith＠contoso.example", "john%40contoso.example",
		} {
			for _, b := range []*browser{helpdesk, &part} {
				if got := b.get(list + "&elsewhere=" + url.QueryEscape(guess)); got.status != http.StatusUnprocessableEntity {
					t.Errorf("%s narrowed by %q as helpdesk: %d", name, guess, got.status)
				}
			}
		}
		helpdesk.get(list+"&elsewhere=contoso.example").wants(http.StatusOK).has(".chip-on", "Not of contoso.example")
		admin.get(list+"&elsewhere="+url.QueryEscape("10.78.0.0/16")).wants(http.StatusOK).has(".chip-on", "Not of 10.78.0.0/16")
		for _, no := range []string{"john.smith@contoso.example", "10.78.60.5", "10.78"} {
			admin.get(list + "&elsewhere=" + url.QueryEscape(no)).wants(http.StatusUnprocessableEntity)
		}
	}
	// Who is shown the addresses of a registration token narrows its uses by them.
	helpdesk.submit(helpdesk.get(lists["uses"]), maskBar, nil).wants(http.StatusSeeOther)
	helpdesk.get(lists["uses"]+"&elsewhere="+url.QueryEscape("10.78.0.0/16")).wants(http.StatusOK).has(".chip-on", "Not of 10.78.0.0/16")
}
