package handlers_test

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"muster/handlers/web"
	"muster/models"
)

// redeemedBy redeems through the page and returns the id of the auth token.
func (b *browser) redeemedBy(secret models.Secret, user, host string) string {
	b.w.t.Helper()
	b.post("/redeem", redeemForm(secret, user, host)).wants(http.StatusOK)
	found, err := b.w.store.AuthTokens(b.w.t.Context(), models.AuthTokenFilter{ClaimedIdentity: models.ClaimedIdentity{FQDN: host}}, models.PageRequest{Size: 1}, b.w.clock.Now())
	must(b.w.t, err)
	return found.Items[0].ID
}

// verifiedPerson is who redeemed for that host while signed in.
func (w *world) verifiedPerson(host string) models.VerifiedIdentity {
	w.t.Helper()
	found, err := w.store.AuthTokens(w.t.Context(), models.AuthTokenFilter{ClaimedIdentity: models.ClaimedIdentity{FQDN: host}}, models.PageRequest{}, w.clock.Now())
	must(w.t, err)
	return found.Items[0].VerifiedIdentity
}

func TestMy_IsTheHomeOfEndUsers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.login("user")
	home := b.follow(b.get("/")).wants(http.StatusOK).has("h1", "Your auth tokens").has(".lead", "none yet")
	if home.url.Path != "/my" || home.doc.Find(`main a[href="/redeem"]`).Length() != 1 {
		t.Errorf("the start is %s", home.url.Path)
	}
	home.hasNot(`main a[href="/admin"]`)
	b.get("/admin").wants(http.StatusForbidden).has("h1", "no access to the administration").has(`a[href="/my"]`, "Your auth tokens")
	w.login("helpdesk").get("/my").wants(http.StatusOK).has(`main a[href="/admin"]`, "Administration")

	stranger := w.browser()
	turned := stranger.get("/my").wants(http.StatusSeeOther)
	page := stranger.logInFrom(stranger.do(http.MethodGet, turned.resolve(turned.leadsTo()), nil), "user")
	if page.url.Path != "/my" {
		t.Errorf("signing in leads to %s", page.url.Path)
	}
}

func TestMy_ShowsNothingToAPersonWithoutIssuerOrSubject(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, secret := w.registrationToken("t", 10)
	w.redeem(secret, "emily", "devices.example")
	w.login("user").redeemedBy(secret, "emily", "mine.example")
	user := w.verifiedPerson("mine.example")
	for i, person := range []models.VerifiedIdentity{{}, {Issuer: user.Issuer}, {Subject: user.Subject}} {
		cookie, now := bytes.Repeat([]byte{byte(i)}, 32), w.clock.Now()
		must(t, w.store.CreateSession(t.Context(), &models.Session{
			Digest: web.SecretDigest(cookie), Issuer: person.Issuer, Subject: person.Subject, Name: "Nobody",
			CreatedAt: now, LastActiveAt: now, ExpiresAt: now.Add(time.Hour), CheckAt: new(now.Add(time.Hour)),
		}, models.AuditEvent{ID: "event " + person.Issuer + person.Subject, OccurredAt: now, Action: models.AuditLogin}, models.AuditEvent{}))
		b := w.browser()
		b.plant(sessionCookie, base64.RawURLEncoding.EncodeToString(cookie))
		if page := b.get("/my").wants(http.StatusOK); page.doc.Find(".own").Length() != 0 {
			t.Errorf("%+v sees %s", person, page.doc.Find(".own h2").Text())
		}
	}
}

func TestMy_ShowsOnlyWhatThePersonRedeemed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, secret := w.registrationToken("t", 200)
	user := w.login("user")
	user.redeemedBy(secret, "emily", "mine.example")
	w.login("admin").redeemedBy(secret, "emily", "admins.example")
	w.redeem(secret, "emily", "devices.example")
	other := w.redeemRequest(secret, "emily", "elsewhere.example")
	mine := w.verifiedPerson("mine.example")
	other.Verified = mine
	other.Verified.Issuer = "https://other.example" // same subject and e-mail, another issuer
	_, err := w.service.Redeem(t.Context(), other)
	must(t, err)

	w.clock.Advance(time.Minute)
	page := user.get("/my").wants(http.StatusOK).has(".own h2", "mine.example").has(".own .badge", "Live").has(".own-facts", "emily").has(".own-facts", "1 min ago")
	if n := page.doc.Find(".own").Length(); n != 1 {
		t.Errorf("%d auth tokens are shown", n)
	}
	for i := range 60 {
		request := w.redeemRequest(secret, "emily", "host"+string(rune('a'+i%26))+".example")
		request.Verified = mine
		_, err := w.service.Redeem(t.Context(), request)
		must(t, err)
	}
	first := user.get("/my").wants(http.StatusOK)
	second := user.get(first.doc.Find("a[rel=next]").AttrOr("href", "")).wants(http.StatusOK)
	if a, b := first.doc.Find(".own").Length(), second.doc.Find(".own").Length(); a != 50 || b != 11 {
		t.Errorf("%d and %d auth tokens on the pages", a, b)
	}
	user.get("/my?page=x").wants(http.StatusUnprocessableEntity).has(".notice", "This part of the list is not there any more.")
	user.accepts = "de"
	user.get("/my?page=x").wants(http.StatusUnprocessableEntity).has(".notice", "Diesen Teil der Liste gibt es nicht mehr.").has(".notice", "von Anfang an")
}

