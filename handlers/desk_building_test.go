package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"muster/handlers/web"
	"muster/models"
	"muster/models/store/storetest"
)

// While what the desk knows is put together for the first time, the page of a
// registration token shows and offers everything else.
func TestRegistrationToken_ShowsTheRestWhileTheDeskIsBuilding(t *testing.T) {
	t.Parallel()
	databaseURL := storetest.SQLite(t)
	w := newWorldWaiting(t, databaseURL, 0)
	token, secret := w.registrationToken("Pilot", 1)
	w.admits(token.ID, models.Admission{}, "ann", "bob")
	w.redeem(secret, "ann", "ann-pc.contoso.example")
	w.turnAway(secret, "bob", "bob-pc.contoso.example")
	self, b := registrationTokens+"/"+token.ID, w.login("admin")
	parts := w.login("admin")
	parts.htmx = true
	building := "is still being put together. Reload in a moment."

	page := b.get(self).wants(http.StatusOK).has(".notice", "What became of the counts "+building).hasNot(".verdict-list").
		has(".usage-hero", "1 of 1").has(".reason", "Its only count was used").has(".actions", "Edit").has("#uses-title", "Who used it").has(".row-open", "ann")
	if strings.Contains(page.text(".reason"), "Nobody is waiting") {
		t.Error("it says that nobody is waiting, which it does not know")
	}
	for section, notice := range map[string]string{
		"uses&by=device": "Who or what used it", "uses&finding=" + string(models.FindingRetryLoop): "Who or what used it",
		"refused": "Who is still waiting", "expected": "Who has arrived and who is missing",
	} {
		for _, b := range []*browser{b, parts} {
			b.get(self+"?section="+section).wants(http.StatusOK).has(".tab-panel .notice", notice+" "+building)
		}
	}
	b.get(self+"?section=refused").has(".tab-panel table", "bob")
	parts.get(self+"?section=uses&whole=1").wants(http.StatusOK).has(".notice", "What became of the counts "+building)

	if _, err := storetest.Open(t, databaseURL).Evidence(t.Context(), token.ID); err != nil { // waits until it is whole
		t.Fatal(err)
	}
	if page := b.get(self+"?section=refused").wants(http.StatusOK).has(".waiting", "bob"); strings.Contains(page.body, building) {
		t.Error("it is whole, and the page says it is building")
	}
}

// What is late says so in whatever shape it is sent, and is not kept for others.
func TestAnswers_SayThatTheyAreLate(t *testing.T) {
	t.Parallel()
	databaseURL := storetest.SQLite(t)
	w, indexer := newWorldWaiting(t, databaseURL, 0), storetest.Open(t, databaseURL)
	token, secret := w.registrationToken("Pilot", 9)
	w.redeem(secret, "ann", "ann-pc.contoso.example")
	whole := func() {
		if _, err := indexer.Evidence(t.Context(), token.ID); err != nil { // waits until it is
			t.Fatal(err)
		}
	}
	whole()
	w.redeem(secret, "bob", "bob-pc.contoso.example")
	b := w.login("admin")
	self := registrationTokens + "/" + token.ID
	groups := self + "?section=uses&by=person"

	b.get(groups).wants(http.StatusOK).has(".notice", "This page may be some time behind.")
	for _, late := range []*answer{b.get(groups), b.reload(groups), b.reload(groups), b.post(authTokens+"/export?q=contoso", nil)} {
		if late.wants(http.StatusOK); late.header.Get(web.HeaderAsOf) == "" || strings.Contains(late.body, "bob") {
			t.Errorf("it does not say that it is late: %v", late.header)
		}
	}
	whole()
	for _, current := range []*answer{b.get(groups), b.reload(groups), b.post(authTokens+"/export?q=contoso", nil)} {
		if current.wants(http.StatusOK); current.header.Get(web.HeaderAsOf) != "" || !strings.Contains(current.body, "bob") {
			t.Errorf("it is not what there is now: %v", current.header)
		}
	}
}
