package e2e

import (
	"net/http"
	"testing"
)

// TestRequest_FromTheHelpdeskToApproval is a call about a registration token that is
// used up: three clicks to ask, and an administrator, who sees it come in, raises the
// count.
func TestRequest_FromTheHelpdeskToApproval(t *testing.T) {
	for name, l := range map[string]look{
		"with JavaScript":                desktop,
		"without JavaScript, on a phone": {width: 390, height: 844, dark: true, noScript: true},
	} {
		t.Run(name, func(t *testing.T) { requestJourney(t, l) })
	}
}

func requestJourney(t *testing.T, l look) {
	p := startProgram(t)
	id, secret := p.createToken(p.bearer("admin"), 1)
	redeemed := func(user string) int {
		body := map[string]any{"authToken": map[string]any{"systemUserName": user, "fqdn": user + "-pc.contoso.example"}}
		status, _, err := p.try(t.Context(), http.MethodPost, "/token/api/v5/authTokens", secret, body)
		if err != nil {
			t.Fatal(err)
		}
		return status
	}
	if first, second := redeemed("ana"), redeemed("ben"); first != http.StatusCreated || second != http.StatusConflict {
		t.Fatalf("redeeming answers %d, then %d", first, second)
	}
	// now shows a page as it is by now: with a script it follows by itself.
	now := func(b *browser, path string) {
		if l.noScript {
			b.open(path)
		}
	}
	admin, helpdesk := newBrowser(t, p.base, l), newBrowser(t, p.base, l)
	admin.logIn("admin")
	admin.open("/admin/requests")
	admin.see("main", "Nothing waits for a decision")

	helpdesk.logIn("helpdesk")
	helpdesk.open("/admin/registration-tokens/" + id)
	helpdesk.see(".verdict", "Too small for its audience", "Ask for 1 more count…")
	helpdesk.click(`.verdict a[href*="remedy=raise"]`)
	helpdesk.see("main", "Ask for more counts", "1 of 1 used")
	helpdesk.fill(`[name="reason"]`, "Ben waits in Berlin.")
	helpdesk.fill(`[name="ticket"]`, "HD-17")
	if !l.noScript {
		helpdesk.accessible("the form that asks")
	}
	helpdesk.press("Send request")
	helpdesk.see("main", "An administrator decides", "Raise the count by 1", "Open", "HD-17")
	helpdesk.open("/admin/registration-tokens/" + id)
	helpdesk.see(".verdict", "Asked for by")

	now(admin, "/admin/requests")
	if !l.noScript {
		admin.press("1 new")
	}
	admin.see("#requests", "Raise the count by 1", "Ben waits in Berlin.")
	admin.see("#open-requests", "1")
	admin.click("#requests .row-open")
	admin.see("main", "The count goes from 1 to 2.")
	if !l.noScript {
		admin.accessible("a request that waits")
	}
	admin.press("Approve")
	admin.see("main", "Approved. The count was raised by 1.", "1 of 2")

	now(helpdesk, "/admin/registration-tokens/"+id)
	helpdesk.see("main", "1 of 2", "Approved by")
	if status := redeemed("ben"); status != http.StatusCreated {
		t.Errorf("afterwards redeeming answers %d", status)
	}
	p.check()
}