func TestMy_DeletesOwnAndNoOthers(t *testing.T) {
	t.Parallel()
	for name, htmx := range map[string]bool{"plain": false, "htmx": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			token, secret := w.registrationToken("t", 5)
			user := w.login("user")
			mine := user.redeemedBy(secret, "emily", "mine.example")
			theirs := w.login("helpdesk").redeemedBy(secret, "hugo", "theirs.example")
			unsigned := w.redeem(secret, "emily", "unsigned.example").AuthToken.ID
			user.htmx = htmx
			for _, id := range []string{theirs, unsigned, unknownID} {
				user.get("/my/auth-tokens/" + id + "/delete").wants(http.StatusNotFound)
				user.post("/my/auth-tokens/"+id+"/delete", nil).wants(http.StatusNotFound)
			}
			self := "/my/auth-tokens/" + mine + "/delete"
			ask := user.get(self).wants(http.StatusOK).has("#confirm h1", "mine.example").has("#confirm", "loses access within 15 min")
			ask.hasNot("[name=returnCount]")
			user.post(self, url.Values{"reason": {strings.Repeat("x", 501)}}).wants(http.StatusUnprocessableEntity).has("#reason-error", "501 characters")
			// A count is given back by administrators only, whatever is sent.
			done := user.follow(user.post(self, url.Values{"reason": {"laptop lost"}, "returnCount": {"true"}})).wants(http.StatusOK)
			if done.url.Path != "/my" {
				t.Errorf("it leads to %s", done.url.Path)
			}
			user.htmx = false
			user.get("/my").has(".own .badge", "Deleted").hasNot(".own a.btn")
			deleted, err := w.store.AuthToken(t.Context(), mine)
			must(t, err)
			if deleted.DeletedAt == nil || deleted.DeleteReason != "laptop lost" || deleted.CountReclaimed || w.usedCount(token.ID) != 3 {
				t.Errorf("deleted %+v, used %d", deleted, w.usedCount(token.ID))
			}
			user.get(self).has("#confirm", "already been deleted")
			user.follow(user.post(self, nil)).has(".notice", "Nothing changed")
			for _, id := range []string{theirs, unsigned} {
				if kept, err := w.store.AuthToken(t.Context(), id); err != nil || kept.DeletedAt != nil {
					t.Errorf("another person's: %+v, %v", kept, err)
				}
			}
			events := w.audited(models.AuditAuthTokenDeleted)
			if len(events) != 1 || events[0].ActorKind != models.ActorPerson || !strings.HasSuffix(events[0].ActorID, deleted.Subject) {
				t.Errorf("the trail has %+v", events)
			}
		})
	}
}

func TestRedeemPage_SigningInStartsByPostAndComesBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, secret := w.registrationToken("t", 1)
	b := w.browser()
	page := b.get("/redeem").wants(http.StatusOK).has(".redeem-who", "Sign in first").has(".redeem-who", "paste the registration token again")
	form := page.doc.Find(".redeem-who form")
	if form.AttrOr("method", "") != "post" || form.AttrOr("action", "") != "/auth/login" || form.Find("[name=registrationToken]").Length() != 0 {
		t.Fatal("signing in does not start by a POST of its own")
	}
	back := b.logInFrom(b.post("/auth/login", url.Values{"return_to": {form.Find("[name=return_to]").AttrOr("value", "")}}), "user").wants(http.StatusOK)
	if back.url.Path != "/redeem" || back.url.RawQuery != "" {
		t.Fatalf("it came back to %s", back.url)
	}
	back.has(".redeem-who", "You are signed in").hasNot(`.redeem-who form`)
	b.post("/redeem", redeemForm(secret, "emily", "mine.example")).wants(http.StatusOK).has(".what-next", "listed under your auth tokens")
	b.get("/my").has(".own h2", "mine.example")

	_, secret = w.registrationToken("t", 1)
	w.browser().post("/redeem", redeemForm(secret, "emily", "pc")).wants(http.StatusOK).hasNot(`.what-next a`)
}
