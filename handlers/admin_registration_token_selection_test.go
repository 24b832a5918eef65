package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"muster/models"
)

const registrationTokenSelection = "/admin/registration-tokens/selection"

func (w *world) registrationTokenState(id string) models.Status {
	w.t.Helper()
	t, err := w.store.RegistrationToken(w.t.Context(), id)
	must(w.t, err)
	return t.Status(w.clock.Now())
}

func TestRegistrationTokenSelection_Disables(t *testing.T) {
	t.Parallel()
	for name, htmx := range map[string]bool{"plain": false, "htmx": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			a, _ := w.registrationToken("First", 5)
			b, _ := w.registrationToken("Second", 5)
			kept, _ := w.registrationToken("Kept", 5)
			off := false
			_, err := w.service.UpdateRegistrationToken(t.Context(), w.admin(), b.ID, models.RegistrationTokenSettings{Enabled: &off})
			must(t, err)
			admin := w.login("admin")
			admin.get("/admin/registration-tokens").wants(http.StatusOK).has(".selection", "Disable…").has(`input[name=id][value="`+a.ID+`"]`, "")
			admin.htmx = htmx
			chosen := url.Values{"id": {a.ID, b.ID, "x", a.ID}, "action": {"disable"}}
			admin.get(registrationTokenSelection+"?"+chosen.Encode()).wants(http.StatusOK).
				has("#confirm h1", "Disable 1 registration token?").has(".preview", "First").has("#confirm", "1 of the selected cannot be redeemed any more")
			done := admin.follow(admin.post(registrationTokenSelection, chosen))
			if !htmx {
				done.wants(http.StatusOK).has(".notice", "1 registration token disabled. 1 was left as it is")
			}
			if w.registrationTokenState(a.ID) != models.StatusDisabled || w.registrationTokenState(kept.ID) != models.StatusActive {
				t.Errorf("the chosen is %s, the other %s", w.registrationTokenState(a.ID), w.registrationTokenState(kept.ID))
			}
			if n := len(w.audited(models.AuditRegistrationTokenDisabled)); n != 2 {
				t.Errorf("the trail has %d rows", n)
			}
			admin.get(registrationTokenSelection+"?"+chosen.Encode()).wants(http.StatusOK).has("#confirm h1", "Nothing to change")
			admin.get(registrationTokenSelection+"?action=disable").wants(http.StatusOK).has("#confirm", "Select at least one")
			admin.get(registrationTokenSelection + "?action=x&id=" + a.ID).wants(http.StatusUnprocessableEntity)
			admin.post(registrationTokenSelection, url.Values{"id": {a.ID}, "action": {"burn"}}).wants(http.StatusUnprocessableEntity)
		})
	}
}

func TestRegistrationTokenSelection_DeletesAndKeepsAuthTokensUnlessAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, aSecret := w.registrationToken("First", 5)
	b, bSecret := w.registrationToken("Second", 5)
	w.redeem(aSecret, "ann", "pc1")
	w.redeem(bSecret, "bob", "pc2")
	admin := w.login("admin")
	chosen := url.Values{"id": {a.ID, b.ID}, "action": {"delete"}}
	ask := admin.get(registrationTokenSelection+"?"+chosen.Encode()).wants(http.StatusOK).
		has("#confirm h1", "Delete 2 registration tokens?").has("#confirm", "They have 2 live auth tokens").has(".preview", "1 of 5 used")
	if ask.value("expected") != "2" || ask.doc.Find(`[name=authTokens][value=keep][checked]`).Length() != 1 {
		t.Errorf("expects %q", ask.value("expected"))
	}
	form := url.Values{"id": {a.ID, b.ID}, "action": {"delete"}, "authTokens": {"delete"}, "expected": {"2"}, "reason": {strings.Repeat("x", 501)}}
	admin.post(registrationTokenSelection, form).wants(http.StatusUnprocessableEntity).has("#reason-error", "501 characters")
	form.Set("reason", "the project is over")
	w.redeem(bSecret, "eve", "pc3")
	admin.post(registrationTokenSelection, form).wants(http.StatusConflict).has("#confirm", "They have 3 live auth tokens").has(".notice", "nothing was deleted")
	if w.registrationTokenState(a.ID) != models.StatusActive {
		t.Fatal("it was deleted although the numbers had changed")
	}
	form.Set("expected", "3")
	admin.follow(admin.post(registrationTokenSelection, form)).wants(http.StatusOK).has(".notice", "2 registration tokens deleted, together with 3 auth tokens.")
	if w.registrationTokenState(a.ID) != models.StatusDeleted || w.registrationTokenState(b.ID) != models.StatusDeleted {
		t.Error("they are not deleted")
	}

	kept, keptSecret := w.registrationToken("Third", 5)
	w.redeem(keptSecret, "ann", "pc1")
	form = url.Values{"id": {kept.ID}, "action": {"delete"}, "authTokens": {"keep"}, "expected": {"1"}}
	admin.follow(admin.post(registrationTokenSelection, form)).wants(http.StatusOK).has(".notice", "1 registration token deleted.")
	if n, err := w.store.LiveAuthTokenCount(t.Context(), kept.ID, w.clock.Now()); err != nil || n != 1 {
		t.Errorf("%d live auth tokens, %v", n, err)
	}
	admin.post(registrationTokenSelection, url.Values{"id": {unknownID}, "action": {"delete"}, "authTokens": {"keep"}}).wants(http.StatusNotFound)
	w.login("helpdesk").post(registrationTokenSelection, form).wants(http.StatusForbidden)
	w.login("helpdesk").get("/admin/registration-tokens").hasNot(".selection").hasNot("[name=id]")
}

