package handlers_test

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"muster/models"
)

func TestRegistrationTokenList_NothingDeadIsHiddenAndTabsNarrow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.login("helpdesk")
	b.get(registrationTokens).wants(http.StatusOK).has(".empty", "No registration tokens yet").hasNot(`a[href$="/new"]`)
	w.login("admin").get(registrationTokens).has(`.empty a[href$="/new"]`, "Create the first one")

	w.registrationToken("active one", 5)
	used, secret := w.registrationToken("used one", 1)
	w.redeem(secret, "ann", "h")
	off, _ := w.registrationToken("disabled one", 1)
	gone, _ := w.registrationToken("deleted one", 1)
	enabled := false
	_, err := w.service.UpdateRegistrationToken(t.Context(), w.admin(), off.ID, models.RegistrationTokenSettings{Enabled: &enabled})
	must(t, err)
	_, err = w.service.DeleteRegistrationToken(t.Context(), w.admin(), gone.ID, models.RegistrationTokenDeletion{})
	must(t, err)

	page := b.get(registrationTokens).wants(http.StatusOK)
	if n := page.doc.Find("tbody tr").Length(); n != 4 {
		t.Errorf("%d rows, want all 4", n)
	}
	page.has(`.tabs a[aria-current="page"]`, "All 4")
	page.has("#registration-token-"+used.ID, "1 of 1")
	for state, name := range map[string]string{"active": "active one", "exhausted": "used one", "disabled": "disabled one", "deleted": "deleted one"} {
		narrowed := b.get(registrationTokens+"?status="+state).has("tbody", name)
		if n := narrowed.doc.Find("tbody tr").Length(); n != 1 {
			t.Errorf("%s: %d rows", state, n)
		}
	}
	b.get(registrationTokens+"?status=expired").wants(http.StatusOK).has(".empty", "No registration token matches")
	b.get(registrationTokens+"?q=USED").wants(http.StatusOK).has("tbody", "used one")
	b.get(registrationTokens+"?q=nothing").has(".empty", "No registration token matches")
	for _, bad := range []string{"?status=sleeping", "?page=rubbish", "?q=%00", "?q=" + strings.Repeat("x", 400)} {
		b.get(registrationTokens + bad).wants(http.StatusUnprocessableEntity)
	}
	b.htmx = true
	b.get(registrationTokens+"?status=active").wants(http.StatusOK).has("#registration-tokens", "active one").hasNot("nav[aria-label=Main]")
}

// rowsOnAPage is how many rows a page of a list has.
const rowsOnAPage = 50

func TestRegistrationTokenList_PagesByKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range rowsOnAPage + 1 {
		w.clock.Advance(time.Second)
		w.registrationToken("", 1)
	}
	b := w.login("admin")
	first := b.get(registrationTokens).has(".pager", "1–50 of 51")
	if n := first.doc.Find("tbody tr").Length(); n != rowsOnAPage {
		t.Fatalf("%d rows", n)
	}
	second := b.get(nextPage(first)).wants(http.StatusOK)
	if n := second.doc.Find("tbody tr").Length(); n != 1 {
		t.Errorf("%d rows on the second page", n)
	}
	second.has(".pager", "51–51 of 51").has(".pager button", "First page").hasNot(".pager button[name=page]")
}

func TestRegistrationTokenDetail_TellsWhoUsedItAndWhoWasTurnedAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("shared", 1)
	issued := w.redeem(secret, "ann", "ann-pc.example")
	w.clock.Advance(2 * time.Minute)
	if _, err := w.service.Redeem(t.Context(), w.redeemRequest(secret, "bob", "bob-pc.example")); err == nil {
		t.Fatal("the second redemption worked")
	}
	b := w.login("admin")
	page := b.get(registrationTokens + "/" + token.ID).wants(http.StatusOK)
	uses := "#registration-token-" + token.ID + "-uses"
	refused := "#registration-token-" + token.ID + "-refused"
	page.has(uses, "ann").has(uses, "ann-pc.example").has(uses, "198.51.100.77").has(uses, "2 min ago").has(uses+` [title="reported by the device"]`, "")
	page.has(uses+` a[href="/admin/auth-tokens/`+issued.AuthToken.ID+`"]`, "ann")
	page.has(".verdict-lead", "Its only count is used, by 1 person on 1 device, and nobody took more than usual; 1 person is still waiting.").hasNot(".reason").
		has(`.tabs a[aria-current="page"]`, "Who used it 1").has(".tabs", "Turned away 1").hasNot(refused).hasNot(".timeline")
	away := b.get(registrationTokens+"/"+token.ID+"?section=refused").wants(http.StatusOK).has(refused, "bob").has(refused, "1 person is still waiting").hasNot(uses)
	b.get(registrationTokens+"/"+token.ID+"?section=changes").wants(http.StatusOK).has(".timeline", "Created it with count 1").hasNot(uses)
	b.get(registrationTokens + "/" + token.ID + "?section=everything").wants(http.StatusUnprocessableEntity)
	if code := away.text(refused + ` .waiting td[data-label="Support code"]`); len(code) != 9 {
		t.Errorf("support code %q", code)
	}

	b.htmx = true
	for section, other := range map[string]string{uses: refused, refused: uses} {
		name := strings.TrimPrefix(section, "#registration-token-"+token.ID+"-")
		b.get(registrationTokens+"/"+token.ID+"?section="+name).wants(http.StatusOK).has(section, "").hasNot(other).hasNot("h1")
	}
	b.get(registrationTokens + "/01arz3ndektsv4rrffq69g5fav").wants(http.StatusNotFound)

	// What a live update reloads must hold what it replaces.
	for _, whole := range []*answer{page, away} {
		for _, part := range []string{"#registration-token-" + token.ID + "-overview", "main [data-live][id$=uses], main [data-live][id$=refused]"} {
			found := whole.doc.Find(part)
			reload := b.get(found.AttrOr("hx-get", "none")).wants(http.StatusOK)
			if reload.doc.Find(found.AttrOr("hx-select", "none")).Length() != 1 {
				t.Errorf("the reload of %s holds no %s", part, found.AttrOr("hx-select", "none"))
			}
		}
	}
}

