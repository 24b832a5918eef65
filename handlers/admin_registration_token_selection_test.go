package handlers_test

import (
	"fmt"
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

// nextPage is the address of the next page of a list; empty on the last one. In lists
// whose rows can be selected, the form of the rows leads there.
func nextPage(a *answer) string {
	button := a.doc.Find(".pager button[name=page]")
	if button.Length() == 0 {
		return a.doc.Find(".pager a[rel=next]").AttrOr("href", "")
	}
	return button.AttrOr("formaction", "") + "?" + sentBy(a.doc.Find("form[data-select]"), button).Encode()
}

// sentBy is what a browser sends of a form whose button is pressed.
func sentBy(form, button *goquery.Selection) url.Values {
	values := url.Values{}
	form.Find("input[type=hidden], input[checked]").Each(func(_ int, field *goquery.Selection) {
		values.Add(field.AttrOr("name", ""), field.AttrOr("value", ""))
	})
	if name := button.AttrOr("name", ""); name != "" {
		values.Add(name, button.AttrOr("value", ""))
	}
	return values
}

func TestSelection_SurvivesPagingWithoutScript(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var ids []string
	for range rowsOnAPage + 3 {
		w.clock.Advance(time.Second)
		token, secret := w.registrationToken("", 2)
		w.redeem(secret, "ann", "pc1")
		ids = append(ids, token.ID)
	}
	slices.Reverse(ids) // the newest first
	admin := w.login("admin")
	for _, list := range []string{registrationTokens + "?q=token", authTokens + "?state=live"} {
		first := admin.get(list).wants(http.StatusOK)
		boxes := first.doc.Find("tbody input[name=id]")
		boxes.Slice(2, 5).SetAttr("checked", "")
		var chosen []string
		boxes.Slice(2, 5).Each(func(_ int, box *goquery.Selection) { chosen = append(chosen, box.AttrOr("value", "")) })
		second := admin.get(nextPage(first)).wants(http.StatusOK).has("[data-select-count]", "3 selected, 0 of them on this page")
		if n := second.doc.Find("input[data-select-elsewhere]").Length(); n != 3 || second.doc.Find("tbody tr").Length() != 3 {
			t.Fatalf("%s: %d are carried along", list, n)
		}
		second.doc.Find("tbody input[name=id]").Eq(0).SetAttr("checked", "")
		form := second.doc.Find("form[data-select]")
		back := admin.get(form.Find(".pager button").Eq(0).AttrOr("formaction", "")+"?"+sentBy(form, second.doc.Find(".pager button").Eq(0)).Encode()).
			wants(http.StatusOK).has("[data-select-count]", "4 selected, 3 of them on this page")
		back.doc.Find("tbody input[name=id][checked]").Each(func(i int, box *goquery.Selection) {
			if box.AttrOr("value", "") != chosen[i] {
				t.Errorf("%s: row %d is another one", list, i)
			}
		})
		if want := first.value("q"); back.value("q") != want {
			t.Errorf("%s: the search is %q", list, back.value("q"))
		}
		asked := admin.get(back.doc.Find("form[data-select]").AttrOr("action", "") + "?" + sentBy(back.doc.Find("form[data-select]"), back.doc.Find("button[value=disable]")).Encode()).wants(http.StatusOK)
		asked.has("#confirm h1", "4 ")
		if cleared := admin.get(back.doc.Find("[data-select-bar] a").AttrOr("href", "")).wants(http.StatusOK); cleared.doc.Find("tbody [name=id][checked]").Length() > 0 || cleared.value("q") != first.value("q") {
			t.Errorf("%s: something is still selected", list)
		}
	}
	many := url.Values{}
	for i := range 501 {
		many.Add("id", fmt.Sprintf("01jd0000000000000000%06d", i))
	}
	admin.get(registrationTokens + "?" + many.Encode()).wants(http.StatusUnprocessableEntity)
}

func TestRegistrationTokenSelection_ExtendsAndRaises(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, _ := w.registrationToken("First", 5)
	b, _ := w.registrationToken("Second", models.MaxCount)
	soon := w.clock.Now().Add(time.Hour)
	label, one := "Over", 1
	over, _, err := w.service.CreateRegistrationToken(t.Context(), w.admin(), models.RegistrationTokenSettings{Identifier: &label, Count: &one, ExpiresAt: &soon})
	must(t, err)
	w.clock.Advance(2 * time.Hour)
	admin := w.login("admin")
	ask := func(form url.Values) *answer {
		form["id"] = []string{a.ID, b.ID, over.ID}
		return admin.get(registrationTokenSelection + "?" + form.Encode())
	}
	raise := url.Values{"action": {"raise"}, "by": {"3"}}
	page := ask(raise).wants(http.StatusOK).has("#confirm", "Raise 1 registration token").has(".preview", "5 → 8").
		has("#confirm", "2 stay as they are: 1 has expired and can only be replaced and 1 would have more than 1,000,000 counts.")
	raise.Set("version", page.value("version"))
	raise.Set("expected", "2")
	admin.post(registrationTokenSelection, raise).wants(http.StatusConflict).has(".notice", "nothing was deleted or changed")
	raise.Set("expected", page.value("expected"))
	done := admin.follow(admin.post(registrationTokenSelection, raise)).wants(http.StatusOK).
		has(".notice", "1 registration token raised by 3. 2 stay as they are").has(".notice button", "Undo")
	if got, err := w.store.RegistrationToken(t.Context(), a.ID); err != nil || got.Count != 8 {
		t.Errorf("raised to %+v, %v", got, err)
	}
	// A second click raises nothing: the form is of before the first.
	again := admin.post(registrationTokenSelection, raise).wants(http.StatusConflict).has(".notice", "nothing was deleted or changed").has(".preview", "8 → 11")
	if got, err := w.store.RegistrationToken(t.Context(), a.ID); err != nil || got.Count != 8 || again.value("version") == page.value("version") {
		t.Errorf("a second click made of it %+v, %v", got, err)
	}
	admin.follow(admin.post(done.doc.Find(".notice form").AttrOr("action", ""), url.Values{"change": {done.value("change")}})).
		wants(http.StatusOK).has(".notice", "Undone: the registration token is as it was before.")
	if got, err := w.store.RegistrationToken(t.Context(), a.ID); err != nil || got.Count != 5 {
		t.Errorf("undone to %+v, %v", got, err)
	}

	ask(url.Values{"action": {"extend"}}).wants(http.StatusOK).has("#confirm", "Extend 2 registration tokens").has(".preview", "in 2 months")
	ask(url.Values{"action": {"extend"}, "days": {"x"}}).wants(http.StatusOK).has("#days-error", "whole number").hasNot("#confirm .btn-primary")
	extend := url.Values{"action": {"extend"}, "days": {"30"}, "expirationDate": {"2027-02-01T12:00"}}
	asked := ask(extend).wants(http.StatusOK)
	extend.Set("expected", asked.value("expected"))
	extend.Set("version", asked.value("version"))
	admin.follow(admin.post(registrationTokenSelection, extend)).wants(http.StatusOK).has(".notice", "2 registration tokens extended. 1 stays as it is: it has expired")
	for _, id := range []string{a.ID, b.ID} {
		if got, err := w.store.RegistrationToken(t.Context(), id); err != nil || !got.ExpiresAt.Equal(time.Date(2027, 2, 1, 12, 0, 0, 0, time.UTC)) {
			t.Errorf("extended to %+v, %v", got, err)
		}
	}
	admin.post(registrationTokenSelection, url.Values{"action": {"raise"}, "by": {"0"}, "id": {a.ID}, "expected": {"1"}}).wants(http.StatusUnprocessableEntity).has("#by-error", "whole number")
	w.login("helpdesk").post(registrationTokenSelection, extend).wants(http.StatusForbidden)
}

// One of several that was deleted or changed while the question was open: nothing is
// done until the new numbers were seen.
func TestRegistrationTokenSelection_AsksAgainWhenOneWasDeletedOrChanged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, _ := w.registrationToken("First", 5)
	b, _ := w.registrationToken("Second", 5)
	admin := w.login("admin")
	raise := url.Values{"action": {"raise"}, "by": {"3"}, "id": {a.ID, b.ID}}
	confirm := func(shown *answer) *answer {
		raise.Set("expected", shown.value("expected"))
		raise.Set("version", shown.value("version"))
		return admin.post(registrationTokenSelection, raise)
	}
	shown := admin.get(registrationTokenSelection+"?"+raise.Encode()).wants(http.StatusOK).has("#confirm", "Raise 2 registration tokens")
	must(t, deleteToken(w, b.ID))
	again := confirm(shown).wants(http.StatusConflict).has(".notice", "These are the numbers now").hasNot("#confirm .notice").
		has("#confirm", "1 stays as it is: it is deleted.").has("#confirm", "Raise 1 registration token")
	note := "hers"
	_, err := w.service.UpdateRegistrationToken(t.Context(), w.admin(), a.ID, models.RegistrationTokenSettings{Note: &note})
	must(t, err)
	again = confirm(again).wants(http.StatusConflict).has("#confirm", "Raise 1 registration token")
	admin.follow(confirm(again)).wants(http.StatusOK).has(".notice", "1 registration token raised by 3. 1 stays as it is: it is deleted.")
	if got, err := w.store.RegistrationToken(t.Context(), a.ID); err != nil || got.Count != 8 || got.Note != note {
		t.Errorf("raised to %+v, %v", got, err)
	}
}

