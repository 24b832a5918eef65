package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"muster/models"
	"muster/tokens"
)

const registrationTokens = "/admin/registration-tokens"

// twice runs a form scenario plain and with htmx.
func twice(t *testing.T, scenario func(t *testing.T, w *world, b *browser)) {
	t.Helper()
	for name, htmx := range map[string]bool{"plain": false, "htmx": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			b := w.login("admin")
			b.htmx = htmx
			scenario(t, w, b)
		})
	}
}

// succeeded fails unless the POST led to the path, and returns that page.
func succeeded(t *testing.T, b *browser, a *answer, path string) *answer {
	t.Helper()
	wanted := http.StatusSeeOther
	if b.htmx {
		wanted = http.StatusNoContent
	}
	a.wants(wanted)
	if a.leadsTo() != path {
		t.Fatalf("leads to %q, want %q", a.leadsTo(), path)
	}
	plain := *b
	plain.htmx = false
	return plain.follow(a).wants(http.StatusOK)
}

func newForm(page *answer, values map[string]string) url.Values {
	form := url.Values{"nonce": {page.value("nonce")}}
	for name, value := range values {
		form.Set(name, value)
	}
	return form
}

func TestNewRegistrationToken_ShowsSecretOnceAndItRedeems(t *testing.T) {
	t.Parallel()
	twice(t, func(t *testing.T, w *world, b *browser) {
		page := b.get(registrationTokens + "/new").wants(http.StatusOK)
		form := newForm(page, map[string]string{
			"count": " 3 ", "expiryPreset": "7d", "identifier": "Rollout Berlin", "note": "a\r\nb", "refId1": "PO-7",
		})
		created := b.post(registrationTokens, form).wants(http.StatusOK).has("h1", "Registration token created")
		if cache := created.header.Get("Cache-Control"); cache != "no-store" {
			t.Errorf("Cache-Control is %q", cache)
		}
		secret := created.text("#secret")
		if _, err := tokens.ParseSecret(tokens.SecretRegistrationToken, secret); err != nil {
			t.Fatalf("%q is no secret: %v", secret, err)
		}
		created.has("#redeem-link", w.base+"/redeem#"+secret).has("#curl", "Bearer "+secret)
		issued := w.redeem(models.Secret(secret), "nora", "host.example")
		token, err := w.store.RegistrationToken(t.Context(), issued.AuthToken.RegistrationTokenID)
		must(t, err)
		if token.Count != 3 || token.Identifier != "Rollout Berlin" || token.Note != "a\nb" || token.RefID1 != "PO-7" ||
			!token.ExpiresAt.Equal(w.clock.Now().Add(7*24*time.Hour)) {
			t.Errorf("made %+v", token)
		}

		again := b.post(registrationTokens, form).wants(http.StatusOK).has(".notice", "not shown again")
		again.has(`.form-actions a[href="`+registrationTokens+"/"+token.ID+`"]`, "Open")
		if strings.Contains(again.body, secret) {
			t.Error("the repeat shows the secret")
		}
		for _, path := range []string{"", "/" + token.ID, "/" + token.ID + "/edit", "/" + token.ID + "/replace"} {
			if strings.Contains(b.get(registrationTokens+path).body, secret) {
				t.Errorf("%s shows the secret", path)
			}
		}
		if strings.Contains(w.logs.String(), secret) {
			t.Error("the log holds the secret")
		}
		list, err := w.store.RegistrationTokens(t.Context(), models.RegistrationTokenFilter{}, models.PageRequest{}, w.clock.Now())
		must(t, err)
		if len(list.Items) != 1 {
			t.Errorf("%d registration tokens were made", len(list.Items))
		}
	})
}

