package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"muster/handlers"
	"muster/models"
	"muster/tokens/secrets"
)

// redeemTwice runs a scenario of the public page plain and with htmx.
func redeemTwice(t *testing.T, scenario func(t *testing.T, w *world, b *browser)) {
	t.Helper()
	for name, htmx := range map[string]bool{"plain": false, "htmx": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			b := w.browser()
			b.htmx = htmx
			scenario(t, w, b)
		})
	}
}

func redeemForm(secret models.Secret, user, host string) url.Values {
	return url.Values{"registrationToken": {secret.Reveal()}, "systemUserName": {user}, "fqdn": {host}}
}

func TestRedeemPage_AnswersEverybodyWithoutRedirect(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, b := range []*browser{w.browser(), w.login("user"), w.login("helpdesk"), w.login("admin")} {
		page := b.get("/redeem").wants(http.StatusOK).has("form[data-redeem] button", "Get auth token")
		if page.header.Get("Cache-Control") != "no-store" {
			t.Error("the page may be kept")
		}
	}
	w.browser().get("/redeem?token=x").wants(http.StatusBadRequest)
}

func TestRedeemPage_GivesTheAuthTokenOnce(t *testing.T) {
	t.Parallel()
	redeemTwice(t, func(t *testing.T, w *world, b *browser) {
		token, secret := w.registrationToken("t", 2)
		page := b.post("/redeem", redeemForm(" "+secret+"\n", " ann ", "ann-pc")).wants(http.StatusOK).has("#redeem h1", "ready")
		refresh, access := page.text("#refresh-token"), page.text("#access-token")
		if _, err := secrets.Parse(secrets.RefreshToken, refresh); err != nil {
			t.Fatalf("%q is no refresh token: %v", refresh, err)
		}
		if strings.Count(access, ".") != 2 || page.header.Get("Cache-Control") != "no-store" {
			t.Errorf("access token %q, %q", access, page.header.Get("Cache-Control"))
		}
		if strings.Contains(page.body, secret.Reveal()) {
			t.Error("the registration token is shown again")
		}
		if _, err := w.service.Refresh(t.Context(), models.Secret(refresh), models.Origin{Channel: models.ChannelREST}); err != nil {
			t.Errorf("the refresh token does not work: %v", err)
		}
		uses, err := w.store.TokenUses(t.Context(), token.ID, models.PageRequest{})
		must(t, err)
		r := uses.Items[0].Redemption
		if r.SystemUserName != "ann" || r.Channel != models.ChannelPage || r.IP != "127.0.0.1" || !r.VerifiedIdentity.IsZero() {
			t.Errorf("recorded %+v", r)
		}
		if strings.Contains(w.logs.String(), refresh) || strings.Contains(w.logs.String(), secret.Reveal()) {
			t.Error("the log holds a secret")
		}
	})
}

func TestRedeemPage_SignedInVisitorIsVerified(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("t", 1)
	w.login("user").post("/redeem", redeemForm(secret, "emily", "")).wants(http.StatusOK)
	uses, err := w.store.TokenUses(t.Context(), token.ID, models.PageRequest{})
	must(t, err)
	if v := uses.Items[0].Redemption.VerifiedIdentity; v.Email != "user@muster.example" || v.Issuer != w.base+"/realms/muster" || v.Subject == "" {
		t.Errorf("verified %+v", v)
	}
	page := w.login("admin").get("/admin/registration-tokens/"+token.ID).has("tbody", "user@muster.example")
	if page.doc.Find(`tbody [role=img][title="verified by sign-in"]`).Length() != 1 {
		t.Error("the use does not say that the person signed in")
	}
}

func TestRedeemPage_SameKeyGivesTheSameAuthToken(t *testing.T) {
	t.Parallel()
	redeemTwice(t, func(t *testing.T, w *world, b *browser) {
		token, secret := w.registrationToken("t", 2)
		form := redeemForm(secret, "ann", "pc")
		form.Set("idempotencyKey", "0123456789abcdef0123456789abcdef")
		first := b.post("/redeem", form).wants(http.StatusOK)
		second := b.post("/redeem", form).wants(http.StatusOK).has("#redeem", "the same one as before")
		if first.text("#refresh-token") != second.text("#refresh-token") || w.usedCount(token.ID) != 1 {
			t.Errorf("used %d", w.usedCount(token.ID))
		}
	})
}

