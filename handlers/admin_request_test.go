package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"muster/handlers"
	"muster/models"
	"muster/models/lists"
	"muster/models/store/storetest"
)

const (
	askForm     = `main form[action="/admin/requests"]`
	approveForm = `main form[action$="/approve"]`
)

// usedUp is a registration token with a count of 4 that is used up, and two who wait.
func (w *world) usedUp() (self, id string, secret models.Secret) {
	w.t.Helper()
	token, secret := w.registrationToken("Rollout", 4)
	for i := range 4 {
		w.redeem(secret, fmt.Sprintf("person%d", i), fmt.Sprintf("lt-%d.contoso.example", i))
		w.clock.Advance(time.Hour)
	}
	w.turnAway(secret, "ann", "ann-pc.contoso.example")
	w.turnAway(secret, "bob", "bob-pc.contoso.example")
	return registrationTokens + "/" + token.ID, token.ID, secret
}

func TestRequests_TheHelpdeskAsksAndAnAdministratorApproves(t *testing.T) {
	t.Parallel()
	w := newWorldOn(t, storetest.SQLite(t), func(cfg *handlers.Config) { cfg.TicketURL = "https://desk.example/browse/{ticket}" })
	self, id, _ := w.usedUp()
	helpdesk, admin := w.login("helpdesk"), w.login("admin")
	admin.get("/admin").hasNot("#open-requests:not([hidden])")
	helpdesk.get("/admin/requests").wants(http.StatusOK).has(".empty", "Nothing waits for a decision").hasNot("#open-requests")

	// Three clicks from the registration token: ask, why, send.
	page := helpdesk.get(self).wants(http.StatusOK).has(".verdict", "Too small for its audience")
	form := helpdesk.get(page.resolve(page.doc.Find(`.verdict a[href*="remedy=raise"]`).AttrOr("href", ""))).wants(http.StatusOK).
		has("h1", "Ask for more counts").has(".page-lead", "4 of 4 used")
	if got := form.value("count"); got != "2" {
		t.Errorf("the form asks for %q more, want 2", got)
	}
	helpdesk.submit(form, askForm, nil).wants(http.StatusUnprocessableEntity).has("#reason-error", "Say why").hasNot("#count-error")
	helpdesk.submit(form, askForm, url.Values{"count": {"0"}, "reason": {"x"}}).wants(http.StatusUnprocessableEntity).has("#count-error", "between 1 and 1,000,000")
	asked := helpdesk.follow(helpdesk.submit(form, askForm, url.Values{"reason": {"Two in Berlin wait."}, "ticket": {"HD/17"}})).wants(http.StatusOK).
		has(".notice", "An administrator decides").has("h1", "Raise the count by 2").has(".badge", "Open").
		has(`a[href="https://desk.example/browse/HD%2F17"][rel="noopener noreferrer"]`, "HD/17").has(`form[action$="/withdraw"]`, "Withdraw it").
		hasNot(approveForm)
	address := asked.url.Path
	helpdesk.post(address+"/approve", url.Values{"count": {"2"}}).wants(http.StatusForbidden)
	helpdesk.post(address+"/decline", url.Values{"reason": {"x"}}).wants(http.StatusForbidden)
	helpdesk.submit(form, askForm, url.Values{"reason": {"Again."}}).wants(http.StatusConflict).has(".notice", "asked for already")

	// Everybody sees that it is asked for.
	helpdesk.get(self).has(".verdict .link", "Asked for by").hasNot(".verdict a.btn").has("#requests-title", "Requests")
	admin.get(self).has(".verdict .link", "Asked for by").has(".verdict form .btn", "Raise the count by 2")
	admin.get("/admin").has("#open-requests", "1").has(".attention", "asks to raise the count by 2: Rollout").has(`.attention a[href="`+address+`"]`, "Decide…")
	admin.get("/admin/requests").has("tbody tr", "Raise the count by 2").has("tbody tr", "Two in Berlin wait.").has(".tab[aria-current]", "Open 1")
	admin.get("/admin/requests?state=decided").has(".empty", "No requests")
	helpdesk.get("/admin/requests?state=mine").has("tbody tr", "Raise the count by 2")
	admin.get("/admin/requests?state=mine").has(".empty", "No requests")

	helpdesk.get(address).has(".page-lead", "It waits for an administrator")
	decision := admin.get(address).wants(http.StatusOK).has("main", "The count goes from 4 to 6.").hasNot(`form[action$="/withdraw"]`).
		has(".page-lead", "It waits for your decision").has("#now-title + .card", "2 people are still waiting").has(`#now-title + .card a[href="`+self+`?section=refused"]`, "See who is waiting")
	admin.post(address+"/withdraw", nil).wants(http.StatusForbidden)
	admin.follow(admin.submit(decision, approveForm, nil)).wants(http.StatusOK).has(".notice", "Approved. The count was raised by 2.").has(".usage-hero", "4 of 6").
		has(".request", "Approved by").has(".request", "The count was raised by 2.").hasNot(".verdict .link:contains('Asked for')")
	admin.submit(decision, approveForm, nil).wants(http.StatusConflict).has(".notice", "was approved").has(".badge", "Approved").hasNot(approveForm)
	admin.get("/admin").hasNot("#open-requests:not([hidden])")
	helpdesk.get("/admin/requests?registrationToken="+id+"&state=any").has(".chip", "Rollout").has("tbody tr", "Approved")
	if token, err := w.store.RegistrationToken(t.Context(), id); err != nil || token.Count != 6 {
		t.Errorf("the count is %d, %v", token.Count, err)
	}
}