func TestNewRegistrationToken_KeepsWhatWasTypedAndSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 256)
	typed := map[string]string{"count": "2", "expiryPreset": "30d", "identifier": "keep me", "note": "n", "refId1": "r"}
	cases := map[string]struct {
		change map[string]string
		field  string
		says   string
	}{
		"no count":         {map[string]string{"count": ""}, "count", "how many times"},
		"count is text":    {map[string]string{"count": "many"}, "count", "between 1 and 1,000,000"},
		"count zero":       {map[string]string{"count": "0"}, "count", "between 1 and 1,000,000"},
		"count too large":  {map[string]string{"count": "1000001"}, "count", "between 1 and 1,000,000"},
		"count overflows":  {map[string]string{"count": "99999999999999999999"}, "count", "between 1 and 1,000,000"},
		"unknown preset":   {map[string]string{"expiryPreset": "2d"}, "expiryPreset", "Choose one"},
		"no date":          {map[string]string{"expiryPreset": "custom"}, "expirationDate", "Give the date"},
		"date is text":     {map[string]string{"expiryPreset": "custom", "expirationDate": "tomorrow"}, "expirationDate", "Give the date"},
		"date in the past": {map[string]string{"expiryPreset": "custom", "expirationDate": "2020-01-01T00:00"}, "expirationDate", "at least 1 minute"},
		"date too far":     {map[string]string{"expiryPreset": "custom", "expirationDate": "2036-01-01T00:00"}, "expirationDate", "366 days"},
		"label too long":   {map[string]string{"identifier": long}, "identifier", "The label has 256 characters"},
		"reference broken": {map[string]string{"refId1": "a\x00b"}, "refId1", "control character"},
		"bidi override":    {map[string]string{"identifier": "\u202egro.live"}, "identifier", "control character"},
	}
	twice(t, func(t *testing.T, w *world, b *browser) {
		nonces := b.get(registrationTokens + "/new")
		for name, c := range cases {
			form := newForm(nonces, typed)
			for field, value := range c.change {
				form.Set(field, value)
			}
			page := b.post(registrationTokens, form).wants(http.StatusUnprocessableEntity)
			if got := page.text("#" + c.field + "-error"); !strings.Contains(got, c.says) {
				t.Errorf("%s: the error of %s is %q", name, c.field, got)
			}
			for field := range typed {
				if got := page.value(field); got != form.Get(field) && form.Get(field) != "2d" && !strings.Contains(form.Get(field), "\x00") {
					t.Errorf("%s: %s came back as %q", name, field, got)
				}
			}
		}
		// Nothing was made, and none of it burnt the nonce.
		b.post(registrationTokens, newForm(nonces, typed)).wants(http.StatusOK).has("h1", "Registration token created")
	})
}

func TestNewRegistrationToken_AllErrorsAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.login("admin")
	page := b.get(registrationTokens + "/new")
	form := newForm(page, map[string]string{"count": "x", "expiryPreset": "custom", "identifier": strings.Repeat("x", 300)})
	again := b.post(registrationTokens, form).wants(http.StatusUnprocessableEntity)
	for _, field := range []string{"count", "expirationDate", "identifier"} {
		again.has("#"+field+"-error", "")
	}
	again.has("form .notice", "3 things need your attention")
}

func TestNewRegistrationToken_UnknownOrForeignOrOldFormIsNotWorked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.login("admin")
	typed := map[string]string{"count": "2", "expiryPreset": "30d", "identifier": "keep me"}
	other := w.login("admin").get(registrationTokens + "/new")
	for name, nonce := range map[string]string{"none": "", "made up": "AAAA", "of another session": other.value("nonce")} {
		form := newForm(other, typed)
		form.Set("nonce", nonce)
		page := b.post(registrationTokens, form).wants(http.StatusConflict).has(".notice-danger", "too long")
		if page.value("identifier") != "keep me" || page.value("nonce") == nonce {
			t.Errorf("%s: the form did not come back whole", name)
		}
	}
	list, err := w.store.RegistrationTokens(t.Context(), models.RegistrationTokenFilter{}, models.PageRequest{}, w.clock.Now())
	must(t, err)
	if len(list.Items) != 0 {
		t.Errorf("%d registration tokens were made", len(list.Items))
	}
	b.htmx = true
	form := newForm(other, typed)
	b.post(registrationTokens, form).wants(http.StatusConflict).has(".notice-danger", "too long").hasNot("form")
}

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
	_, err = w.service.DeleteRegistrationToken(t.Context(), w.admin(), gone.ID, false)
	must(t, err)

	page := b.get(registrationTokens).wants(http.StatusOK)
	if n := page.doc.Find("tbody tr").Length(); n != 4 {
		t.Errorf("%d rows, want all 4", n)
	}
	page.has(`.tabs a[aria-current="page"]`, "All 4")
	page.has("#registration-token-"+used.ID+"-usage", "1")
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