func TestRedeemPage_EveryRefusalSaysWhyAndWhatToDo(t *testing.T) {
	t.Parallel()
	redeemTwice(t, func(t *testing.T, w *world, b *browser) {
		short, one, off := w.clock.Now().Add(time.Hour), 1, false
		_, expired, err := w.service.CreateRegistrationToken(t.Context(), w.admin(), models.RegistrationTokenSettings{Count: &one, ExpiresAt: &short})
		must(t, err)
		_, exhausted := w.registrationToken("used", 1)
		w.redeem(exhausted, "x", "")
		disabledToken, disabled := w.registrationToken("off", 1)
		_, err = w.service.UpdateRegistrationToken(t.Context(), w.admin(), disabledToken.ID, models.RegistrationTokenSettings{Enabled: &off})
		must(t, err)
		replacedToken, replaced := w.registrationToken("replaced", 1)
		_, _, err = w.service.ReplaceRegistrationToken(t.Context(), w.admin(), replacedToken.ID, models.RegistrationTokenSettings{})
		must(t, err)
		deletedToken, deleted := w.registrationToken("deleted", 1)
		_, err = w.service.DeleteRegistrationToken(t.Context(), w.admin(), deletedToken.ID, models.RegistrationTokenDeletion{})
		must(t, err)
		w.clock.Advance(2 * time.Hour)

		cases := map[string]struct {
			secret  models.Secret
			status  int
			heading string
			says    string
			since   string
		}{
			"expired":   {expired, http.StatusGone, "has expired", "23 Nov 2026, 11:00 UTC", "23 Nov 2026, 11:00:00 UTC"},
			"exhausted": {exhausted, http.StatusConflict, "used up", "could be redeemed once", "23 Nov 2026, 10:00:00 UTC"},
			"disabled":  {disabled, http.StatusForbidden, "switched off", "disabled on 23 Nov 2026", "23 Nov 2026, 10:00:00 UTC"},
			"replaced":  {replaced, http.StatusForbidden, "switched off", "replaced on 23 Nov 2026", "23 Nov 2026, 10:00:00 UTC"},
			"deleted":   {deleted, http.StatusUnauthorized, "not known", "not valid", ""},
			"mistyped":  {deleted[:len(deleted)-1], http.StatusUnauthorized, "not known", "mistyped", ""},
			"rubbish":   {"hello", http.StatusUnauthorized, "not known", "not valid", ""},
		}
		for name, c := range cases {
			form := redeemForm(c.secret, "ann", "ann-pc")
			form.Set("macAddress", "00:53:00:aa:bb:cc")
			page := b.post("/redeem", form).wants(c.status).has(".outcome-refused h1", c.heading).has(".outcome-refused", c.says).has(".what-next", "")
			if got := page.doc.Find(".outcome-refused time").AttrOr("title", ""); got != c.since {
				t.Errorf("%s: since %q, want %q", name, got, c.since)
			}
			code := page.text("#support-code")
			if len(code) != 9 {
				t.Errorf("%s: support code %q", name, code)
			}
			if page.value("systemUserName") != "ann" || page.value("macAddress") != "00:53:00:aa:bb:cc" || page.value("registrationToken") != "" || strings.Contains(page.body, c.secret.Reveal()) && c.secret != "hello" {
				t.Errorf("%s: the form came back wrong", name)
			}
			if target := page.header.Get("Hx-Retarget"); (target == "#redeem") != b.htmx {
				t.Errorf("%s: HX-Retarget is %q", name, target)
			}
		}
	})
}

