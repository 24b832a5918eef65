package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/internal/test/histories"
	"muster/models"
)

// turnAway tries a used-up registration token.
func (w *world) turnAway(secret models.Secret, user, host string) {
	w.t.Helper()
	if _, err := w.service.Redeem(w.t.Context(), w.redeemRequest(secret, user, host)); models.ErrorCode(err) != models.CodeRegistrationTokenExhausted {
		w.t.Fatalf("turned away with %v", err)
	}
}

func TestVerdict_NamesTheRetryLoopAndTheQueue(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Pilot", 10)
	for i := range 3 {
		w.redeem(secret, fmt.Sprintf("person%d", i), fmt.Sprintf("lt-%d.contoso.example", i))
		w.clock.Advance(time.Hour)
	}
	for range 7 {
		w.redeem(secret, "build", "ci-07.contoso.example")
		w.clock.Advance(time.Minute)
	}
	w.turnAway(secret, "ann@contoso.example", "ann-pc.contoso.example")
	w.turnAway(secret, "ann@contoso.example", "ann-pc.contoso.example")
	w.turnAway(secret, "bob", "bob-pc.contoso.example")
	self := "/admin/registration-tokens/" + token.ID
	admin, helpdesk := w.login("admin"), w.login("helpdesk")

	admin.get(self).wants(http.StatusOK).has(".verdict li", "A retry loop. ci-07.contoso.example took 7 counts: it redeemed again and again within 6 min").
		has(".verdict-share", "7 of 10 uses").has(".verdict-lead", "All 10 counts are used: a retry loop of ci-07.contoso.example took 7 and the other 3 are in order; 2 people are still waiting.").has(".verdict a.btn", "Delete 6 surplus auth tokens and give the counts back")
	helpdesk.get(self).wants(http.StatusOK).has(".verdict li", "A retry loop").has(".verdict li", "Each device keeps the working auth token that it used last.").
		has(`.verdict a.btn[href*="/requests/new?finding=retry_loop"]`, "Ask to delete 6 auth tokens…").hasNot(".verdict form")
	link := admin.get(self).doc.Find(`.verdict a[href*="finding"]`).AttrOr("href", "")
	admin.get(link).wants(http.StatusOK).has("#confirm-title", "Delete 6 auth tokens of 1 person?").has("#confirm", "1 auth token stays").
		has("[name=returnCount][checked]", "")

	// Six counts can be given back: that is what the two who wait need.
	admin.get(self+"?section=refused").wants(http.StatusOK).has(".waiting h3", "2 people are still waiting").has(".waiting", "ann@contoso.example").hasNot(".waiting form")
	masked := helpdesk.get(self+"?section=refused").wants(http.StatusOK).has(".waiting", "a…@contoso.example").hasNot(".waiting form")
	if strings.Contains(masked.body, "ann@contoso.example") {
		t.Error("the queue shows an e-mail address to the helpdesk")
	}
	raise := self + "/raise"
	helpdesk.post(raise, url.Values{"by": {"2"}}).wants(http.StatusForbidden)
	for _, by := range []string{"", "0", "-1", "x", "1000001"} {
		admin.post(raise, url.Values{"by": {by}}).wants(http.StatusUnprocessableEntity)
	}
	admin.follow(admin.post(raise, url.Values{"by": {"2"}})).wants(http.StatusOK).has(".notice", "raised by 2 to 12")
	w.redeem(secret, "ann@contoso.example", "ann-pc.contoso.example")
	w.redeem(secret, "bob", "bob-pc.contoso.example")
	admin.get(self + "?section=refused").wants(http.StatusOK).hasNot(".waiting")
}

// The link of each finding asks about exactly those auth tokens, with the number of
// the sentence and the count given back; without a script as with one.
func TestVerdict_LinksAskForExactlyWhatTheySay(t *testing.T) {
	t.Parallel()
	asked := map[string]bool{} // one history for each finding that stands first
	for _, h := range histories.All() {
		finding, _, _ := strings.Cut(h.Truth.Findings[0], " ")
		if asked[finding] {
			continue
		}
		asked[finding] = true
		t.Run(h.Name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			token := w.play(h)
			self, b := "/admin/registration-tokens/"+token.ID, w.login("admin")
			for range len(models.FindingKinds) {
				page := b.get(self).wants(http.StatusOK)
				link := page.doc.Find(`.verdict a[href^="` + authTokens + `/delete?"]`).First()
				if link.Length() == 0 {
					return
				}
				number := regexp.MustCompile(`\d+`).FindString(link.Text())
				before, used := len(w.liveOf(token.ID)), w.usedCount(token.ID)
				question := b.get(link.AttrOr("href", "")).wants(http.StatusOK).has(".preview", "")
				asked := 0
				for _, field := range []string{"expected", "late"} {
					n, err := strconv.Atoi(question.value(field))
					must(t, err)
					asked += n
				}
				if strconv.Itoa(asked) != number {
					t.Errorf("%q asks about %d auth tokens", link.Text(), asked)
				}
				form := question.fields("#confirm")
				gone, err := strconv.Atoi(number)
				must(t, err)
				done := b.follow(b.post(authTokens+"/delete", form)).wants(http.StatusOK).has(".notice-success", number+" count").has("h1", h.Name)
				if used-w.usedCount(token.ID) != gone || before-len(w.liveOf(token.ID)) > gone {
					t.Errorf("%q: %d were used, now %d; %s", link.Text(), used, w.usedCount(token.ID), done.text(".notice"))
				}
			}
			t.Error("the remedies never end")
		})
	}
}