// What is selected under one search is exported under another.
func TestRegistrationTokenSelection_ExportsWhatTheSearchDoesNotFind(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, _ := w.registrationToken("First", 5)
	w.registrationToken("Second", 5)
	csv := w.login("admin").post("/admin/registration-tokens/export?q=Second&status=active", url.Values{"id": {a.ID}}).wants(http.StatusOK)
	if !strings.Contains(csv.body, "First") || strings.Contains(csv.body, "Second") {
		t.Errorf("exported %s", csv.body)
	}
}

// What leads from the list to itself keeps what is selected; so does a list that has no
// row, and Cancel.
func TestSelection_GoesAlongInTheList(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, secret := w.registrationToken("First", 5)
	issued := w.redeem(secret, "ann", "pc1")
	admin := w.login("admin")
	for list, id := range map[string]string{registrationTokens: a.ID, authTokens: issued.AuthToken.ID} {
		page := admin.get(list+"?q=nobody-is-called-that&id="+id).wants(http.StatusOK).has("[data-select-count]", "1 selected, 0 of them on this page")
		page.has("input[data-select-elsewhere][value='"+id+"']", "")
		page = admin.get(list + "?id=" + id).wants(http.StatusOK)
		for _, links := range []string{"th a.sort-by", "a.tab", "a.chip"} {
			page.doc.Find(links).Each(func(_ int, link *goquery.Selection) {
				if href := link.AttrOr("href", ""); strings.HasPrefix(href, list) && !strings.Contains(href, "id="+id) {
					t.Errorf("%s: %s leads to %s", list, squeeze(link.Text()), href)
				}
			})
		}
		columns := page.doc.Find(`.menu-form[method="post"]`).AttrOr("action", "")
		admin.follow(admin.post(columns, url.Values{"column": {"created"}})).wants(http.StatusOK).has("[data-select-count]", "1 of 1 selected")
		added := admin.get(list + "?field=label&how=starts&value=First&id=" + id)
		if to := added.header.Get("Location"); !strings.Contains(to, "id="+id) {
			t.Errorf("%s: a criterion leads to %q", list, to)
		}
	}
	asked := admin.get(registrationTokenSelection + "?action=disable&id=" + a.ID).wants(http.StatusOK)
	if to := asked.doc.Find("#confirm [data-dialog-close]").AttrOr("href", ""); to != registrationTokens+"?id="+a.ID {
		t.Errorf("Cancel leads to %s", to)
	}
}

