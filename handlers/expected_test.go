package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"muster/models"
	"muster/models/lists"
)

func TestExpected_ShowsWhoArrivedWhoIsMissingAndWhoIsUnexpected(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Pilot", 50)
	b := w.login("admin")
	b.choose(url.Values{"rows": {"25"}})
	tab := registrationTokens + "/" + token.ID + "?section=expected"
	b.get(tab).wants(http.StatusOK).has("main", "There is no expected list").has("main .tabs .tab[aria-current]", "Expected 0")
	var lines []string
	for i := range 30 {
		lines = append(lines, fmt.Sprintf("user%02d;desk %d", i, i))
	}
	w.admits(token.ID, models.Admission{}, lines...)
	b.get(tab+"&show=arrived").has("main", "Nobody on the list has arrived yet")
	b.get(tab+"&show=unexpected").has("main", "Nobody came who was not on the list")
	w.redeem(secret, "USER03", "pc-3.example")
	w.redeem(secret, "eve", "pc-9.example")
	missing := b.get(tab).wants(http.StatusOK)
	missing.has("nav[aria-label='The list']", "Missing 29 of 30Arrived 1 of 30Unexpected 1").has(".table", "user00").hasNot("#nothing")
	next := b.get(missing.doc.Find(".pager a[rel=next]").AttrOr("href", "")).wants(http.StatusOK)
	next.has(".table", "user29").has("nav[aria-label='The list'] [aria-current]", "Missing")
	b.get(tab+"&show=arrived").has(".tab-panel .table tbody", "user03Persondesk 3").has(".table tr:has(.row-open)", "just now")
	strangers := b.get(tab+"&show=unexpected").has(".table tbody", "eve").hasNot(`.table:contains("user")`)
	selection := b.get(strangers.doc.Find(`a:contains("Select them")`).AttrOr("href", "")).wants(http.StatusOK)
	selection.has(".table tbody", "eve").has(".tabs [aria-current]", "Unexpected").has("main", "Pilot")
	if n := selection.doc.Find(".table tbody tr").Length(); n != 1 {
		t.Errorf("%d are to be selected", n)
	}
	b.get(registrationTokens+"/"+token.ID).has(`tr:contains("eve")`, "not expected")
	b.get(tab + "&show=nobody").wants(http.StatusUnprocessableEntity)

	// The part that reloads by itself.
	b.htmx = true
	part := b.get(tab + "&show=arrived").wants(http.StatusOK)
	part.has("#registration-token-"+token.ID+"-expected", "user03").hasNot("html > body > .frame")
}

func TestExpected_IsMaskedForTheHelpdesk(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Pilot", 5)
	w.admits(token.ID, models.Admission{Networks: []string{"198.51.100.77/32"}}, "ada@example.com;grace@example.com")
	w.redeem(secret, "eve@example.com", "")
	b := w.login("helpdesk")
	tab := registrationTokens + "/" + token.ID + "?section=expected"
	for _, show := range []string{"missing", "unexpected", "arrived"} {
		page := b.get(tab + "&show=" + show).wants(http.StatusOK).hasNot("a[href$='/admission']")
		for _, secret := range []string{"ada@", "grace@", "eve@", "198.51.100.77"} {
			if strings.Contains(page.body, secret) {
				t.Errorf("%s shows %s", show, secret)
			}
		}
	}
	answer := b.post(registrationTokens+"/"+token.ID+"/admission/try", url.Values{"systemUserName": {"x"}, "email": {"ada@example.com"}, "ip": {"198.51.100.77"}}).wants(http.StatusOK)
	answer.has(".notice-success", "a…@example.com")
}

// Entries from before e-mail addresses needed a sign-in are named where somebody
// looks, and settled with one click.
func TestExpected_AsksWhatBecomesOfClaimedEmails(t *testing.T) {
	t.Parallel()
	for settle, redeems := range map[string]int{"verify": http.StatusForbidden, "user_names": http.StatusOK} {
		t.Run(settle, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			token, secret := w.registrationToken("Pilot", 5)
			list := lists.ReadExpected("ada@example.com", lists.Choices{}).Entries
			list[0].ByClaim = true
			rules := models.Admission{OnlyExpected: true}
			_, err := w.service.SetAdmission(t.Context(), w.admin(), token.ID, models.AdmissionSettings{Rules: rules, Mode: models.ListAdd, Entries: list})
			must(t, err)
			b := w.login("admin")
			tab := registrationTokens + "/" + token.ID + "?section=expected"
			overview := b.get("/admin").wants(http.StatusOK).has("main", "has 1 e-mail address on its expected list that a device only has to claim")
			if to := overview.doc.Find(`main a:contains("Decide…")`).AttrOr("href", ""); to != tab {
				t.Errorf("the overview leads to %q", to)
			}
			page := b.get(tab).wants(http.StatusOK).has("#claims", "1 e-mail address on this list is still matched by a mere claim").has("#filter-not-lock", "a filter, not a lock").has(".table", "E-mail, or a claim of it")
			w.login("helpdesk").get(tab).wants(http.StatusOK).has("#claims", "1 e-mail address").hasNot("#claims form")
			form := page.fields("#claims form")
			w.login("helpdesk").post(registrationTokens+"/"+token.ID+"/admission/claims", form).wants(http.StatusForbidden)
			b.post(registrationTokens+"/"+token.ID+"/admission/claims", form).wants(http.StatusUnprocessableEntity)
			form.Set("settle", settle)
			if to := b.post(registrationTokens+"/"+token.ID+"/admission/claims", form).leadsTo(); !strings.HasSuffix(to, tab) {
				t.Errorf("leads to %q", to)
			}
			b.get(tab).wants(http.StatusOK).hasNot("#claims")
			b.post(registrationTokens+"/"+token.ID+"/admission/claims", form).wants(http.StatusPreconditionFailed)
			w.browser().post("/redeem", url.Values{"registrationToken": {secret.Reveal()}, "systemUserName": {"ada@example.com"}}).wants(redeems)
		})
	}
}
