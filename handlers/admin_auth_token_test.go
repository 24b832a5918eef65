package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"muster/models"
)

const authTokens = "/admin/auth-tokens"

func TestAuthTokenList_FindsByEverythingPeopleKnow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.login("helpdesk")
	b.get(authTokens).wants(http.StatusOK).has(".empty", "No auth tokens yet")
	token, secret := w.registrationToken("Rollout", 3)
	other, otherSecret := w.registrationToken("Other", 1)
	w.redeem(secret, "ann", "ann-pc.example")
	w.redeem(otherSecret, "bob", "bob-pc.example")
	for _, q := range []string{"ANN", "ann-pc"} {
		page := b.get(authTokens+"?q="+q).wants(http.StatusOK).has("tbody", "ann-pc.example").has("tbody", "Rollout")
		if n := page.doc.Find("tbody tr").Length(); n != 1 {
			t.Errorf("%s: %d rows", q, n)
		}
	}
	b.get(authTokens+"?q=nobody").has(".empty", "No auth token matches")
	narrowed := b.get(authTokens+"?registrationToken="+other.ID).has("tbody", "bob").has(".chip", "Other")
	if strings.Contains(narrowed.text("tbody"), "ann") {
		t.Error("the list is not narrowed")
	}
	b.get(authTokens+"?registrationToken="+token.ID+"&state=live").has("tbody", "ann")
	b.get(authTokens + "?registrationToken=01arz3ndektsv4rrffq69g5fav").wants(http.StatusNotFound)
	for _, bad := range []string{"?state=sleepy", "?page=rubbish", "?q=%1b"} {
		b.get(authTokens + bad).wants(http.StatusUnprocessableEntity)
	}
	b.htmx = true
	b.get(authTokens).wants(http.StatusOK).has("#auth-tokens", "bob").hasNot("nav[aria-label=Main]")
}

func TestAuthTokenDetail_TellsItsLife(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, secret := w.registrationToken("Rollout", 3)
	issued := w.redeem(secret, "ann", "ann-pc.example")
	self := authTokens + "/" + issued.AuthToken.ID
	b := w.login("admin")
	b.get(self).wants(http.StatusOK).has("h1", "ann").has(".timeline", "Rollout (use 1)").has(".timeline", "198.51.100.77").
		has(".page-lead", "Usable").has(`a[href="`+authTokens+"/delete?id="+issued.AuthToken.ID+`"]`, "Delete")
	must(t, w.service.DeleteAuthToken(t.Context(), w.admin(), issued.AuthToken.ID, "laptop lost", true))
	b.get(self).wants(http.StatusOK).has(".page-lead", "Deleted on 23 Nov 2026, 10:00 UTC by Nora Lindqvist").
		has(".timeline", "laptop lost").has(".timeline", "The count was given back").hasNot(".btn-danger-quiet")

	stolen := w.redeem(secret, "bob", "bob-pc.example")
	origin := models.Origin{IP: "198.51.100.78", Channel: models.ChannelREST}
	_, err := w.service.Refresh(t.Context(), stolen.RefreshToken, origin)
	must(t, err)
	w.clock.Advance(testAccessTokenTTL)
	if _, err := w.service.Refresh(t.Context(), stolen.RefreshToken, origin); models.ErrorCode(err) != models.CodeRefreshTokenReused {
		t.Fatalf("reuse: %v", err)
	}
	b.get(authTokens+"/"+stolen.AuthToken.ID).wants(http.StatusOK).has(".page-lead", "Ended on").
		has(".timeline-attention", "an old refresh token was used again").has(".timeline", "Refreshed 1 time")
	b.get(authTokens + "/01arz3ndektsv4rrffq69g5fav").wants(http.StatusNotFound)
}