// A second click on the verdict's button, before the page is there, raises nothing.
func TestRaise_ASecondClickRaisesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Pilot", 1)
	w.redeem(secret, "ann", "pc1")
	w.script("").call(http.MethodPost, apiAuth, `{"authToken":{"systemUserName":"bob","fqdn":"pc2"}}`, "Authorization", "Bearer "+secret.Reveal()).wants(http.StatusConflict)
	admin := w.login("admin")
	self := registrationTokens + "/" + token.ID
	form := admin.get(self).wants(http.StatusOK).fields(`form[action="` + self + `/raise"]`)
	if form.Get("version") == "" {
		t.Fatalf("the button sends %v", form)
	}
	admin.post(self+"/raise", form).wants(http.StatusSeeOther)
	admin.post(self+"/raise", form).wants(http.StatusPreconditionFailed).has(".notice", "raised by 1 to 2").has(".notice", "It was changed in the meantime")
	if got, err := w.store.RegistrationToken(t.Context(), token.ID); err != nil || got.Count != 2 {
		t.Errorf("raised to %+v, %v", got, err)
	}
}

// Each raise that is said to have happened is in the count, however many come
// at once.
func TestRaise_LosesNoneOfSeveralAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, _ := w.registrationToken("Pilot", 10)
	admin := w.login("admin")
	const clicks = 8
	answers := make([]*answer, clicks)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() { answers[i] = admin.post(registrationTokens+"/"+token.ID+"/raise", url.Values{"by": {"3"}}) })
	}
	all.Wait()
	raised := 0
	for _, a := range answers {
		switch a.status {
		case http.StatusSeeOther:
			raised++
		case http.StatusConflict:
		default:
			t.Errorf("a raise is answered with %d", a.status)
		}
	}
	stored, err := w.store.RegistrationToken(t.Context(), token.ID)
	must(t, err)
	if raised == 0 || stored.Count != 10+3*raised {
		t.Errorf("%d of %d raises by 3 made 10 into %d", raised, clicks, stored.Count)
	}
}

func TestVerdict_SaysWhenItIsTooSmallOrInOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Pilot", 4)
	self, admin := "/admin/registration-tokens/"+token.ID, w.login("admin")
	admin.get(self).wants(http.StatusOK).has(".verdict-calm", "Nobody has used it.")
	for i := range 4 {
		w.redeem(secret, fmt.Sprintf("person%d", i), fmt.Sprintf("lt-%d.contoso.example", i))
		w.clock.Advance(time.Minute)
		if i == 2 {
			admin.get(self).has(".verdict-calm", "In order. 3 people on 3 devices took 3 counts")
		}
	}
	admin.get(self).has(".verdict-calm", "In order. 4 people on 4 devices took 4 counts; nobody took more than usual.").has(".reason", "Nobody is waiting; if more are to come, raise the count.")
	w.turnAway(secret, "late", "late.contoso.example")
	admin.get(self).has(".verdict li", "Too small for its audience. No count is left or can be given back: 1 more is needed.").
		has(".verdict a", "See who is waiting").has(".verdict form .btn", "Raise the count by 1").hasNot(".reason a")
	helpdesk := w.login("helpdesk")
	helpdesk.get(self).has(".verdict li a.btn", "Ask for 1 more count…").hasNot(".verdict form").
		has(".actions .menu", "Ask for something else").hasNot(`.actions a[href*="remedy=raise"]`)
	helpdesk.get(self+"?section=refused").has(".waiting h3", "1 person is still waiting").hasNot(".waiting form")
	queue := admin.get(self+"?section=refused").has(".verdict form .btn", "Raise the count by 1").hasNot(".waiting form")
	admin.follow(admin.post(queue.doc.Find(".verdict form").AttrOr("action", ""), url.Values{"by": {queue.value("by")}})).has(".notice", "raised by 1 to 5")
	w.redeem(secret, "other", "other.contoso.example")
	off := false
	_, err := w.service.UpdateRegistrationToken(t.Context(), w.admin(), token.ID, models.RegistrationTokenSettings{Enabled: &off})
	must(t, err)
	if page := admin.get(self); strings.Contains(page.text(".reason"), "Nobody is waiting") {
		t.Error("somebody still waits for one that is disabled")
	}
}

func TestVerdict_TellsOfTheEndBeforeItIsThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Pilot", 10)
	for i := range 8 {
		w.redeem(secret, fmt.Sprintf("person%d", i), fmt.Sprintf("lt-%d.contoso.example", i))
		w.clock.Advance(12 * time.Hour)
	}
	self, admin, helpdesk := "/admin/registration-tokens/"+token.ID, w.login("admin"), w.login("helpdesk")
	admin.get(self).has(".verdict li", "Nearly used up. 2 of 10 counts are left; at the pace of the past week the last one will be taken on 28 Nov 2026, before it expires on 23 Dec 2026.").
		has(".verdict a", "Raise the count")
	helpdesk.get(self).has(".verdict a", "Ask for more counts…").hasNot(".verdict form")
	w.clock.Advance(20 * 24 * time.Hour)
	admin, helpdesk = w.login("admin"), w.login("helpdesk")
	admin.get(self).has(".verdict", "Nearly used up. 2 of 10 counts are left; nobody redeemed it in the past week.").
		has(".verdict", "Expires soon. It expires on 23 Dec 2026, 10:00 UTC with 2 of 10 unused.").has(".verdict", "Move the expiry")
	helpdesk.get(self).has(`.verdict a[href$="remedy=extend"]`, "Ask to move the expiry…").hasNot(".verdict form")
}
