package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"muster/models"
)

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
		form := url.Values{"version": {page.value("version")}, "count": {"1"}, "expiryPreset": {"custom"}, "expirationDate": {page.value("expirationDate")}, "identifier": {"after"}, "refId1": {"typed"}}
		low := b.post(self+"/edit", form).wants(http.StatusUnprocessableEntity).has("#count-error", "2")
		if low.value("identifier") != "after" || low.value("refId1") != "typed" || low.value("count") != "1" {
			t.Error("what was typed is lost")
		}
		form.Set("count", "9")
		after := succeeded(t, b, b.post(self+"/edit", form), self)
		after.has("h1", "after").has(".notice-success", "was changed")
		plain := *b
		plain.htmx = false
		plain.get(self+"?section=changes").hasNot(".notice-success").
			has(".timeline", "Changed the label, count and reference 1").has(".differences", "before: 5 → after: 9")
		changed, err := w.store.RegistrationToken(t.Context(), token.ID)
		must(t, err)
		if changed.Count != 9 || !changed.ExpiresAt.Equal(token.ExpiresAt) {
			t.Errorf("changed to %+v", changed)
		}

		w.clock.Advance(20 * time.Minute)
		latest := func() { form.Set("version", b.get(self+"/edit").value("version")) }
		latest()
		form.Set("expirationDate", "2026-11-23T10:30")
		succeeded(t, b, b.post(self+"/edit", form), self)
		latest()
		w.clock.Advance(15 * time.Minute)
		form.Set("expirationDate", "2027-01-01T00:00")
		b.post(self+"/edit", form).wants(http.StatusConflict).has(".notice-danger", "an expired one cannot be edited")
	})
}

func TestEditRegistrationToken_TwoEditorsOverwriteNothingUnseen(t *testing.T) {
	t.Parallel()
	twice(t, func(t *testing.T, w *world, b *browser) {
		token, secret := w.registrationToken("before", 5)
		self := registrationTokens + "/" + token.ID
		open := b.get(self + "/edit").wants(http.StatusOK).hasNot("#conflict-title")
		mine := url.Values{"version": {open.value("version")}, "count": {"9"}, "expiryPreset": {"custom"}, "expirationDate": {open.value("expirationDate")},
			"identifier": {"mine"}, "note": {"a\r\nb"}}
		// A redemption is nobody's edit.
		w.redeem(secret, "ann", "h")
		theirs, note := "theirs", "a\nb"
		_, err := w.service.UpdateRegistrationToken(t.Context(), models.Actor{
			Kind: models.ActorPerson, ID: "bea", Name: "Bea Berg", Role: models.RoleAdmin, Permissions: models.RoleAdmin.Permissions(),
		}, token.ID, models.RegistrationTokenSettings{Identifier: &theirs, Note: &note})
		must(t, err)
		w.clock.Advance(2 * time.Minute)
		asked := b.post(self+"/edit", mine).wants(http.StatusPreconditionFailed).has(".notice-warning", "nothing was saved").
			has("[aria-labelledby=conflict-title]", "Bea Berg, 2 min ago: changed the label and note.").has("#conflict-title", "Changed while you were editing").
			has("[aria-labelledby=conflict-title] tbody tr:nth-child(1)", "Count95").has("[aria-labelledby=conflict-title] tbody tr:nth-child(2)", "Labelminetheirs")
		if n := asked.doc.Find("[aria-labelledby=conflict-title] tbody tr").Length(); n != 2 || asked.value("identifier") != "mine" {
			t.Errorf("%d fields differ, and the label is %q", n, asked.value("identifier"))
		}
		// The other value can be had, and mine can be saved over it.
		if taken := b.get(asked.doc.Find("[aria-labelledby=conflict-title] a").AttrOr("href", "")).wants(http.StatusOK); taken.value("identifier") != "theirs" {
			t.Errorf("taken: %q", taken.value("identifier"))
		}
		asked.has("button", "Save mine over it")
		mine.Set("version", asked.value("version"))
		succeeded(t, b, b.post(self+"/edit", mine), self).has("h1", "mine")
		// What somebody else saved just so is no conflict.
		b.post(self+"/edit", url.Values{"version": {"old"}, "count": {"9"}, "expiryPreset": {"custom"}, "expirationDate": {open.value("expirationDate")},
			"identifier": {"mine"}, "note": {"a\r\nb"}})
		plain := *b
		plain.htmx = false
		plain.get(self).has(".notice", "Somebody else saved the same")
		delete(mine, "version")
		mine.Set("count", "10")
		b.post(self+"/edit", mine).wants(http.StatusPreconditionFailed)
	})
}