func TestRegistrationTokenList_PagesByKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range models.DefaultPageSize + 1 {
		w.clock.Advance(time.Second)
		w.registrationToken("", 1)
	}
	b := w.login("admin")
	first := b.get(registrationTokens).has(".pager", "50 rows on this page")
	if n := first.doc.Find("tbody tr").Length(); n != models.DefaultPageSize {
		t.Fatalf("%d rows", n)
	}
	second := b.get(first.doc.Find(".pager a[rel=next]").AttrOr("href", "")).wants(http.StatusOK)
	if n := second.doc.Find("tbody tr").Length(); n != 1 {
		t.Errorf("%d rows on the second page", n)
	}
	second.has(".pager a", "First page").hasNot(".pager a[rel=next]")
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
	page.has(uses, "ann").has(uses, "ann-pc.example").has(uses, "198.51.100.77").has(uses, "2 min ago").has(uses, "reported by the device")
	page.has(uses+` a[href="/admin/auth-tokens/`+issued.AuthToken.ID+`"]`, "ann")
	page.has(refused, "bob").has(refused, "Count used up").has(".reason", "Used up: 1 of 1 used, the last one on 23 Nov 2026, 10:00 UTC.")
	page.has(".timeline", "Created it with count 1")
	if code := page.text(refused + ` td[data-label="Support code"]`); len(code) != 9 {
		t.Errorf("support code %q", code)
	}

	b.htmx = true
	for section, other := range map[string]string{uses: refused, refused: uses} {
		name := strings.TrimPrefix(section, "#registration-token-"+token.ID+"-")
		b.get(registrationTokens+"/"+token.ID+"?section="+name).wants(http.StatusOK).has(section, "").hasNot(other).hasNot("h1")
	}
	b.get(registrationTokens + "/01arz3ndektsv4rrffq69g5fav").wants(http.StatusNotFound)
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
	_, err = w.service.DeleteRegistrationToken(t.Context(), w.admin(), gone.ID, false)
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
		helpdesk.get(registrationTokens + "/" + id).wants(http.StatusOK).hasNot(".actions a, .actions form")
	}
	admin.get(registrationTokens+"/"+expiring.ID).has(".reason", "Expired on 23 Nov 2026, 11:00 UTC; 1 of 1 unused.")
	admin.get(registrationTokens+"/"+old.ID).has(`.facts a[href="`+registrationTokens+"/"+successor.ID+`"]`, "old").has(".reason", "Replaced on 23 Nov 2026, 10:00 UTC by Nora Lindqvist")
	admin.get(registrationTokens+"/"+successor.ID).has(`.facts a[href="`+registrationTokens+"/"+old.ID+`"]`, "old")
	admin.get(registrationTokens+"/"+expiring.ID+"/edit").wants(http.StatusConflict).has(".what-next", "Replace it")
	admin.get(registrationTokens + "/" + old.ID + "/replace").wants(http.StatusConflict)
	admin.get(registrationTokens + "/" + gone.ID + "/delete").wants(http.StatusConflict)
}

func TestEditRegistrationToken_ChangesWhatWasTypedAndTellsTheChange(t *testing.T) {
	t.Parallel()
	twice(t, func(t *testing.T, w *world, b *browser) {
		token, secret := w.registrationToken("before", 5)
		w.redeem(secret, "ann", "h")
		w.redeem(secret, "bob", "h")
		self := registrationTokens + "/" + token.ID
		page := b.get(self + "/edit").wants(http.StatusOK)
		if page.value("count") != "5" || page.value("expirationDate") != "2026-12-23T10:00" || page.value("expiryPreset") != "custom" {
			t.Fatalf("the form starts with %q %q %q", page.value("count"), page.value("expirationDate"), page.value("expiryPreset"))
		}
		form := url.Values{"count": {"1"}, "expiryPreset": {"custom"}, "expirationDate": {page.value("expirationDate")}, "identifier": {"after"}, "refId1": {"typed"}}
		low := b.post(self+"/edit", form).wants(http.StatusUnprocessableEntity).has("#count-error", "2")
		if low.value("identifier") != "after" || low.value("refId1") != "typed" || low.value("count") != "1" {
			t.Error("what was typed is lost")
		}
		form.Set("count", "9")
		after := succeeded(t, b, b.post(self+"/edit", form), self)
		after.has("h1", "after").has(".notice-success", "was changed").has(".timeline", "Changed the label, count and reference 1")
		after.has(".differences", "5 → 9")
		b.get(self).hasNot(".notice-success")
		changed, err := w.store.RegistrationToken(t.Context(), token.ID)
		must(t, err)
		if changed.Count != 9 || !changed.ExpiresAt.Equal(token.ExpiresAt) {
			t.Errorf("changed to %+v", changed)
		}

		w.clock.Advance(20 * time.Minute)
		form.Set("expirationDate", "2026-11-23T10:30")
		succeeded(t, b, b.post(self+"/edit", form), self)
		w.clock.Advance(15 * time.Minute)
		form.Set("expirationDate", "2027-01-01T00:00")
		b.post(self+"/edit", form).wants(http.StatusConflict).has(".notice-danger", "an expired one cannot be edited")
	})
}