func TestRedeemPage_BadInputIsSaidAndCostsNothing(t *testing.T) {
	t.Parallel()
	redeemTwice(t, func(t *testing.T, w *world, b *browser) {
		token, secret := w.registrationToken("t", 2)
		cases := map[string]struct {
			change map[string]string
			field  string
			says   string
		}{
			"no secret":      {map[string]string{"registrationToken": " "}, "registrationToken", "Paste the registration token"},
			"nobody":         {map[string]string{"systemUserName": "", "fqdn": " "}, "systemUserName", "at least one"},
			"too long":       {map[string]string{"systemUserName": strings.Repeat("x", 321)}, "systemUserName", "The user name has 321 characters"},
			"control":        {map[string]string{"fqdn": "a\x07b"}, "fqdn", "control character"},
			"not UTF-8":      {map[string]string{"identifier": "a\xffb"}, "identifier", "UTF-8"},
			"bidi":           {map[string]string{"macAddress": "\u202e1"}, "macAddress", "control character"},
			"secret in name": {map[string]string{"fqdn": secret.Reveal()}, "fqdn", ""},
		}
		for name, c := range cases {
			form := redeemForm(secret, "ann", "pc")
			for field, value := range c.change {
				form.Set(field, value)
			}
			page := b.post("/redeem", form).wants(http.StatusUnprocessableEntity)
			if got := page.text("#" + c.field + "-error"); got == "" || !strings.Contains(got, c.says) {
				t.Errorf("%s: the error of %s is %q", name, c.field, got)
			}
		}
		form := redeemForm(secret, "ann", "pc")
		form.Set("idempotencyKey", "short")
		b.post("/redeem", form).wants(http.StatusUnprocessableEntity).has("form .notice", "Idempotency-Key")
		b.post("/redeem", url.Values{"registrationToken": {strings.Repeat("m", 20<<10)}}).wants(http.StatusRequestEntityTooLarge)
		if w.usedCount(token.ID) != 0 {
			t.Errorf("used %d", w.usedCount(token.ID))
		}
		longest := strings.Repeat("\u05d0", 320)
		b.post("/redeem", redeemForm(secret, longest, strings.Repeat("w", 320))).wants(http.StatusOK).has(".facts", longest)
	})
}

func TestRedeemPage_GuessesAreLimitedButNeverTheRightSecret(t *testing.T) {
	t.Parallel()
	redeemTwice(t, func(t *testing.T, w *world, b *browser) {
		_, secret := w.registrationToken("t", 1)
		stranger := newWorld(t)
		_, guess := stranger.registrationToken("elsewhere", 1)
		for range 10 {
			b.post("/redeem", redeemForm(guess, "eve", "pc")).wants(http.StatusUnauthorized)
		}
		limited := b.post("/redeem", redeemForm(guess, "eve", "pc")).wants(http.StatusTooManyRequests).has(".outcome-refused h1", "Too many attempts")
		if limited.header.Get("Retry-After") == "" {
			t.Error("Retry-After is missing")
		}
		b.post("/redeem", redeemForm(secret, "ann", "pc")).wants(http.StatusOK)
	})
}

func TestRedeemPage_NamesTheVendorAndWhomToAsk(t *testing.T) {
	t.Parallel()
	w := newProductionWorld(t, func(cfg *handlers.Config) {
		cfg.VendorName, cfg.HelpText = "Contoso Modeling", "Call the service desk: <5555>."
		cfg.VendorLogo = handlers.Logo{Type: "image/svg+xml", Content: []byte("<svg/>")}
	})
	_, secret := w.registrationToken("Lab", 1)
	b := w.browser()
	b.get("/redeem").wants(http.StatusOK).has(".public-head .brand", "Contoso Modeling").has("title", "Contoso Modeling").
		has(".redeem-help", "Call the service desk: <5555>.")
	logo := b.get(b.get("/redeem").doc.Find(".public-head .brand img").AttrOr("src", "")).wants(http.StatusOK)
	if logo.header.Get("Content-Type") != "image/svg+xml" || logo.body != "<svg/>" || !strings.Contains(logo.header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("the logo is %q, %v", logo.body, logo.header)
	}
	b.post("/redeem", redeemForm(secret, "ann", "h1")).wants(http.StatusOK).hasNot(".redeem-help")
	b.post("/redeem", redeemForm(secret, "bob", "h2")).wants(http.StatusConflict).has(".what-next", "Call the service desk: <5555>.")
	plain := newWorld(t).browser()
	plain.get("/vendor-logo").wants(http.StatusNotFound)
	plain.get("/redeem").hasNot(".redeem-help").hasNot(".public-head img").has(".public-head .brand", "Muster")
}
