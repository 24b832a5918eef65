package handlers_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"muster/models"
)

const redeemFormOf = "form[data-redeem]"

// redeemOnPage fills the form in that the page shows, as a browser without scripts.
func (b *browser) redeemOnPage(secret models.Secret, user string) *answer {
	b.w.t.Helper()
	return b.submit(b.get("/redeem").wants(http.StatusOK), redeemFormOf, url.Values{"registrationToken": {secret.Reveal()}, "systemUserName": {user}})
}

func TestRedeemAgain_ARepeatedFormTakesOneCount(t *testing.T) {
	t.Parallel()
	redeemTwice(t, func(t *testing.T, w *world, b *browser) {
		token, secret := w.registrationToken("t", 5)
		page := b.get("/redeem").wants(http.StatusOK)
		if key := page.value("idempotencyKey"); len(key) < 22 || key == b.get("/redeem").value("idempotencyKey") {
			t.Errorf("the key of the form is %q", key)
		}
		form := redeemForm(secret, "ann", "pc")
		form.Set("idempotencyKey", page.value("idempotencyKey"))
		first := b.post("/redeem", form).wants(http.StatusOK).has("#redeem h1", "ready")
		for range 2 {
			if again := b.post("/redeem", form).wants(http.StatusOK).has("#redeem h1", "again"); again.text("#refresh-token") != first.text("#refresh-token") {
				t.Error("a repeat gave another auth token")
			}
		}
		if used := w.usedCount(token.ID); used != 1 {
			t.Errorf("used %d", used)
		}
	})
}

func TestRedeemAgain_TheBrowserThatRedeemedSeesTheAuthTokenAgain(t *testing.T) {
	t.Parallel()
	redeemTwice(t, func(t *testing.T, w *world, b *browser) {
		token, secret := w.registrationToken("t", 5)
		first := b.redeemOnPage(secret, "ann").wants(http.StatusOK)
		plain := b.copyOf()
		plain.htmx = false
		for range 2 {
			again := plain.get("/redeem").wants(http.StatusOK).has("#redeem h1", "again").has("[data-leave-guard]", "")
			if again.text("#refresh-token") != first.text("#refresh-token") || again.text("#access-token") != first.text("#access-token") {
				t.Error("another auth token is shown")
			}
			if again.header.Get("Cache-Control") != "no-store" || strings.Contains(again.body, secret.Reveal()) {
				t.Error("the page may be kept, or shows the registration token")
			}
		}
		w.browser().get("/redeem").wants(http.StatusOK).hasNot("#refresh-token")
		if used := w.usedCount(token.ID); used != 1 {
			t.Errorf("used %d", used)
		}
		// Another one can be redeemed from there, and is the one that is shown then.
		second := b.redeemOnPage(secret, "bob").wants(http.StatusOK).has("#redeem h1", "ready")
		if plain := b.copyOf(); second.text("#refresh-token") == first.text("#refresh-token") || plain.get("/redeem").text("#refresh-token") != second.text("#refresh-token") {
			t.Error("the second auth token is not the one that is shown")
		}
	})
}

func TestRedeemAgain_EndsWithTheKeptAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	off := false
	for name, end := range map[string]func(token *models.RegistrationToken, refresh models.Secret, b *browser){
		"the auth token was used": func(_ *models.RegistrationToken, refresh models.Secret, _ *browser) {
			_, err := w.service.Refresh(t.Context(), refresh, models.Origin{Channel: models.ChannelREST})
			must(t, err)
		},
		"the registration token was disabled": func(token *models.RegistrationToken, _ models.Secret, _ *browser) {
			_, err := w.service.UpdateRegistrationToken(t.Context(), w.admin(), token.ID, models.RegistrationTokenSettings{Enabled: &off})
			must(t, err)
		},
		"the registration token was deleted": func(token *models.RegistrationToken, _ models.Secret, _ *browser) {
			_, err := w.service.DeleteRegistrationToken(t.Context(), w.admin(), token.ID, models.RegistrationTokenDeletion{})
			must(t, err)
		},
		"the browser was told to forget": func(_ *models.RegistrationToken, _ models.Secret, b *browser) {
			forgot := b.submit(b.get("/redeem"), `form[action="/redeem/forget"]`, nil)
			if to := forgot.leadsTo(); to != "/redeem" {
				t.Errorf("forgetting leads to %q", to)
			}
		},
		"a day has passed": func(*models.RegistrationToken, models.Secret, *browser) { w.clock.Advance(24*time.Hour + time.Second) },
	} {
		token, secret := w.registrationToken(name, 2)
		b := w.browser()
		issued := b.redeemOnPage(secret, "ann").wants(http.StatusOK)
		end(token, models.Secret(issued.text("#refresh-token")), b)
		page := b.get("/redeem").wants(http.StatusOK)
		if page.doc.Find("#refresh-token").Length() != 0 || page.doc.Find(redeemFormOf).Length() != 1 {
			t.Errorf("%s: the auth token is still shown", name)
		}
		attempts, err := w.store.RefusedAttempts(t.Context(), models.RefusedAttemptFilter{RegistrationTokenID: token.ID}, models.PageRequest{})
		must(t, err)
		if used := w.usedCount(token.ID); used != 1 || len(attempts.Items) != 0 {
			t.Errorf("%s: looking took a count or was recorded: used %d, %d refused attempts", name, used, len(attempts.Items))
		}
	}
}