func TestUndo_IsOfferedAfterADisableAndAnEdit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, _ := w.registrationToken("Pilot", 5)
	self := registrationTokens + "/" + token.ID
	admin := w.login("admin")
	off := admin.follow(admin.post(self+"/disable", nil)).wants(http.StatusOK).has(".notice form", "Undo")
	undo := func(a *answer) *answer {
		return admin.follow(admin.post(a.doc.Find(".notice form").AttrOr("action", ""), url.Values{"change": {a.value("change")}})).wants(http.StatusOK)
	}
	undo(off).has(".notice-success", "Undone").hasNot(".notice form")
	if w.registrationTokenState(token.ID) != models.StatusActive {
		t.Error("it is still disabled")
	}
	undo(off).has(".notice-warning", "Nothing was undone. 1 stays as it is: it is as it was before.")
	admin.get(self+"?section=changes").has(".timeline", "Enabled it, undoing an earlier change")

	form := url.Values{"version": {admin.get(self + "/edit").value("version")}, "count": {"7"}, "expiryPreset": {"custom"},
		"expirationDate": {"2026-12-23T10:00"}, "identifier": {"Other"}}
	undo(admin.follow(admin.post(self+"/edit", form)).wants(http.StatusOK).has("h1", "Other")).has("h1", "Pilot")
	w.login("helpdesk").post(registrationTokens+"/undo", url.Values{"change": {off.value("change")}}).wants(http.StatusForbidden)
	admin.post(registrationTokens+"/undo", url.Values{"change": {"01x"}}).wants(http.StatusNotFound).has(".notice", "There is no such change that can be undone.Only who made a change can undo it.")
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
		return a.doc.Find("thead th").Map(func(_ int, s *goquery.Selection) string { return squeeze(s.Text()) })
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