func TestSwitchRegistrationToken_OffAndOn(t *testing.T) {
	t.Parallel()
	twice(t, func(t *testing.T, w *world, b *browser) {
		token, secret := w.registrationToken("switch", 2)
		self := registrationTokens + "/" + token.ID
		succeeded(t, b, b.post(self+"/disable", nil), self).has(".notice-success", "was disabled").has(".reason", "Disabled on 23 Nov 2026, 10:00 UTC by Nora Lindqvist")
		b.get(self).wants(http.StatusOK).doc.Find(".reason").Each(func(_ int, reason *goquery.Selection) {
			if strings.Contains(reason.Text(), "reason given") {
				t.Errorf("a reason that nobody gave: %s", reason.Text())
			}
		})
		if _, err := w.service.Redeem(t.Context(), w.redeemRequest(secret, "ann", "h")); models.ErrorCode(err) != models.CodeRegistrationTokenDisabled {
			t.Fatalf("redeeming a disabled one: %v", err)
		}
		succeeded(t, b, b.post(self+"/enable", nil), self).has(".notice-success", "was enabled").hasNot(".reason")
		w.redeem(secret, "ann", "h")

		const why = "On hold: ask mary@contoso.example"
		b.post(self+"/disable", url.Values{"reason": {strings.Repeat("x", 501)}}).wants(http.StatusUnprocessableEntity).has(".field-error", "500")
		succeeded(t, b, b.post(self+"/disable", url.Values{"reason": {why}}), self).has(".reason", why)
		w.login("admin").get(self+"?section=changes").wants(http.StatusOK).has(".timeline", "Disabled it: "+why)
		w.login("helpdesk").get(self).wants(http.StatusOK).has(".reason", "On hold: ask m…@contoso.example")
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
		repeat := b.follow(b.post(self+"/replace", form)).wants(http.StatusOK).has(".notice", "not shown again")
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
	again := b.post(self, newForm(page, map[string]string{"count": "", "expiryPreset": "30d"})).wants(http.StatusUnprocessableEntity).has("#count-error", "no counts left")
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
				form := url.Values{"authTokens": {choice}, "expected": {page.value("expected")}, "reason": {strings.Repeat("x", 501)}}
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

func TestDeleteRegistrationToken_AsksAgainWhenTheNumberMoved(t *testing.T) {
	t.Parallel()
	twice(t, func(t *testing.T, w *world, b *browser) {
		token, secret := w.registrationToken("to go", 3)
		w.redeem(secret, "ann", "h1")
		self := registrationTokens + "/" + token.ID
		page := b.get(self + "/delete").wants(http.StatusOK)
		form := url.Values{"authTokens": {"delete"}, "expected": {page.value("expected")}}
		w.redeem(secret, "bob", "h2")
		again := b.post(self+"/delete", form).wants(http.StatusConflict).has("legend", "2 live auth tokens")
		if token, err := w.store.RegistrationToken(t.Context(), token.ID); err != nil || token.DeletedAt != nil {
			t.Fatalf("deleted on an old number: %v, %v", token, err)
		}
		b.post(self+"/delete", url.Values{"authTokens": {"delete"}}).wants(http.StatusUnprocessableEntity).has("#confirm", "number of auth tokens is missing")
		form.Set("expected", again.value("expected"))
		succeeded(t, b, b.post(self+"/delete", form), self).has(".reason", "Deleted on")
		b.post(self+"/delete", form).wants(http.StatusConflict).has("body", "was already deleted on")
	})
}