func TestRegistrationTokenDetail_OffersOnlyWhatTheStateAllows(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	short := w.clock.Now().Add(time.Hour)
	one := 1
	expiring, _, err := w.service.CreateRegistrationToken(t.Context(), w.admin(), models.RegistrationTokenSettings{Count: &one, ExpiresAt: &short})
	must(t, err)
	active, _ := w.registrationToken("active", 7)
	off, _ := w.registrationToken("off", 1)
	old, _ := w.registrationToken("old", 1)
	gone, _ := w.registrationToken("gone", 1)
	enabled := false
	_, err = w.service.UpdateRegistrationToken(t.Context(), w.admin(), off.ID, models.RegistrationTokenSettings{Enabled: &enabled})
	must(t, err)
	successor, _, err := w.service.ReplaceRegistrationToken(t.Context(), w.admin(), old.ID, models.RegistrationTokenSettings{})
	must(t, err)
	_, err = w.service.DeleteRegistrationToken(t.Context(), w.admin(), gone.ID, models.RegistrationTokenDeletion{})
	must(t, err)
	w.clock.Advance(2 * time.Hour)

	all := []string{"edit", "disable", "enable", "replace", "delete"}
	cases := map[string][]string{
		active.ID:   {"edit", "disable", "replace", "delete"},
		off.ID:      {"edit", "enable", "replace", "delete"},
		old.ID:      {"edit", "delete"},
		gone.ID:     {},
		expiring.ID: {"replace", "delete"},
	}
	admin, helpdesk := w.login("admin"), w.login("helpdesk")
	for id, offered := range cases {
		page := admin.get(registrationTokens + "/" + id).wants(http.StatusOK)
		for _, action := range all {
			url := registrationTokens + "/" + id + "/" + action
			there := page.doc.Find(`[href="`+url+`"], form[action="`+url+`"]`).Length() > 0
			if wanted := slices.Contains(offered, action); there != wanted {
				t.Errorf("%s: %s offered: %v, want %v", page.text("h1"), action, there, wanted)
			}
		}
		helpdesk.get(registrationTokens + "/" + id).wants(http.StatusOK).hasNot(`.actions > a:not([href$="print=1"]), .actions form`)
	}
	admin.get(registrationTokens+"/"+expiring.ID).has(".reason", "Expired on 23 Nov 2026, 11:00 UTC; 1 of 1 unused.")
	admin.get(registrationTokens+"/"+old.ID).has(`.facts a[href="`+registrationTokens+"/"+successor.ID+`"]`, "old").has(".reason", "Replaced on 23 Nov 2026, 10:00 UTC by Nora Lindqvist")
	admin.get(registrationTokens+"/"+successor.ID).has(`.facts a[href="`+registrationTokens+"/"+old.ID+`"]`, "old")
	admin.get(registrationTokens+"/"+expiring.ID+"/edit").wants(http.StatusConflict).has(".what-next", "Replace it")
	admin.get(registrationTokens + "/" + old.ID + "/replace").wants(http.StatusConflict)
	admin.get(registrationTokens + "/" + gone.ID + "/delete").wants(http.StatusConflict)
}

func TestRegistrationTokenList_SortsAndKeepsTheOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, secret := w.registrationToken("b, nearly used up", 3)
	w.clock.Advance(time.Minute)
	w.registrationToken("c, large", 100)
	w.clock.Advance(time.Minute)
	w.registrationToken("a, small", 5)
	w.redeem(secret, "ann", "h1")
	w.redeem(secret, "bob", "h2")
	b := w.login("helpdesk")
	for sort, want := range map[string][]string{
		"":          {"a, small", "c, large", "b, nearly used up"},
		"remaining": {"b, nearly used up", "a, small", "c, large"},
		"label":     {"a, small", "b, nearly used up", "c, large"},
		"count":     {"c, large", "a, small", "b, nearly used up"},
	} {
		page := b.get(registrationTokens + "?status=active&sort=" + sort).wants(http.StatusOK)
		var got []string
		for i := range page.doc.Find("tbody tr").Length() {
			got = append(got, page.text("tbody tr:nth-child("+strconv.Itoa(i+1)+") .row-open"))
		}
		if !slices.Equal(got, want) {
			t.Errorf("sorted by %q: %q, want %q", sort, got, want)
		}
		if page.value("sort") != sort {
			t.Errorf("the form says %q, want %q", page.value("sort"), sort)
		}
		if sort != "" && page.doc.Find(`.tabs a[href*="sort=`+sort+`"]`).Length() != len(page.doc.Find(".tabs a").Nodes) {
			t.Errorf("the tabs forget the order %q", sort)
		}
	}
	b.get(registrationTokens + "?sort=secret").wants(http.StatusUnprocessableEntity)
}