func TestRequests_AnApprovalStopsWhenNumbersHaveChanged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	self, _, secret := w.usedUp()
	helpdesk, admin := w.login("helpdesk"), w.login("admin")
	form := helpdesk.get(strings.Replace(self, registrationTokens+"/", "/admin/requests/new?remedy=raise&registrationToken=", 1))
	address := helpdesk.follow(helpdesk.submit(form, askForm, url.Values{"reason": {"Two wait."}})).wants(http.StatusOK).url.Path
	decision := admin.get(address).hasNot(".notice-warning")

	w.turnAway(secret, "carl", "carl-pc.contoso.example")
	stopped := admin.submit(decision, approveForm, nil).wants(http.StatusConflict).has(".notice-warning", "2 were asked for; by the present numbers it would be 3.").
		has("main", "The count goes from 4 to 7.").has(".notice-danger", "Nothing was changed")
	if got := stopped.value("count"); got != "3" {
		t.Errorf("the form has %q, want the new number", got)
	}
	admin.get(self).has(".usage-hero", "4 of 4")
	admin.follow(admin.submit(stopped, approveForm, nil)).has(".notice", "The count was raised by 3.").has(".usage-hero", "4 of 7")
}

func TestRequests_AnAdministratorApprovesAnotherNumberOrDeclines(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, id, _ := w.usedUp()
	helpdesk, admin := w.login("helpdesk"), w.login("admin")
	form := helpdesk.get("/admin/requests/new?remedy=raise&registrationToken=" + id)
	ask := func() string {
		return helpdesk.follow(helpdesk.submit(form, askForm, url.Values{"reason": {"Two wait."}})).wants(http.StatusOK).url.Path
	}
	address := ask()
	decline := `form[action$="/decline"]`
	admin.submit(admin.get(address), decline, nil).wants(http.StatusUnprocessableEntity).has("#reason-error", "Say why").
		has(decline+" .notice", "").hasNot(approveForm+" .notice").has(`input[name="count"][value="2"]`, "")
	admin.follow(admin.submit(admin.get(address), decline, url.Values{"reason": {"No seats left."}})).wants(http.StatusOK).has(".notice", "Declined")
	helpdesk.get(address).has(".badge", "Declined").has(".facts", "No seats left.").hasNot("main form")
	helpdesk.follow(helpdesk.submit(helpdesk.get(ask()), `form[action$="/withdraw"]`, nil)).has(".badge", "Withdrawn")

	address = ask()
	admin.submit(admin.get(address), approveForm, url.Values{"count": {"x"}}).wants(http.StatusUnprocessableEntity).has("#count-error", "whole number")
	// Whoever thought of another number did so for the count that was shown.
	decision, raise := admin.get(address), models.RegistrationTokenSettings{Raise: 2}
	_, err := w.service.UpdateRegistrationToken(t.Context(), w.admin(), id, raise)
	must(t, err)
	stopped := admin.submit(decision, approveForm, url.Values{"count": {"9"}}).wants(http.StatusConflict).has("main", "Nothing was changed")
	admin.follow(admin.submit(stopped, approveForm, url.Values{"count": {"9"}})).has(".notice", "The count was raised by 9.").has(".usage-hero", "4 of 15")
}

