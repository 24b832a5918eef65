package handlers_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestPrint_IsEvidence(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Lab", 2)
	host := strings.Repeat("a-very-long-label.", 15) + "contoso.example"
	w.redeemAt(secret, "ann@contoso.example", host, "10.1.9.7")
	w.clock.Advance(time.Hour)
	w.redeemAt(secret, "bob", "h2", "10.1.9.8")
	w.clock.Advance(time.Hour)
	w.turnAway(secret, "cleo", "h3")
	w.turnAway(secret, "cleo", "h3")
	w.clock.Advance(time.Hour)
	self := registrationTokens + "/" + token.ID

	admin := w.login("admin")
	link := admin.get(self).wants(http.StatusOK).doc.Find(`.actions a:contains("Print")`).AttrOr("href", "")
	page := admin.get(link).wants(http.StatusOK).
		has(".evidence", "Printed by Nora Lindqvist (Administrator) on 23 Nov 2026, 13:00:00 UTC.").has(".evidence", "addresses are shown").
		has(".evidence .facts", "2 of 2, 0 left").has(".evidence .facts", "23 Dec 2026, 10:00:00 UTC").
		has(".evidence", "1 person is still waiting").has(".evidence svg[aria-label]", "0").
		has(".evidence-table", host).has(".evidence-table", "ann@contoso.example").has(".evidence-table", "10.1.9.7").
		has(".evidence-table", "23 Nov 2026, 11:00:00 UTC").has("h2:contains('Refused') + div tbody", "Count used up").has("h2:contains('Refused') + div tbody", "1 person or device")
	if page.doc.Find(".evidence form, .evidence time:not([data-exact]), .evidence .clamp").Length() != 0 {
		t.Error("it has forms, relative times or texts that are cut")
	}
	if page.doc.Find(".evidence-table thead").Length() != 2 {
		t.Errorf("%d tables have headings", page.doc.Find(".evidence-table thead").Length())
	}

	masked := w.login("helpdesk").get(link).wants(http.StatusOK).has(".evidence", "(Helpdesk)").has(".evidence", "addresses are masked").
		has(".evidence-table", "a…@contoso.example").has(".evidence-table", host)
	for _, secret := range []string{"ann@contoso.example", "10.1.9."} {
		if strings.Contains(masked.body, secret) {
			t.Errorf("the helpdesk prints %s", secret)
		}
	}
}