func TestSwitchRegistrationToken_OffAndOn(t *testing.T) {
	t.Parallel()
	twice(t, func(t *testing.T, w *world, b *browser) {
		token, secret := w.registrationToken("switch", 2)
		self := registrationTokens + "/" + token.ID
		succeeded(t, b, b.post(self+"/disable", nil), self).has(".notice-success", "was disabled").has(".reason", "Disabled on 23 Nov 2026, 10:00 UTC by Nora Lindqvist")
		if _, err := w.service.Redeem(t.Context(), w.redeemRequest(secret, "ann", "h")); models.ErrorCode(err) != models.CodeRegistrationTokenDisabled {
			t.Fatalf("redeeming a disabled one: %v", err)
		}
		succeeded(t, b, b.post(self+"/enable", nil), self).has(".notice-success", "was enabled").hasNot(".reason")
		w.redeem(secret, "ann", "h")
	})
}

func TestReplaceRegistrationToken_TakesOverWhatIsLeftAndShowsSecretOnce(t *testing.T) {
	t.Parallel()
	twice(t, func(t *testing.T, w *world, b *browser) {
		old, secret := w.registrationToken("old one", 5)
		w.redeem(secret, "ann", "h")
		self := registrationTokens + "/" + old.ID
		page := b.get(self + "/replace").wants(http.StatusOK)
		if page.value("count") != "4" {
			t.Fatalf("suggests %q", page.value("count"))
		}
		form := newForm(page, map[string]string{"count": "none", "expiryPreset": "90d"})
		again := b.post(self+"/replace", form).wants(http.StatusUnprocessableEntity).has("#count-error", "whole number")
		if again.value("count") != "none" || again.value("expiryPreset") != "90d" {
			t.Error("what was typed is lost")
		}
		form = newForm(again, map[string]string{"count": "4", "expiryPreset": "90d"})
		made := b.post(self+"/replace", form).wants(http.StatusOK).has("p", "It replaces old one")
		fresh := models.Secret(made.text("#secret"))
		w.redeem(fresh, "bob", "h")
		repeat := b.post(self+"/replace", form).wants(http.StatusOK).has(".notice", "not shown again")
		if strings.Contains(repeat.body, fresh.Reveal()) {
			t.Error("the repeat shows the secret")
		}
		if _, err := w.service.Redeem(t.Context(), w.redeemRequest(secret, "eve", "h")); models.ErrorCode(err) != models.CodeRegistrationTokenDisabled {
			t.Errorf("the old one: %v", err)
		}
	})
}

func TestReplaceRegistrationToken_NothingLeftNeedsACount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.login("admin")
	old, secret := w.registrationToken("empty", 1)
	w.redeem(secret, "ann", "h")
	self := registrationTokens + "/" + old.ID + "/replace"
	page := b.get(self).wants(http.StatusOK)
	if page.value("count") != "" {
		t.Errorf("suggests %q", page.value("count"))
	}
	again := b.post(self, newForm(page, map[string]string{"count": "", "expiryPreset": "30d"})).wants(http.StatusUnprocessableEntity).has("#count-error", "remains")
	b.post(self, newForm(again, map[string]string{"count": "2", "expiryPreset": "30d"})).wants(http.StatusOK).has("h1", "created")
}

