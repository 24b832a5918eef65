package handlers_test

import (
	"net/http"
	"testing"

	"muster/models"
)

// What people told of their own device is theirs to see, whatever their role:
// reading it is no look-up of a stranger's address.
func TestVisitor_OwnAddressesAreWholeAndNoLookUp(t *testing.T) {
	t.Parallel()
	const user, host = "emily@contoso.example", "10.77.66.55"
	for _, account := range []string{"user", "helpdesk"} {
		t.Run(account, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			_, secret := w.registrationToken("t", 2)
			w.browser().post("/redeem", redeemForm(secret, user, host)).wants(http.StatusOK).has("#redeem .facts", user).has("#redeem .facts", host)
			b := w.login(account)
			b.post("/redeem", redeemForm(secret, user, host)).wants(http.StatusOK).has("#redeem .facts", user).has("#redeem .facts", host)
			for range 40 { // more often than somebody may look up
				page := b.get("/my").wants(http.StatusOK).has(".own h2", host).has(".own-facts", user)
				if n := page.doc.Find(".own").Length(); n != 1 {
					t.Fatalf("%d auth tokens are shown", n)
				}
			}
			self := b.get("/my").doc.Find(".own a.btn").AttrOr("href", "")
			b.get(self).wants(http.StatusOK).has("#confirm h1", host)
			if events := w.audited(models.AuditPersonalDataLookedUp); len(events) != 0 {
				t.Errorf("the trail has %d look-ups", len(events))
			}
		})
	}
}
