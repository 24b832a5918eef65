package handlers_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"muster/models"
)

func TestOverview_BeginsWithTheFirstRegistrationToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.login("admin").get("/admin").wants(http.StatusOK).has("#overview", "No registration tokens yet").
		has(`#overview a[href="/admin/registration-tokens/new"]`, "Create the first one")
	w.login("helpdesk").get("/admin").wants(http.StatusOK).has("#overview", "No registration tokens yet").
		hasNot(`a[href="/admin/registration-tokens/new"]`)
}

func TestOverview_SaysWhatIsWrongAndWhatIsGoingOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Contoso rollout", 2)
	w.registrationToken("In order", 100)
	w.redeem(secret, "ann@contoso.example", "h1")
	w.redeem(secret, "bob", "h2")
	for range 2 {
		w.clock.Advance(time.Minute)
		if _, err := w.service.Redeem(t.Context(), w.redeemRequest(secret, "cleo", "h3")); models.ErrorCode(err) != models.CodeRegistrationTokenExhausted {
			t.Fatal(err)
		}
	}
	page := w.login("admin").get("/admin").wants(http.StatusOK)
	page.has(".attention", "Contoso rollout is used up, 2 of 2, and 2 attempts were turned away, the first 1 min ago.").
		has(`.attention a.btn[href="/admin/registration-tokens/`+token.ID+`"]`, "See why").
		has(".activity-list", "cleo was turned away from Contoso rollout").
		has(".activity-list", "ann@contoso.example redeemed Contoso rollout").
		has(".figures", "Redemptions, last 24 hours2").has(".figures", "Turned away, last 24 hours2").
		has(".figures", "Need attention1").has(".figures", "Active tokens1 of 2")
	if first := squeeze(page.doc.Find(".activity").First().Text()); first != "cleo was turned away from Contoso rolloutjust now · Count used up · h3" {
		t.Errorf("the newest is %q", first)
	}
	if n := page.doc.Find(".attention").Length(); n != 1 {
		t.Errorf("%d need attention", n)
	}

	list := w.login("admin").get("/admin/registration-tokens?status=attention").wants(http.StatusOK).has("tbody", "Contoso rollout")
	list.has(`.tabs a[aria-current="page"]`, "Needs attention 1")
	if n := list.doc.Find("tbody tr").Length(); n != 1 {
		t.Errorf("the tab shows %d", n)
	}

	helpdesk := w.login("helpdesk").get("/admin").wants(http.StatusOK)
	helpdesk.has(`.attention a.btn[href="/admin/registration-tokens/`+token.ID+`"]`, "Open").hasNot(`.attention a[href$="/edit"]`)
	helpdesk.has(".activity-list", "redeemed Contoso rollout")
	if text := helpdesk.text("#overview"); text == "" || strings.Contains(text, "ann@contoso.example") {
		t.Error("the helpdesk sees an e-mail address")
	}

	b := w.login("admin")
	b.htmx = true
	part := b.get("/admin").wants(http.StatusOK).has("#overview", "Contoso rollout")
	part.hasNot("nav.rail")
}

func TestOverview_ProposesWhatHelps(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, soon := w.registrationToken("Pilot", 10)
	w.clock.Advance(24 * 24 * time.Hour)
	w.redeem(soon, "ann", "h1")
	w.login("admin").get("/admin").wants(http.StatusOK).
		has(".attention", "Pilot has 9 of 10 left and expires in 6 days.").has(".attention a.btn", "Extend")
	w.clock.Advance(7 * 24 * time.Hour)
	_, err := w.service.Redeem(t.Context(), w.redeemRequest(soon, "bob", "h2"))
	if models.ErrorCode(err) != models.CodeRegistrationTokenExpired {
		t.Fatal(err)
	}
	w.login("admin").get("/admin").wants(http.StatusOK).
		has(".attention", "Pilot expired with 9 of 10 unused, and 1 attempt was turned away, the first just now.").has(".attention a.btn", "Replace")
}