func TestDeleteAuthTokens_CountsAsksAndDeletesWithReasonAndReclaim(t *testing.T) {
	t.Parallel()
	twice(t, func(t *testing.T, w *world, b *browser) {
		token, secret := w.registrationToken("Rollout", 5)
		ann := w.redeem(secret, "ann", "pc-1")
		bob := w.redeem(secret, "bob", "pc-2")
		gone := w.redeem(secret, "carl", "pc-3")
		must(t, w.service.DeleteAuthToken(t.Context(), w.admin(), gone.AuthToken.ID, "", false))
		ids := url.Values{"id": {ann.AuthToken.ID, bob.AuthToken.ID, gone.AuthToken.ID, ann.AuthToken.ID}}

		page := b.get(authTokens+"/delete?"+ids.Encode()).wants(http.StatusOK).
			has("#confirm-title", "Delete 2 auth tokens of 2 people").has("#confirm", "2 devices").has(".preview", "bob").has("#confirm", "1 of the selected")
		if page.value("expected") != "2" {
			t.Fatalf("expects %q", page.value("expected"))
		}
		page.has("#confirm", "1 of the selected is already deleted and still holds its count")
		form := url.Values{"id": ids["id"], "expected": {"2"}, "late": {page.value("late")}, "reason": {strings.Repeat("x", 501)}, "returnCount": {"true"}}
		again := b.post(authTokens+"/delete", form).wants(http.StatusUnprocessableEntity).has("#reason-error", "at most 500")
		if again.value("reason") != form.Get("reason") || again.doc.Find("[name=returnCount][checked]").Length() != 1 {
			t.Error("what was typed is lost")
		}
		form.Set("reason", "moved to another team")

		// Somebody deletes one of them meanwhile: the numbers no longer fit.
		must(t, w.service.DeleteAuthToken(t.Context(), w.admin(), bob.AuthToken.ID, "", true))
		recounted := b.post(authTokens+"/delete", form).wants(http.StatusConflict).has("#confirm-title", "Delete the auth token of ann")
		if b.htmx {
			recounted.has("#confirm .notice", "changed meanwhile")
		} else { // it stands above the page, once
			recounted.has(".notice", "These are the numbers now").hasNot("#confirm .notice")
		}
		form.Set("expected", recounted.value("expected"))
		after := succeeded(t, b, b.post(authTokens+"/delete", form), authTokens)
		after.has(".notice-success", "1 auth token deleted. 2 counts given back.")
		if used := w.usedCount(token.ID); used != 0 {
			t.Errorf("used count %d, want 0", used)
		}
		deleted, err := w.store.AuthToken(t.Context(), ann.AuthToken.ID)
		must(t, err)
		if deleted.DeleteReason != "moved to another team" || !deleted.CountReclaimed || deleted.DeletedBy != "Nora Lindqvist" {
			t.Errorf("deleted as %+v", deleted)
		}

		form.Set("expected", "0")
		form.Set("late", "0")
		succeeded(t, b, b.post(authTokens+"/delete", form), authTokens).has(".notice-success", "Nothing changed")
	})
}

func TestAuthTokenPage_GivesTheCountBackLater(t *testing.T) {
	t.Parallel()
	twice(t, func(t *testing.T, w *world, b *browser) {
		token, secret := w.registrationToken("Rollout", 5)
		ann := w.redeem(secret, "ann", "pc-1")
		must(t, w.service.DeleteAuthToken(t.Context(), w.admin(), ann.AuthToken.ID, "lost", false))
		self, ask := authTokens+"/"+ann.AuthToken.ID, authTokens+"/delete?id="+ann.AuthToken.ID
		plain := *b
		plain.htmx = false
		plain.get(self).wants(http.StatusOK).has(`.actions a[href="`+ask+`"]`, "Give the count back").has(".timeline", "The count was not given back")
		w.login("helpdesk").get(self).wants(http.StatusOK).hasNot(`.actions a[href="`+ask+`"]`).has(".actions a", "Ask to give its count back…")
		w.login("helpdesk").get(ask).wants(http.StatusForbidden)
		question := b.get(ask).wants(http.StatusOK).has("#confirm-title", "Give back the count of ann?").has(".preview", "pc-1").hasNot(".btn-danger")
		form := question.fields("#confirm")
		succeeded(t, b, b.post(authTokens+"/delete", form), self).has(".notice-success", "1 count given back.").has(".timeline", "The count was given back").hasNot(".actions a")
		if used := w.usedCount(token.ID); used != 0 {
			t.Errorf("used count %d, want 0", used)
		}
		if n := len(w.audited(models.AuditCountReclaimed)); n != 1 {
			t.Errorf("the trail has %d reclaims", n)
		}
		b.get(ask).wants(http.StatusOK).has("#confirm-title", "Nothing to delete")
		if a := b.post(authTokens+"/delete", form); a.status < 400 || a.status >= 500 || w.usedCount(token.ID) != 0 {
			t.Errorf("giving back again: %d, used count %d", a.status, w.usedCount(token.ID))
		}
	})
}

func TestDeleteAuthTokens_OneLeadsBackToIt(t *testing.T) {
	t.Parallel()
	twice(t, func(t *testing.T, w *world, b *browser) {
		token, secret := w.registrationToken("Rollout", 5)
		ann := w.redeem(secret, "ann", "pc-1")
		page := b.get(authTokens+"/delete?id="+ann.AuthToken.ID).wants(http.StatusOK).has("#confirm-title", "ann")
		form := url.Values{"id": {ann.AuthToken.ID}, "expected": {page.value("expected")}}
		succeeded(t, b, b.post(authTokens+"/delete", form), authTokens+"/"+ann.AuthToken.ID).has(".page-lead", "Deleted on")
		if used := w.usedCount(token.ID); used != 1 {
			t.Errorf("used count %d: the count was given back unasked", used)
		}
	})
}

