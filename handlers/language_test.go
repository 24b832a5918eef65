package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"muster/models"
	"muster/views/words"
)

// speaking makes the browser ask for a language.
func (b *browser) speaking(acceptLanguage string) *browser {
	b.accepts = acceptLanguage
	return b
}

func (a *answer) speaks() string { return a.doc.Find("html").AttrOr("lang", "") }

func TestLanguage_FollowsTheBrowserUntilOneIsChosen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser().speaking("de-AT,de;q=0.9,en;q=0.5")
	page := b.get("/redeem").wants(http.StatusOK).has("h1", "abholen").has(".languages [aria-current]", "Deutsch")
	if page.speaks() != "de" || !strings.Contains(strings.Join(page.header.Values("Vary"), ","), "Accept-Language") {
		t.Errorf("the page speaks %q, Vary %q", page.speaks(), page.header.Values("Vary"))
	}
	b.get("/").wants(http.StatusOK).has("h1", "Willkommen")
	link := page.doc.Find(`.languages a[lang="ja"]`).AttrOr("href", "")
	if page := b.get(link).wants(http.StatusOK).has("h1", "認証トークンを取得する"); page.speaks() != "ja" {
		t.Errorf("the page speaks %q", page.speaks())
	}
	b.get("/redeem").wants(http.StatusOK).has("h1", "認証トークンを取得する")
	b.get("/redeem?lang=xx").wants(http.StatusOK).has("h1", "認証トークンを取得する")
	b.get("/redeem?lang=en").wants(http.StatusOK).has("h1", "Get your auth token")
	// What is English says so, whatever was chosen.
	b.get("/redeem?lang=fr").has("h1", "Obtenir votre jeton")
	if page := b.get("/nowhere").wants(http.StatusNotFound).has("h1", "Nothing here"); page.speaks() != "en" {
		t.Errorf("the error page speaks %q", page.speaks())
	}
	if page := b.post("/redeem", url.Values{"registrationToken": {strings.Repeat("x", 3<<20)}}).wants(http.StatusRequestEntityTooLarge); page.speaks() == "fr" && strings.Contains(page.body, "too large") {
		t.Error("English is said to be French")
	}
}

func TestLanguage_RefusalsAndMistakesAreToldInIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
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
	_, good := w.registrationToken("good", 100)
	w.clock.Advance(2 * time.Hour)

	refused := map[string]models.Secret{
		"expired": expired, "exhausted": exhausted, "disabled": disabled, "replaced": replaced,
		"mistyped": good[:len(good)-1], "invalid": "hello",
	}
	for _, l := range words.Languages() {
		ctx := words.In(t.Context(), l.Code)
		b := w.browser().speaking(l.Code)
		for kind, secret := range refused {
			page := b.post("/redeem", redeemForm(secret, "ann", "pc"))
			page.has(".outcome-refused h1", words.Say(ctx, "refusal."+kind+".heading")).has(".what-next", words.Say(ctx, "refusal."+kind+".next"))
			if date := page.text(".outcome-refused p"); strings.Contains(date, "{{") || strings.Contains(date, "<no value>") || date == "" {
				t.Errorf("%s, %s: %q", l.Code, kind, date)
			}
			if page.speaks() != l.Code || len(page.text("#support-code")) != 9 {
				t.Errorf("%s, %s: speaks %q, support code %q", l.Code, kind, page.speaks(), page.text("#support-code"))
			}
		}
		mistakes := redeemForm(good, strings.Repeat("x", 321), "a\u202eb")
		mistakes.Set("macAddress", " \u200b")
		mistakes.Set("identifier", good.Reveal())
		page := b.post("/redeem", mistakes).wants(http.StatusUnprocessableEntity).has("[role=alert]", words.Count(ctx, "form.attention", 4))
		for field, rule := range map[string]string{"systemUserName": "too_long", "fqdn": "control", "macAddress": "blank", "identifier": "secret"} {
			page.has("#"+field+"-error", words.Say(ctx, "rule."+rule, words.Data{"Field": words.Say(ctx, "field."+field), "Length": 321, "Limit": 320}))
		}
		b.post("/redeem", nil).wants(http.StatusUnprocessableEntity).
			has("#registrationToken-error", words.Say(ctx, "rule.token_missing")).has("#systemUserName-error", words.Say(ctx, "rule.identity_missing"))
		b.post("/redeem", redeemForm(good, "ann", "pc-"+l.Code)).wants(http.StatusOK).
			has("#redeem h1", words.Say(ctx, "result.title")).hasNot(".languages")
	}
}

func TestLanguage_OwnAuthTokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, secret := w.registrationToken("t", 1)
	b := w.login("user").speaking("de")
	b.post("/redeem", redeemForm(secret, "emily", "mine.example")).wants(http.StatusOK).has(".what-next a", "Ihre Authentifizierungstoken")
	w.clock.Advance(20 * time.Minute)
	page := b.get("/my").wants(http.StatusOK).has("h1", "Ihre Authentifizierungs\u00adtoken").has(".own .badge", "Gültig").has(".own-facts", "vor 20 Min.")
	self := page.doc.Find(".own a.btn").AttrOr("href", "")
	b.get(self).wants(http.StatusOK).has("#confirm h1", "Das Authentifizierungstoken von mine.example löschen?")
	b.post(self, url.Values{"reason": {strings.Repeat("x", 501)}}).wants(http.StatusUnprocessableEntity).has("#reason-error", "Der Grund hat 501 Zeichen")
	b.follow(b.post(self, nil)).wants(http.StatusOK).has(".notice", "gelöscht").has(".own .badge", "Gelöscht")
}
