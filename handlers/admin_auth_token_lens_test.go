package handlers_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"muster/models"
)

func TestAuthTokenList_LensesFindSeveral(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, secret := w.registrationToken("Lab", 9)
	w.redeem(secret, "ann", "shared.example")
	w.redeem(secret, "bob", "shared.example")
	w.redeem(secret, "carl", "one.example")
	w.redeem(secret, "carl", "two.example")
	b := w.login("helpdesk")
	b.get("/admin/auth-tokens?state=several_on_device").wants(http.StatusOK).has(`.tabs a[aria-current="page"]`, "Same device").
		has("tbody", "ann").has("tbody", "bob").has("tbody", "one.example").hasNot(`tbody tr:nth-child(5)`) // all have one hardware address: carl's machine was renamed
	b.get("/admin/auth-tokens?state=several_of_person").wants(http.StatusOK).has("tbody", "one.example").has("tbody", "two.example").hasNot(`tbody tr:nth-child(3)`)
	csv := b.post("/admin/auth-tokens/export?state=several_of_person", nil).wants(http.StatusOK)
	if strings.Contains(csv.body, "shared.example") || !strings.Contains(csv.body, "two.example") {
		t.Errorf("exported %s", csv.body)
	}
}

func TestAuthTokenList_LensesFindDeadSeats(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, secret := w.registrationToken("Lab", 9)
	for _, user := range []string{"refreshed", "silent", "deleted"} {
		w.clock.Advance(time.Minute)
		issued := w.redeem(secret, user, "h")
		switch user {
		case "refreshed":
			w.clock.Advance(time.Minute)
			_, err := w.service.Refresh(t.Context(), issued.RefreshToken, models.Origin{})
			must(t, err)
		case "deleted":
			must(t, w.service.DeleteAuthToken(t.Context(), w.admin(), issued.AuthToken.ID, "", false))
		}
	}
	w.clock.Advance(25 * 24 * time.Hour)
	w.redeem(secret, "young", "h")
	b := w.login("helpdesk")
	lens := func(name string, want ...string) {
		t.Helper()
		page := b.get("/admin/auth-tokens?state=" + name).wants(http.StatusOK)
		if n := page.doc.Find("tbody tr").Length(); n != len(want) {
			t.Errorf("%s shows %d: %s", name, n, page.text("tbody"))
		}
		for _, user := range want {
			page.has("tbody", user)
		}
	}
	lens("never_refreshed", "silent")
	b.get("/admin/auth-tokens?state=silent").wants(http.StatusOK).has("#auth-tokens", "No auth token matches")
	w.clock.Advance(6 * 24 * time.Hour)
	b = w.login("helpdesk")
	lens("silent", "refreshed", "silent")
	lens("never_refreshed", "silent", "young")
	b.get("/admin/auth-tokens?state=silent&q=refreshed").wants(http.StatusOK).has(`.tabs a[aria-current="page"]`, "Silent").has(".lens-days", "Not seen for")
}