func TestDeleteRegistrationToken_ShowsTheNumberAndKeepsByDefault(t *testing.T) {
	t.Parallel()
	for name, choice := range map[string]string{"keep": "keep", "delete": "delete", "unanswered": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			twice(t, func(t *testing.T, w *world, b *browser) {
				token, secret := w.registrationToken("to go", 3)
				first := w.redeem(secret, "ann", "h1")
				w.redeem(secret, "bob", "h2")
				self := registrationTokens + "/" + token.ID
				page := b.get(self+"/delete").wants(http.StatusOK).has("#confirm", "2 live auth tokens").has("#confirm-title", "to go")
				if page.doc.Find(`input[value=keep][checked]`).Length() != 1 {
					t.Error("keep is not the default")
				}
				form := url.Values{"authTokens": {choice}, "reason": {strings.Repeat("x", 501)}}
				b.post(self+"/delete", form).wants(http.StatusUnprocessableEntity).has("#reason-error", "The reason has 501 characters")
				form.Set("reason", "rollout over")
				succeeded(t, b, b.post(self+"/delete", form), self).has(".reason", "Deleted on 23 Nov 2026, 10:00 UTC by Nora Lindqvist").has("#registration-token-"+token.ID+"-uses", "ann")
				ann, err := w.store.AuthToken(t.Context(), first.AuthToken.ID)
				must(t, err)
				if deleted := ann.DeletedAt != nil; deleted != (choice == "delete") {
					t.Errorf("auth token deleted: %v", deleted)
				}
				if choice == "delete" && ann.DeleteReason != "rollout over" {
					t.Errorf("reason %q", ann.DeleteReason)
				}
			})
		})
	}
}

func TestPages_HelpdeskChangesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("mine", 3)
	issued := w.redeem(secret, "ann", "h")
	self := registrationTokens + "/" + token.ID
	for _, htmx := range []bool{false, true} {
		b := w.login("helpdesk")
		b.htmx = htmx
		for _, path := range []string{registrationTokens + "/new", self + "/edit", self + "/replace", self + "/delete", "/admin/auth-tokens/delete?id=" + issued.AuthToken.ID} {
			b.get(path).wants(http.StatusForbidden)
		}
		for _, path := range []string{registrationTokens, self + "/edit", self + "/enable", self + "/disable", self + "/replace", self + "/delete", "/admin/auth-tokens/delete"} {
			b.post(path, url.Values{"id": {issued.AuthToken.ID}, "expected": {"1"}, "count": {"1"}}).wants(http.StatusForbidden)
		}
	}
	b := w.login("helpdesk")
	b.get("/admin/auth-tokens").wants(http.StatusOK).hasNot("input[name=id]").hasNot(".btn-danger")
	b.get("/admin/auth-tokens/" + issued.AuthToken.ID).wants(http.StatusOK).hasNot(".btn-danger-quiet")
	if w.usedCount(token.ID) != 1 {
		t.Error("something changed")
	}
}

func TestPages_HelpdeskSeesMaskedAddresses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("for carl@corp.example", 1)
	request := w.redeemRequest(secret, "carl@corp.example", "h")
	request.Verified = models.VerifiedIdentity{Issuer: "https://idp.example", Subject: "s-1", Email: "carl.c@corp.example"}
	issued, err := w.service.Redeem(t.Context(), request)
	must(t, err)
	if _, err := w.service.Redeem(t.Context(), request); err == nil {
		t.Fatal("redeemed twice")
	}
	paths := []string{
		registrationTokens, registrationTokens + "/" + token.ID, registrationTokens + "/" + token.ID + "?section=uses",
		registrationTokens + "/" + token.ID + "?section=refused",
		"/admin/auth-tokens", "/admin/auth-tokens/" + issued.AuthToken.ID, "/admin/auth-tokens?registrationToken=" + token.ID,
	}
	for _, htmx := range []bool{false, true} {
		helpdesk := w.login("helpdesk")
		helpdesk.htmx = htmx
		for _, path := range paths {
			body := helpdesk.get(path).wants(http.StatusOK).body
			for _, hidden := range []string{"198.51.100.77", "carl.c@corp", "carl@corp"} {
				if strings.Contains(body, hidden) {
					t.Errorf("%s shows %s", path, hidden)
				}
			}
		}
	}
	w.login("admin").get("/admin/auth-tokens/"+issued.AuthToken.ID).has("h1", "carl.c@corp.example").has(".timeline", "198.51.100.77")
}