func TestRedeemAgain_IsForWhoeverRedeemed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, secret := w.registrationToken("t", 5)
	b := w.login("user")
	b.redeemOnPage(secret, "emily").wants(http.StatusOK)
	b.get("/redeem").has("#refresh-token", "mrf_")
	b.post("/auth/logout", nil)
	b.get("/redeem").wants(http.StatusOK).hasNot("#refresh-token")
	b.logInFrom(b.get("/auth/login"), "helpdesk")
	b.get("/redeem").wants(http.StatusOK).hasNot("#refresh-token")

	nobody := w.browser()
	nobody.redeemOnPage(secret, "ann").wants(http.StatusOK)
	nobody.logInFrom(nobody.get("/auth/login"), "user")
	nobody.get("/redeem").wants(http.StatusOK).hasNot("#refresh-token")
}

func TestRedeemAgain_TheCookieTellsNothing(t *testing.T) {
	t.Parallel()
	w := newProductionWorld(t)
	_, secret := w.registrationToken("t", 5)
	b := w.browser()
	redeemed := b.redeemOnPage(secret, "ann").wants(http.StatusOK)
	cookies := (&http.Response{Header: redeemed.header}).Cookies()
	if len(cookies) != 1 {
		t.Fatalf("%d cookies", len(cookies))
	}
	c := cookies[0]
	raw, err := base64.RawURLEncoding.DecodeString(c.Value)
	must(t, err)
	if !c.HttpOnly || !c.Secure || c.MaxAge != 0 || !c.Expires.IsZero() || !strings.HasPrefix(c.Name, "__Host-") || len(c.String()) > 1000 {
		t.Errorf("the cookie is %s", c)
	}
	for _, shown := range []string{secret.Reveal(), redeemed.text("#refresh-token")} {
		if strings.Contains(string(raw), shown) || strings.Contains(string(raw), shown[30:60]) || strings.Contains(c.Value, shown[30:60]) {
			t.Error("the cookie holds a secret in clear")
		}
	}
	stranger := w.browser()
	at, err := url.Parse(w.base)
	must(t, err)
	raw[len(raw)/2] ^= 1
	for _, value := range []string{base64.RawURLEncoding.EncodeToString(raw), "x", strings.Repeat("A", 5000)} {
		stranger.client.Jar.SetCookies(at, []*http.Cookie{{Name: c.Name, Value: value, Path: "/", Secure: true}})
		stranger.get("/redeem").wants(http.StatusOK).hasNot("#refresh-token").has(redeemFormOf, "")
	}
}

func TestRedeemAgain_OtherDetailsAreNoRepeat(t *testing.T) {
	t.Parallel()
	redeemTwice(t, func(t *testing.T, w *world, b *browser) {
		token, secret := w.registrationToken("t", 5)
		page := b.get("/redeem")
		refused := b.submit(page, redeemFormOf, url.Values{"registrationToken": {secret.Reveal()[:60]}, "systemUserName": {"ann"}}).wants(http.StatusUnauthorized)
		if key := refused.value("idempotencyKey"); key == "" || key == page.value("idempotencyKey") {
			t.Errorf("after a refusal the key is %q", key)
		}
		form := redeemForm(secret, "ann", "")
		form.Set("idempotencyKey", page.value("idempotencyKey"))
		first := b.post("/redeem", form).wants(http.StatusOK)
		// Back to the filled form, and another name: it is not taken for the first one,
		// and not redeemed unasked either.
		form.Set("systemUserName", "bob")
		said := b.post("/redeem", form).wants(http.StatusUnprocessableEntity).has("form .notice", "other details")
		if w.usedCount(token.ID) != 1 || said.value("systemUserName") != "bob" {
			t.Errorf("used %d, the name is %q", w.usedCount(token.ID), said.value("systemUserName"))
		}
		second := b.submit(said, redeemFormOf, url.Values{"registrationToken": {secret.Reveal()}}).wants(http.StatusOK).has("#redeem h1", "ready")
		if w.usedCount(token.ID) != 2 || second.text("#refresh-token") == first.text("#refresh-token") {
			t.Errorf("used %d", w.usedCount(token.ID))
		}
	})
}