func TestDeleteAuthTokens_NothingSelectedOrUnknown(t *testing.T) {
	t.Parallel()
	twice(t, func(t *testing.T, w *world, b *browser) {
		b.get(authTokens+"/delete").wants(http.StatusOK).has("#confirm", "Select at least one").hasNot("#confirm .btn-danger")
		b.get(authTokens + "/delete?id=01arz3ndektsv4rrffq69g5fav").wants(http.StatusNotFound)
		for name, form := range map[string]url.Values{
			"no ids":            {"expected": {"1"}},
			"blank id":          {"id": {""}, "expected": {"1"}},
			"no number":         {"id": {"01arz3ndektsv4rrffq69g5fav"}},
			"negative number":   {"id": {"01arz3ndektsv4rrffq69g5fav"}, "expected": {"-1"}},
			"odd choice":        {"id": {"01arz3ndektsv4rrffq69g5fav"}, "expected": {"0"}, "returnCount": {"maybe"}},
			"unknown to delete": {"id": {"01arz3ndektsv4rrffq69g5fav"}, "expected": {"1"}},
		} {
			if a := b.post(authTokens+"/delete", form); a.status < 400 || a.status >= 500 {
				t.Errorf("%s: %d", name, a.status)
			}
		}
	})
}

func TestPages_RefuseBodiesThatAreNoForms(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, _ := w.registrationToken("t", 1)
	b := w.login("admin")
	for _, path := range []string{registrationTokens, registrationTokens + "/" + token.ID + "/edit", registrationTokens + "/" + token.ID + "/replace", registrationTokens + "/" + token.ID + "/delete", authTokens + "/delete", "/redeem"} {
		for kind, wanted := range map[string]int{"application/json": http.StatusUnsupportedMediaType, "multipart/form-data; boundary=x": http.StatusUnsupportedMediaType, "/;": http.StatusUnsupportedMediaType} {
			if path == registrationTokens && strings.HasPrefix(kind, "multipart/") {
				wanted = http.StatusBadRequest // it takes files, but this is broken
			}
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.base+path, strings.NewReader(`{"count":1}`))
			must(t, err)
			r.Header.Set("Content-Type", kind)
			b.send(r).wants(wanted)
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.base+path, strings.NewReader("a=%zz;&="))
		must(t, err)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if a := b.send(r); a.status < 400 || a.status >= 500 {
			t.Errorf("%s: %d for a broken form", path, a.status)
		}
		huge := 100 << 10
		if path == registrationTokens {
			huge = 3 << 20 // it takes a list
		}
		if a := b.post(path, url.Values{"note": {strings.Repeat("x", huge)}}); a.status != http.StatusRequestEntityTooLarge {
			t.Errorf("%s: %d for a huge form", path, a.status)
		}
	}
}

func TestEditAuthToken_ChangesLabelsUnlessSomebodyElseDid(t *testing.T) {
	t.Parallel()
	twice(t, func(t *testing.T, w *world, b *browser) {
		_, secret := w.registrationToken("Pilot", 5)
		issued := w.redeem(secret, "ann", "pc1")
		self := authTokens + "/" + issued.AuthToken.ID
		plain := *b
		plain.htmx = false
		plain.get(self).wants(http.StatusOK).has(`a[href="`+self+`/edit"]`, "Edit")
		open := plain.get(self+"/edit").wants(http.StatusOK).has("form", "ann")
		form := url.Values{"version": {open.value("version")}, "identifier": {strings.Repeat("x", 256)}, "refId1": {"PO-7"}}
		b.post(self+"/edit", form).wants(http.StatusUnprocessableEntity).has("#identifier-error", "255")
		form.Set("identifier", "Ann's laptop")
		succeeded(t, b, b.post(self+"/edit", form), self).has(".notice-success", "was changed").has(".facts", "Ann's laptop").has(".facts", "PO-7")
		form.Set("refId1", "PO-8")
		asked := b.post(self+"/edit", form).wants(http.StatusPreconditionFailed).has("[aria-labelledby=conflict-title]", "Nora Lindqvist").
			has("[aria-labelledby=conflict-title] tbody", "Reference 1PO-8PO-7")
		form.Set("version", asked.value("version"))
		succeeded(t, b, b.post(self+"/edit", form), self).has(".facts", "PO-8")
		must(t, w.service.DeleteAuthToken(t.Context(), w.admin(), issued.AuthToken.ID, "lost", false))
		plain.get(self + "/edit").wants(http.StatusConflict)
		w.login("helpdesk").get(self + "/edit").wants(http.StatusForbidden)
		w.login("helpdesk").get(self).wants(http.StatusOK).hasNot(`a[href$="/edit"]`)
	})
}