func TestRequests_OfAFindingDeleteWhatThePreviewNamed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Pilot", 10)
	for range 7 {
		w.redeem(secret, "build", "ci-07.contoso.example")
		w.clock.Advance(time.Minute)
	}
	helpdesk, admin := w.login("helpdesk"), w.login("admin")
	page := helpdesk.get(registrationTokens + "/" + token.ID)
	form := helpdesk.get(page.doc.Find(`.verdict a[href*="finding=retry_loop"]`).AttrOr("href", "")).wants(http.StatusOK).
		has("main", "Delete 6 surplus auth tokens and give the counts back").has(".preview", "ci-07.contoso.example").has("main", "1 auth token stays")
	address := helpdesk.follow(helpdesk.submit(form, askForm, url.Values{"reason": {"A script."}})).wants(http.StatusOK).url.Path
	decision := admin.get(address).has("main", "6 auth tokens of 1 person are deleted, and 6 counts go back.").has(approveForm+" .btn-danger", "Approve and delete 6 auth tokens")
	admin.follow(admin.submit(decision, approveForm, nil)).has(".notice", "6 auth tokens were deleted, and the counts were given back.").has(".usage-hero", "1 of 10")
	helpdesk.get(page.doc.Find(`.verdict a[href*="finding=retry_loop"]`).AttrOr("href", "")).wants(http.StatusConflict)
}

func TestRequests_SelectedAuthTokensMustBeOfOneRegistrationToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, secret := w.registrationToken("Pilot", 10)
	_, other := w.registrationToken("Other", 10)
	ann, bob := w.redeem(secret, "ann", "ann-pc").AuthToken.ID, w.redeem(secret, "bob", "bob-pc").AuthToken.ID
	foreign := w.redeem(other, "eve", "eve-pc").AuthToken.ID
	helpdesk, admin := w.login("helpdesk"), w.login("admin")
	helpdesk.get(authTokens).has(`form[action="/admin/requests/new"] .selection .btn`, "Ask to delete selected…").has("tbody input[name=id]", "")
	admin.get(authTokens).hasNot(`form[action="/admin/requests/new"]`)
	helpdesk.get("/admin/requests/new?id="+ann+"&id="+foreign).wants(http.StatusUnprocessableEntity).has("main", "several registration tokens")
	helpdesk.get("/admin/requests/new").wants(http.StatusUnprocessableEntity)
	helpdesk.get("/admin/requests/new?id=01jnothing").wants(http.StatusNotFound)
	form := helpdesk.get("/admin/requests/new?id="+ann+"&id="+bob).wants(http.StatusOK).has("main", "Delete 2 auth tokens").has(".preview", "ann-pc")
	// Another one's cannot be smuggled in.
	helpdesk.submit(form, askForm, url.Values{"reason": {"x"}, "id": {ann, foreign}}).wants(http.StatusUnprocessableEntity)
	address := helpdesk.follow(helpdesk.submit(form, askForm, url.Values{"reason": {"They left."}, "returnCount": {"true"}})).has("h1", "Delete 2 auth tokens and give the counts back").url.Path
	helpdesk.get(authTokens+"/"+ann).has(".request", "Delete 2 auth tokens")
	helpdesk.get(authTokens + "/" + foreign).hasNot(".request")
	admin.follow(admin.submit(admin.get(address), approveForm, nil)).has(".notice", "2 auth tokens were deleted, and the counts were given back.")
	helpdesk.get(authTokens+"/"+ann).has(".badge", "Deleted").hasNot(".actions")
}

func TestRequests_AskNothingOfWhatWasReplaced(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Pilot", 10)
	id := w.redeem(secret, "ann", "ann-pc").AuthToken.ID
	helpdesk, ask := w.login("helpdesk"), "/admin/requests/new?id="+id
	helpdesk.get(authTokens+"/"+id).has(`.actions a[href*="/requests/new"]`, "Ask to delete it…")
	helpdesk.get(ask).wants(http.StatusOK)
	w.as("admin").call(http.MethodPost, apiRegs+"/"+token.ID+"/replace", map[string]any{}).wants(http.StatusCreated)
	helpdesk.get(authTokens + "/" + id).wants(http.StatusOK).hasNot(`a[href*="/requests/new"]`)
	helpdesk.get(ask).wants(http.StatusConflict).has("main", "was replaced")
	helpdesk.get("/admin/requests/new?remedy=raise&registrationToken="+token.ID).wants(http.StatusConflict).has("main", "was replaced")
}

