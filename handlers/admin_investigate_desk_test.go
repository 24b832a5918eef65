package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestInvestigate_ShowsWhoWasTurnedAwayAndStillWaits(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	full, secret := w.registrationToken("Tokyo office", 1)
	w.redeem(secret, "ann", "ann-pc")
	off, disabled := w.registrationToken("Contractors", 9)
	admin := w.login("admin")
	admin.post("/admin/registration-tokens/"+off.ID+"/disable", nil).wants(http.StatusSeeOther)
	w.turnAway(secret, "bob@contoso.example", "bob-pc")
	w.turnAway(secret, "bob@contoso.example", "bob-pc")
	w.turnAway(secret, "cleo", "cleo-pc")
	w.refuse(disabled, "dan", "dan-pc", "")

	helpdesk := w.login("helpdesk")
	page := helpdesk.get("/admin/investigate").wants(http.StatusOK).
		has("main", "2 people are waiting for Tokyo office").has("main", "Count used up").has("main", "cleo").has("main", "b…@contoso.example").
		has("main", "1 person is waiting for Contractors").has("main", "Disabled").
		has(`main a[href="/admin/registration-tokens/`+full.ID+`?section=refused"]`, "Open")
	if strings.Contains(page.body, "bob@contoso.example") {
		t.Error("an address is shown to who sees them masked")
	}
	admin.get("/admin/investigate").has("main", "bob@contoso.example")

	// Who got in meanwhile, with this registration token or another one, waits no more.
	w.clock.Advance(time.Minute)
	admin.post("/admin/registration-tokens/"+full.ID+"/raise", url.Values{"by": {"1"}}).wants(http.StatusSeeOther)
	w.redeem(secret, "bob@contoso.example", "bob-pc")
	_, other := w.registrationToken("Another one", 5)
	w.redeem(other, "dan", "dan-pc")
	page = helpdesk.get("/admin/investigate").has("main", "1 person is waiting for Tokyo office")
	if strings.Contains(page.text("main"), "Contractors") {
		t.Error("who got an auth token still waits")
	}
	// What is long ago is not the desk's any more.
	w.clock.Advance(8 * 24 * time.Hour)
	w.login("helpdesk").get("/admin/investigate").has("main", "Nobody is waiting")
}

func TestInvestigate_RemembersWhatWasFoundAndNotWhatWasTyped(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Tokyo office", 1)
	w.redeem(secret, "anna.weber", "ann-pc")
	code := w.refuse(secret, "bob@contoso.example", "bob-pc", "")
	b := w.login("helpdesk")
	b.get("/admin/investigate").has("main", "None yet")
	b.look(code).wants(http.StatusOK)
	b.look("anna weber of whatever").wants(http.StatusNotFound)
	b.look("weber").wants(http.StatusOK)
	b.look(secret.Reveal()).wants(http.StatusOK)
	b.look(code).wants(http.StatusOK)

	page := b.get("/admin/investigate").wants(http.StatusOK).
		has(`main a[href="/admin/registration-tokens/`+token.ID+`"]`, "Tokyo office").
		has("main", "refused attempt "+code).has("main", "b…@contoso.example").has("main", "anna.weber")
	if n := strings.Count(page.text("main"), "refused attempt "+code); n != 1 {
		t.Errorf("one attempt is listed %d times", n)
	}
	for _, typed := range []string{"whatever", secret.Reveal(), "bob@contoso.example"} {
		if strings.Contains(page.body, typed) {
			t.Errorf("the page has %.12s…, which was typed or is masked", typed)
		}
	}
	// The next one at the same browser sees none of it.
	b.post("/auth/logout", nil)
	b.logInFrom(b.get("/auth/login"), "admin")
	b.get("/admin/investigate").has("main", "None yet")
}

func TestInvestigate_ShowsOpenRequests(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	self, _, _ := w.usedUp()
	helpdesk := w.login("helpdesk")
	helpdesk.get("/admin/investigate").has("main", "No open requests")
	asked := helpdesk.get(self).doc.Find(`main a[href^="/admin/requests/new"]`).AttrOr("href", "")
	helpdesk.submit(helpdesk.get(asked), `form[action="/admin/requests"]`, url.Values{"reason": {"18 new engineers"}}).wants(http.StatusSeeOther)
	helpdesk.get("/admin/investigate").has("main", "18 new engineers").has("main", "asks to")
}

func TestFrame_StaysAroundErrorsAndLeadsToHelp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, path := range []string{"/nowhere", "/admin/nowhere", "/admin/registration-tokens/" + unknownID} {
		w.login("helpdesk").get(path).wants(http.StatusNotFound).has("h1", "Nothing here").has(".rail", "Investigate").has("header", "Tomasz")
	}
	w.browser().get("/nowhere").wants(http.StatusNotFound).hasNot(".rail")
	w.login("user").get("/nowhere").wants(http.StatusNotFound).hasNot(".rail").has("header", "Log out")

	for account, pages := range map[string][]string{
		"admin": {"/admin", "/admin/registration-tokens", "/admin/auth-tokens", "/admin/investigate", "/admin/requests", "/admin/audit", "/admin/api-keys"},
		"user":  {"/my", "/redeem"},
	} {
		b := w.login(account)
		for _, path := range pages {
			to := b.get(path).wants(http.StatusOK).doc.Find("a[data-help]").AttrOr("href", "")
			name, passage, _ := strings.Cut(to, "#")
			guide := b.get(name).wants(http.StatusOK)
			if !strings.HasPrefix(name, "/docs/guide/") || passage != "" && guide.doc.Find("#"+passage).Length() != 1 {
				t.Errorf("the ? of %s leads to %q", path, to)
			}
		}
	}
	w.browser().get("/docs/guide").wants(http.StatusOK).has("h1", "Guides").has("main", "For the helpdesk")
	w.browser().get("/docs/changes").wants(http.StatusOK).has("h1", "What is new")
	w.browser().get("/docs/guide/changes").wants(http.StatusNotFound)
	w.browser().get("/docs/guide/nothing").wants(http.StatusNotFound)
}

func TestFrame_HasOneSearchBox(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, _ := w.registrationToken("Tokyo office", 1)
	b := w.login("admin")
	for path, ways := range map[string]string{
		"/admin": "header #find", "/admin/registration-tokens/" + token.ID: "header #find", "/admin/investigate": "main #find",
		"/admin/registration-tokens": `header a[href="/admin/investigate"]`, "/admin/auth-tokens": `header a[href="/admin/investigate"]`,
	} {
		page := b.get(path).wants(http.StatusOK)
		if page.doc.Find(ways).Length() != 1 || page.doc.Find(`#find, input[type="search"]`).Length() != 1 {
			t.Errorf("%s has not one search box and %s", path, ways)
		}
	}
	for account, second := range map[string]string{"admin": "Registration tokens", "helpdesk": "Investigate"} {
		if bar := w.login(account).get("/admin").doc.Find(".rail-nav > .rail-link").Eq(1).Text(); !strings.Contains(bar, second) {
			t.Errorf("the second entry in the bar of %s is %q", account, bar)
		}
	}
}