func TestPages_TextsOfPeopleStayTexts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	attack := `"><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}`
	rtl := "\u05d0\u05d1\u05d2 " + strings.Repeat("\u05d3", 316)
	one, note := 2, attack+"\njavascript:alert(1)"
	token, secret, err := w.service.CreateRegistrationToken(t.Context(), w.admin(), models.RegistrationTokenSettings{
		Identifier: &attack, Note: &note, RefID1: &attack, RefID2: &attack, Count: &one,
	})
	must(t, err)
	request := w.redeemRequest(secret, attack, attack)
	request.Claimed.MACAddress, request.Claimed.Identifier, request.Claimed.RefID1 = attack, attack, attack
	request.Origin.UserAgent = attack
	issued, err := w.service.Redeem(t.Context(), request)
	must(t, err)
	w.redeem(secret, rtl, strings.Repeat("w", 320))
	if _, err := w.service.Redeem(t.Context(), request); err == nil {
		t.Fatal("redeemed a third time")
	}
	must(t, w.service.DeleteAuthToken(t.Context(), w.admin(), issued.AuthToken.ID, attack, true))
	b := w.login("admin")
	self := registrationTokens + "/" + token.ID
	for _, path := range []string{
		registrationTokens, registrationTokens + "?q=" + url.QueryEscape(attack), self, self + "/edit", self + "/replace", self + "/delete",
		"/admin/auth-tokens", "/admin/auth-tokens/" + issued.AuthToken.ID, "/admin/auth-tokens?q=" + url.QueryEscape(attack),
		"/admin/auth-tokens/delete?id=" + issued.AuthToken.ID, "/admin/auth-tokens?registrationToken=" + token.ID,
	} {
		page := b.get(path).wants(http.StatusOK)
		page.hasNot("img[src=x]").hasNot("[onerror]").hasNot(`a[href^="javascript:"]`)
		page.doc.Find("script").Each(func(_ int, script *goquery.Selection) {
			if script.AttrOr("src", "") == "" {
				t.Errorf("%s holds an inline script", path)
			}
		})
	}
	b.get("/admin/auth-tokens").has("tbody", rtl)
	form := newForm(b.get(registrationTokens+"/new"), map[string]string{"count": attack, "expiryPreset": attack, "expirationDate": attack, "identifier": attack, "note": attack})
	b.post(registrationTokens, form).wants(http.StatusUnprocessableEntity).hasNot("img[src=x]").hasNot("[onerror]")
}

func TestPages_LoginLeadsBackToTheWantedPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.registrationToken("findme", 1)
	b := w.browser()
	wanted := registrationTokens + "?q=findme&status=active"
	turned := b.get(wanted).wants(http.StatusSeeOther)
	login := b.do(http.MethodGet, turned.resolve(turned.leadsTo()), nil)
	page := b.logInFrom(login, "admin").wants(http.StatusOK).has("tbody", "findme")
	if page.url.Query().Get("q") != "findme" || page.url.Query().Get("status") != "active" {
		t.Errorf("came back to %s", page.url)
	}
	stranger := w.login("user")
	stranger.get(registrationTokens).wants(http.StatusForbidden)
	b = w.browser()
	b.htmx = true
	b.get(registrationTokens).wants(http.StatusUnauthorized)
}

func TestNewRegistrationToken_SentTwiceAtOnceMakesOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.login("admin")
	form := newForm(b.get(registrationTokens+"/new"), map[string]string{"count": "1", "expiryPreset": "30d"})
	const senders = 8
	answers := make([]*answer, senders)
	var wait sync.WaitGroup
	for i := range senders {
		wait.Go(func() { answers[i] = b.post(registrationTokens, form) })
	}
	wait.Wait()
	secrets := 0
	for _, a := range answers {
		if a.status != http.StatusOK && a.status != http.StatusConflict {
			t.Errorf("status %d", a.status)
		}
		if a.doc.Find("#secret").Length() > 0 {
			secrets++
		}
	}
	list, err := w.store.RegistrationTokens(t.Context(), models.RegistrationTokenFilter{}, models.PageRequest{}, w.clock.Now())
	must(t, err)
	if secrets != 1 || len(list.Items) != 1 {
		t.Errorf("%d secrets shown, %d registration tokens made", secrets, len(list.Items))
	}
}