func TestRequests_TheSecretOfASuccessorIsShownOnceToWhoApproves(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	self, id, _ := w.usedUp()
	helpdesk, admin := w.login("helpdesk"), w.login("admin")
	form := helpdesk.get("/admin/requests/new?remedy=replace&registrationToken=" + id).wants(http.StatusOK)
	helpdesk.submit(form, askForm, url.Values{"reason": {"x"}}).wants(http.StatusUnprocessableEntity) // nothing is left of this one
	asked := helpdesk.follow(helpdesk.submit(form, askForm, url.Values{"reason": {"It leaked."}, "count": {"5"}})).wants(http.StatusOK)
	decision := admin.get(asked.url.Path).has("main", "Its successor has 5 counts")
	if decision.value("nonce") == "" {
		t.Error("the form has no nonce")
	}
	created := admin.submit(decision, approveForm, nil).wants(http.StatusOK)
	created.has("main", "Pass the secret on to").has(`.form-actions a[href="/admin/requests"]`, "Back to requests")
	secret := created.text("#secret")
	if !strings.HasPrefix(secret, "mrt_") {
		t.Fatalf("the secret is %q", secret)
	}
	again := admin.follow(admin.submit(decision, approveForm, nil)).wants(http.StatusOK).hasNot("#secret")
	for _, page := range []*answer{again, admin.get(asked.url.Path), helpdesk.get(asked.url.Path), helpdesk.get(self)} {
		if strings.Contains(page.body, secret) {
			t.Errorf("%s shows the secret", page.url)
		}
	}
	successor := w.standing(id).successor
	helpdesk.get(asked.url.Path).has("h1", "Create a successor with 5 counts").has(".badge", "Approved").has(`.facts a[href="`+registrationTokens+"/"+successor+`"]`, "Rollout")
}

func TestAttempt_SaysThatWeHaveAskedOnlyWhileThatWouldHelp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, id, _ := w.usedUp()
	found, err := w.store.RefusedAttempts(t.Context(), models.RefusedAttemptFilter{RegistrationTokenID: id}, models.PageRequest{})
	must(t, err)
	attempt := "/admin/investigate?code=" + found.Items[0].SupportCode
	helpdesk, admin := w.login("helpdesk"), w.login("admin")
	says := func(want bool, text string) {
		t.Helper()
		answer := helpdesk.get(attempt).wants(http.StatusOK).text("#answer")
		if strings.Contains(answer, text) != want {
			t.Errorf("the user is told %q; %q should be in it: %t", answer, text, want)
		}
	}
	ask := func(query string, fields url.Values) string {
		form := helpdesk.get("/admin/requests/new?registrationToken=" + id + "&" + query).wants(http.StatusOK)
		fields.Set("reason", "Somebody waits.")
		return helpdesk.follow(helpdesk.submit(form, askForm, fields)).wants(http.StatusOK).url.Path
	}
	says(false, "We have asked")
	helpdesk.get(attempt).has(`.reason a.btn[href*="remedy=raise"]`, "Ask for more counts…")
	admin.get(attempt).hasNot(".reason a")
	says(true, "All of its counts are used up. We are looking into it")

	ask("remedy=extend", url.Values{"expirationDate": {w.clock.Now().Add(60 * 24 * time.Hour).Format("2006-01-02T15:04")}})
	says(false, "We have asked")
	raise := ask("remedy=raise", url.Values{})
	says(true, "We have asked for more counts and will write to you")
	helpdesk.get(attempt).has(".request", "Raise the count by 2").has(".reason a", "Asked for by").hasNot(".reason a.btn")

	// Whoever would be turned away all the same is promised nothing.
	admits := models.AdmissionSettings{Rules: models.Admission{OnlyExpected: true}, Mode: models.ListAdd, Entries: lists.ReadExpected("dora", lists.Choices{}).Entries}
	_, err = w.service.SetAdmission(t.Context(), w.admin(), id, admits)
	must(t, err)
	says(false, "We have asked")
	_, err = w.service.SetAdmission(t.Context(), w.admin(), id, models.AdmissionSettings{Mode: models.ListAdd})
	must(t, err)
	says(true, "We have asked for more counts")
	off := false
	_, err = w.service.UpdateRegistrationToken(t.Context(), w.admin(), id, models.RegistrationTokenSettings{Enabled: &off})
	must(t, err)
	says(false, "We have asked")
	ask("remedy=enable", url.Values{})
	says(false, "We have asked") // enabled again, it is still used up
	on := true
	_, err = w.service.UpdateRegistrationToken(t.Context(), w.admin(), id, models.RegistrationTokenSettings{Enabled: &on})
	must(t, err)
	says(true, "We have asked for more counts")

	admin.follow(admin.submit(admin.get(raise), `form[action$="/decline"]`, url.Values{"reason": {"No."}})).wants(http.StatusOK)
	says(false, "We have asked")
}