func TestRegistrationTokenSelection_ExportsTheChosenOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, _ := w.registrationToken("First", 5)
	w.registrationToken("Second", 5)
	csv := w.login("admin").post("/admin/registration-tokens/export", url.Values{"id": {a.ID}}).wants(http.StatusOK)
	if !strings.Contains(csv.body, "First") || strings.Contains(csv.body, "Second") {
		t.Errorf("exported %s", csv.body)
	}
	if events := w.audited(models.AuditExported); len(events) != 1 || !strings.Contains(events[0].Detail, "selected=1") {
		t.Errorf("the trail has %+v", events)
	}
}

func TestRegistrationTokenList_ChipsNarrowAndComeOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	soon, one := w.clock.Now().Add(48*time.Hour), 1
	for label, expires := range map[string]*time.Time{"Pilot soon": &soon, "Pilot later": nil} {
		_, _, err := w.service.CreateRegistrationToken(t.Context(), w.admin(), models.RegistrationTokenSettings{Identifier: &label, Count: &one, ExpiresAt: expires})
		must(t, err)
	}
	admin := w.login("admin")
	page := admin.get("/admin/registration-tokens?q=Pilot").wants(http.StatusOK).has(".chips", "“Pilot”").has("tbody", "Pilot soon").has("tbody", "Pilot later")
	narrowed := admin.get(page.doc.Find(".chip-off").AttrOr("href", "")).wants(http.StatusOK).has("tbody", "Pilot soon").has(".chip-on", "Expires within 7 days")
	if strings.Contains(narrowed.text("tbody"), "Pilot later") || narrowed.value("q") != "Pilot" || narrowed.value("expires") != "soon" {
		t.Errorf("narrowed to %s", narrowed.text("tbody"))
	}
	off := admin.get(narrowed.doc.Find(".chip-on").First().AttrOr("href", "")).wants(http.StatusOK)
	if off.value("q") != "" || off.value("expires") != "soon" {
		t.Errorf("taken off: q %q, expires %q", off.value("q"), off.value("expires"))
	}
	admin.get("/admin/registration-tokens?expires=x").wants(http.StatusUnprocessableEntity)
}

func TestRegistrationTokenList_RemembersColumns(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.registrationToken("Pilot", 5)
	admin := w.login("admin")
	columns := func(a *answer) []string {
		return a.doc.Find("thead th").Map(func(_ int, s *goquery.Selection) string { return s.Text() })
	}
	page := admin.get("/admin/registration-tokens?q=Pilot").wants(http.StatusOK)
	if got := columns(page); !slices.Contains(got, "Expiry") || slices.Contains(got, "Turned away") {
		t.Fatalf("usual columns %q", got)
	}
	action := page.doc.Find(`.menu-form[method="post"]`).AttrOr("action", "")
	back := admin.follow(admin.post(action, url.Values{"column": {"turned-away", "references", "rubbish"}})).wants(http.StatusOK)
	if got := columns(back); !slices.Contains(got, "Turned away") || !slices.Contains(got, "References") || slices.Contains(got, "Expiry") || back.value("q") != "Pilot" {
		t.Errorf("chosen columns %q, q %q", got, back.value("q"))
	}
	if got := columns(admin.follow(admin.post(action, nil))); slices.Contains(got, "Expiry") || slices.Contains(got, "Turned away") || !slices.Contains(got, "Used") {
		t.Errorf("no columns: %q", got)
	}
}
