package handlers_test

import (
	"net/http"
	"strconv"
	"testing"
	"time"

	"muster/models"
)

func TestBurnDown_TellsUsesEditsAndReclaims(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Lab", 4)
	path := registrationTokens + "/" + token.ID
	b := w.login("admin")
	b.get(path).wants(http.StatusOK).has(".verdict", "Nobody has used it.").has(".burn-expiry text", "Expires 23 Dec 2026").hasNot(".burn-mark, .burn-pace")

	w.clock.Advance(time.Hour)
	first := w.redeem(secret, "ann", "h1")
	w.clock.Advance(time.Hour)
	w.redeem(secret, "bob", "h2")
	w.clock.Advance(time.Hour)
	count := 10
	_, err := w.service.UpdateRegistrationToken(t.Context(), w.admin(), token.ID, models.RegistrationTokenSettings{Count: &count})
	must(t, err)
	w.clock.Advance(time.Hour)
	must(t, w.service.DeleteAuthToken(t.Context(), w.admin(), first.AuthToken.ID, "", true))
	w.clock.Advance(time.Hour)

	page := w.login("admin").get(path).wants(http.StatusOK)
	var told [][4]string
	for i := range page.doc.Find(".burn tbody tr").Length() {
		row := ".burn tbody tr:nth-child(" + strconv.Itoa(i+1) + ") td:nth-child("
		told = append(told, [4]string{page.text(row + "2)"), page.text(row + "3)"), page.text(row + "4)")})
	}
	want := [][4]string{
		{"Created", "0 of 4", "4"}, {"Redeemed", "1 of 4", "3"}, {"Redeemed", "2 of 4", "2"},
		{"Count changed from 4 to 10", "2 of 10", "8"}, {"Count given back", "1 of 10", "9"},
	}
	if len(told) != len(want) {
		t.Fatalf("the table says %q", told)
	}
	for i := range want {
		if told[i] != want[i] {
			t.Errorf("row %d says %q, want %q", i, told[i], want[i])
		}
	}
	if label := page.doc.Find(".burn-plot[role=group]").AttrOr("aria-label", ""); label != "Counts left over time, from 23 Nov 2026, 10:00 UTC to 23 Nov 2026, 15:00 UTC. 9 of 10 are left." {
		t.Errorf("the drawing is called %q", label)
	}
	if n := page.doc.Find(".burn-mark").Length(); n != 2 {
		t.Errorf("%d marks, want the edit and the reclaim", n)
	}
	// The limit rises from 4 to 10 of 10 in the third of five hours.
	if limit := page.doc.Find(".burn-limit").AttrOr("d", ""); limit != "M15 78H507V0H1000" {
		t.Errorf("the limit is drawn as %q", limit)
	}
}

func TestBurnDown_MarksTheExpiry(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Lab", 4)
	w.clock.Advance(20 * 24 * time.Hour)
	w.redeem(secret, "ann", "h1")
	page := w.login("helpdesk").get(registrationTokens + "/" + token.ID).wants(http.StatusOK)
	page.has(".burn-expiry title", "Expiry, ").has(".burn-today text", "Today").has(".burn tbody", "1 of 4")
}
