package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// TestPages_AreNeverWiderThanAPhone opens every page of a server whose names are as long
// as they may be, and cannot be broken anywhere.
func TestPages_AreNeverWiderThanAPhone(t *testing.T) {
	t.Parallel()
	p := startProgram(t)
	bearer := p.bearer("admin")
	long := func(text string, length int) string { return strings.Repeat(text, length/len(text)+1)[:length] }
	label, host, user := long("Rollout_of_everything_", 255), long("workstation", 300)+".example.com", long("CONTOSO_annabella", 320)
	var created struct {
		RegistrationToken struct{ ID, Token string } `json:"registrationToken"`
	}
	p.call("POST", "/token/api/v5/registrationTokens", bearer, map[string]any{"registrationToken": map[string]any{
		"count": 1, "identifier": label, "refId1": label, "refId2": label, "note": long("note", 2000),
	}}, http.StatusCreated, &created)
	self := "/token/api/v5/registrationTokens/" + created.RegistrationToken.ID
	device := map[string]any{"authToken": map[string]any{
		"systemUserName": user, "fqdn": host, "macAddress": "00:1b:44:11:3a:b7", "identifier": label, "refId1": label, "refId2": label,
	}}
	p.call("POST", "/token/api/v5/authTokens", created.RegistrationToken.Token, device, http.StatusCreated, nil)
	for i := range 2 {
		other := map[string]any{"authToken": map[string]any{"systemUserName": fmt.Sprint(i, user[:310]), "fqdn": fmt.Sprint("h", i, host[:300])}}
		p.call("POST", "/token/api/v5/authTokens", created.RegistrationToken.Token, other, http.StatusConflict, nil)
	}
	p.call("POST", self+"/notes", bearer, map[string]any{"note": map[string]any{"text": long("note", 400), "ticket": long("TICKET", 200)}}, http.StatusCreated, nil)
	p.call("POST", "/token/api/v5/requests", p.bearer("helpdesk"), map[string]any{"request": map[string]any{
		"registrationTokenId": created.RegistrationToken.ID, "remedy": map[string]any{"kind": "raise", "count": 2}, "reason": long("reason", 400),
	}}, http.StatusCreated, nil)

	for _, account := range []string{"admin", "helpdesk"} {
		b := newBrowser(t, p.base, look{width: 390, height: 844})
		b.logIn(account)
		crawl(t, p, b, account, func(path string) {
			if b.scrollsSideways() {
				t.Errorf("%s: %s is wider than a phone: %s", account, path, b.widest())
			}
		})
	}
}