func TestNotes_StandWithTheirTicketOnTheirObject(t *testing.T) {
	t.Parallel()
	w := newWorldOn(t, storetest.SQLite(t), func(cfg *handlers.Config) { cfg.TicketURL = "https://desk.example/find?id={ticket}" })
	self, id, secret := w.usedUp()
	auth := w.redeemAgain(id, secret)
	found, err := w.store.RefusedAttempts(t.Context(), models.RefusedAttemptFilter{RegistrationTokenID: id}, models.PageRequest{})
	must(t, err)
	helpdesk := w.login("helpdesk")
	for _, object := range []string{self, authTokens + "/" + auth, "/admin/investigate?code=" + found.Items[0].SupportCode} {
		form := `form[action="/admin/notes"]`
		page := helpdesk.get(object).wants(http.StatusOK)
		helpdesk.submit(page, form, nil).wants(http.StatusUnprocessableEntity).has("#notes", "Add a note").has("#text-error", "Write something")
		helpdesk.follow(helpdesk.submit(page, form, url.Values{"text": {"Called twice.\nSales knows."}, "ticket": {"HD 9&x"}})).wants(http.StatusOK).
			has(".notice", "The note was added.").has("#notes .note", "Called twice.").has(`#notes a[href="https://desk.example/find?id=HD+9%26x"]`, "HD 9&x")
	}
	page := helpdesk.get(self).wants(http.StatusOK)
	page = helpdesk.follow(helpdesk.submit(page, `form[action="/admin/notes"]`, url.Values{"text": {"By mail."}, "ticket": {"for ada@contoso.example"}})).wants(http.StatusOK)
	page.has("#notes", "for a…@contoso.example")
	sent := url.Values{"text": {"Sent twice, without a script."}}
	helpdesk.submit(page, `form[action="/admin/notes"]`, sent).wants(http.StatusSeeOther)
	page = helpdesk.follow(helpdesk.submit(page, `form[action="/admin/notes"]`, sent)).has(".notice", "The note was added.")
	if n := strings.Count(page.doc.Find("#notes ol").Text(), "Sent twice"); n != 1 {
		t.Errorf("a note that was sent twice stands there %d times", n)
	}
	if strings.Contains(page.body, "find?id=for") {
		t.Error("a masked ticket is linked")
	}
	helpdesk.post("/admin/notes", url.Values{"objectKind": {"api_key"}, "objectId": {id}, "text": {"x"}}).wants(http.StatusUnprocessableEntity)
	helpdesk.post("/admin/notes", url.Values{"objectKind": {models.ObjectAuthToken}, "objectId": {id}, "text": {"x"}}).wants(http.StatusNotFound)
	w.login("user").post("/admin/notes", url.Values{"objectKind": {models.ObjectRegistrationToken}, "objectId": {id}, "text": {"x"}}).wants(http.StatusForbidden)
	helpdesk.get("/admin/audit").has("main", "wrote a note about")
}

// redeemAgain raises the count by one and redeems.
func (w *world) redeemAgain(id string, secret models.Secret) string {
	w.t.Helper()
	_, err := w.service.UpdateRegistrationToken(w.t.Context(), w.admin(), id, models.RegistrationTokenSettings{Raise: 1})
	must(w.t, err)
	return w.redeem(secret, "dora", "dora-pc.contoso.example").AuthToken.ID
}
