package handlers_test

import (
	"errors"
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

// look pastes a text, as a form without script does, and goes where it leads.
func (b *browser) look(text string) *answer {
	b.w.t.Helper()
	posted := b.post("/admin/investigate", url.Values{"query": {text}})
	if posted.leadsTo() == "" {
		b.w.t.Errorf("%.12s… is answered with %d, without an address", text, posted.status)
	}
	return b.follow(posted)
}

// opens is the page that a text leads to.
func (b *browser) opens(text string) string {
	b.w.t.Helper()
	page := b.look(text).wants(http.StatusOK)
	return page.url.RequestURI()
}

func TestInvestigate_SupportCodeOpensExactlyThatAttempt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Tokyo office", 1)
	w.redeem(secret, "ann", "h1")
	refused := func(user, host string) string {
		t.Helper()
		_, err := w.service.Redeem(t.Context(), w.redeemRequest(secret, user, host))
		e, ok := errors.AsType[*models.Error](err)
		if !ok || e.SupportCode == "" {
			t.Fatalf("redeeming a used up token: %v", err)
		}
		return e.SupportCode
	}
	code := refused("bob@example.com", "bob-pc")
	refused("cleo", "cleo-pc")
	for _, account := range []string{"admin", "helpdesk"} {
		b := w.login(account)
		b.get("/admin/investigate").wants(http.StatusOK).has("h1", "Investigate")
		typed := strings.ToLower(strings.ReplaceAll(code, "-", ""))
		found := b.look(" " + typed + " ").wants(http.StatusOK)
		found.has("#attempt-title", code).has(".facts", "bob-pc").has(".facts", "Tokyo office").has(".reason", "Count used up").
			has(`.facts a[href="/admin/registration-tokens/`+token.ID+`"]`, "Tokyo office")
		if strings.Contains(found.text(".facts"), "cleo") {
			t.Error("another attempt is shown too")
		}
		if seen := strings.Contains(found.body, "bob@example.com"); seen != (account == "admin") {
			t.Errorf("%s sees the address: %v", account, seen)
		}
	}
	_, err := w.store.RecordRefusedAttempt(t.Context(), &models.RefusedAttempt{
		ID: unknownID, SupportCode: "ABCD-EFGH", RegistrationTokenID: &token.ID,
		Reason: models.CodeRegistrationTokenExhausted, AttemptedAt: w.clock.Now(), Channel: models.ChannelREST,
	}, models.RefusedCaps{Total: 1000})
	must(t, err)
	b := w.login("helpdesk")
	// A code may hold letters only; so may a name.
	b.look("abcdefgh").wants(http.StatusOK).has("#attempt-title", "ABCD-EFGH")
	missed := b.look("jonathan").wants(http.StatusNotFound).has(".notice", `No attempt has the support code J0NA-THAN, and nothing has the name "jonathan".`)
	if typed := missed.doc.Find("main #find").AttrOr("value", ""); typed != "jonathan" {
		t.Errorf("what was typed is now %q", typed)
	}
	_, lyon := w.registrationToken("Lyon", 1)
	w.redeem(lyon, "jonathan", "h3")
	if to := b.opens("Jonathan"); !strings.HasPrefix(to, "/admin/auth-tokens/0") {
		t.Errorf("a name leads to %s", to)
	}
	b.get("/admin/investigate?code=AAAA-0000").wants(http.StatusNotFound).has(".notice", "No attempt has the support code AAAA-0000.")
	b.get("/admin/investigate?code=%27%20OR%201").wants(http.StatusNotFound)
	w.login("user").get("/admin/investigate?code=" + code).wants(http.StatusForbidden)
	w.browser().get("/admin/investigate?code=" + code).wants(http.StatusSeeOther)
}

func TestInvestigate_RecognisesWhatIsPastedAndKeepsNoSecret(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Lab", 3)
	issued := w.redeem(secret, "ann", "h1")
	w.clock.Advance(time.Minute)
	renewed, err := w.service.Refresh(t.Context(), issued.RefreshToken, models.Origin{IP: "198.51.100.77"})
	must(t, err)
	_, key := w.apiKey(models.ScopeIntrospect)
	b := w.login("helpdesk")
	authToken := "/admin/auth-tokens/" + issued.AuthToken.ID
	for _, c := range []struct{ query, to, says string }{
		{strings.ToUpper(secret.Reveal()), "/admin/registration-tokens/" + token.ID, "You pasted the secret of this registration token."},
		{"http://localhost/redeem#" + secret.Reveal(), "/admin/registration-tokens/" + token.ID, "You pasted the secret of this registration token."},
		{renewed.RefreshToken.Reveal(), authToken, "You pasted the current refresh token of this auth token."},
		{issued.RefreshToken.Reveal(), authToken, "You pasted an old refresh token of this auth token."},
		{renewed.AccessToken.Reveal(), authToken, "You pasted an access token of this auth token."},
		{token.ID, "/admin/registration-tokens/" + token.ID, ""},
		{strings.ToUpper(issued.AuthToken.ID), authToken, ""},
		{issued.AuthToken.RedemptionID, authToken, ""},
		{token.Hint, "/admin/registration-tokens/" + token.ID, ""},
		{"00-53-00-12-34-56", authToken, ""},
		{"198.51.100.77", authToken, ""},
		{"ANN", authToken, ""},
		{"h1", authToken, ""},
		{"LAB", "/admin/registration-tokens/" + token.ID, ""},
	} {
		page := b.look(c.query).wants(http.StatusOK)
		if to := page.url.RequestURI(); to != c.to {
			t.Errorf("%.12s… leads to %q, want %q", c.query, to, c.to)
		}
		if c.says != "" {
			page.has(".notice", c.says)
		}
	}
	w.clock.Advance(testAccessTokenTTL)
	if page := b.look(renewed.AccessToken.Reveal()).wants(http.StatusOK); page.url.Path != authToken {
		t.Errorf("an expired access token leads to %q", page.url.Path)
	} else {
		page.has(".notice", "an expired access token of this auth token").has(".badge", "Live")
	}

	mistyped := secret.Reveal()[:40] + "0" + secret.Reveal()[40:]
	forged := renewed.AccessToken.Reveal()
	forged = forged[:len(forged)-8] + "AAAAAAAA"
	never := guessedSecret()
	for _, c := range []struct{ query, says string }{
		{mistyped, "mistyped or incomplete"},
		{issued.RefreshToken.Reveal()[:60], "mistyped or incomplete"},
		{forged, "this installation did not sign it"},
		{never.Reveal(), "No registration token has this secret"},
		{key.Reveal(), "This is an API key"},
		{"  ", "Paste something first"},
		{"nobody-like-this", "Nothing fits that. It was taken for a person"},
		{unknownID, "Nothing has this id"},
		{strings.Repeat("x", 321), "too long"},
	} {
		page := b.look(c.query).wants(http.StatusNotFound).has(".notice", c.says)
		if len(c.query) > 30 && strings.Contains(page.body, c.query) {
			t.Errorf("the page repeats %.12s…", c.query)
		}
	}
	for _, hidden := range []models.Secret{models.Secret(mistyped), models.Secret(forged), secret, issued.RefreshToken, renewed.RefreshToken, renewed.AccessToken, never, key} {
		if strings.Contains(w.logs.String(), hidden.Reveal()) {
			t.Error("the log holds a secret")
		}
	}
	if looked := w.audited(models.AuditRegistrationTokenLookedUp); len(looked) != 3 {
		t.Errorf("%d look-ups of registration tokens are in the trail, want 3", len(looked))
	}
	if looked := w.audited(models.AuditAuthTokenLookedUp); len(looked) != 5 {
		t.Errorf("%d look-ups of auth tokens are in the trail, want 5", len(looked))
	}
	// Asking was not using: the old refresh token ended nothing.
	if _, err := w.service.Refresh(t.Context(), renewed.RefreshToken, models.Origin{}); err != nil {
		t.Errorf("the auth token ended: %v", err)
	}
}

func TestInvestigate_ShowsSeveralMasked(t *testing.T) {
	t.Parallel()
	twice(t, func(t *testing.T, w *world, admin *browser) {
		_, secret := w.registrationToken("Pilot ada@contoso.example", 2)
		w.registrationToken("Pilot, second wave", 2)
		w.redeem(secret, "ada@contoso.example", "ada-pc.contoso.example")
		w.redeem(secret, "adam", "ada-lab.contoso.example")
		w.turnAway(secret, "ada@contoso.example", "ada-new.contoso.example")
		helpdesk := w.login("helpdesk")
		found := admin.look("ada@contoso.example").wants(http.StatusOK)
		found.has("#found-auth-tokens ~ .card", "ada@contoso.example").has("#found-refused ~ .card", "ada-new.contoso.example")
		masked := helpdesk.look("ADA@contoso.example").wants(http.StatusOK).has("#found-auth-tokens ~ .card", "a…@contoso.example")
		if strings.Contains(masked.text("#main"), "ada@") {
			t.Error("the helpdesk sees the address in full")
		}
		if n := len(w.audited(models.AuditPersonalDataLookedUp)); n != 1 {
			t.Errorf("%d look-ups of personal data in the trail", n)
		}
		// By its beginning an address would be spelt out letter by letter.
		admin.look("ada").wants(http.StatusOK).has("#found-auth-tokens ~ .card", "ada@contoso.example").has("#found-auth-tokens ~ .card", "adam")
		begun := helpdesk.look("ada").wants(http.StatusOK).has("#found-auth-tokens ~ .card", "ada-pc.contoso.example")
		if n := begun.doc.Find("#found-auth-tokens ~ .card tbody tr").Length(); n != 2 {
			t.Errorf("%d auth tokens by the beginning of their hosts", n)
		}
		if to := helpdesk.opens("adam"); !strings.HasPrefix(to, "/admin/auth-tokens/0") {
			t.Errorf("a whole name leads to %q", to)
		}
		if to := helpdesk.look("ada@").wants(http.StatusOK).url.RequestURI(); to != investigate+"?q=ada" {
			t.Errorf("the beginning of an address leads to %s", to)
		}
		helpdesk.look("Pilot").wants(http.StatusOK).has("#found-registration-tokens ~ .card", "Pilot a…@contoso.example").has("#found-registration-tokens ~ .card", "second wave")
		helpdesk.look("Pilot ada").wants(http.StatusNotFound)
		if to := admin.opens("Pilot ada"); !strings.HasPrefix(to, registrationTokens+"/0") {
			t.Errorf("the beginning of a label leads to %q", to)
		}
	})
}

// What reads the same stands in no order of what is hidden, nor is it cut off
// by it.
func TestInvestigate_OrderTellsNothingMasked(t *testing.T) {
	t.Parallel()
	twice(t, func(t *testing.T, w *world, _ *browser) {
		_, secret := w.registrationToken("Lab", 40)
		var newestFirst []string
		for i := range 20 {
			id := w.redeem(secret, "ann", fmt.Sprintf("10.77.%d.%d", i*7%20, 200-i)).AuthToken.ID
			newestFirst = append([]string{id}, newestFirst...)
			w.clock.Advance(time.Second)
		}
		found := w.login("helpdesk").look("10.77").wants(http.StatusOK)
		var got []string
		found.doc.Find(`#found-auth-tokens ~ .card tbody a[href^="/admin/auth-tokens/"]`).Each(func(_ int, link *goquery.Selection) {
			id := strings.TrimPrefix(link.AttrOr("href", ""), "/admin/auth-tokens/")
			if !slices.Contains(got, id) {
				got = append(got, id)
			}
		})
		if len(got) < 10 || !slices.Equal(got, newestFirst[:len(got)]) {
			t.Errorf("%d rows, in another order than newest first: %v, want %v", len(got), got, newestFirst)
		}
	})
}

func TestInvestigate_SaysWhatToTellTheUser(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Tokyo office", 1)
	w.redeem(secret, "ann", "h1")
	refused := func(secret models.Secret) string {
		t.Helper()
		_, err := w.service.Redeem(t.Context(), w.redeemRequest(secret, "bob@example.com", "bob-pc"))
		e, ok := errors.AsType[*models.Error](err)
		if !ok || e.SupportCode == "" {
			t.Fatalf("refused with %v", err)
		}
		return e.SupportCode
	}
	code := refused(secret)
	b := w.login("helpdesk")
	told := func(code, reason, next string) {
		t.Helper()
		page := b.get("/admin/investigate?code="+code).wants(http.StatusOK).has(".facts", "23 Nov 2026, 10:00:00 UTC").
			has("#answer", "Your attempt on 23 Nov 2026, 10:00 UTC (support code "+code+") was turned away: "+reason+".").has("#answer", next)
		if strings.Contains(page.text("#answer"), "bob") {
			t.Error("the answer names somebody")
		}
	}
	told(code, "count used up", "We are looking into it and will write to you")
	count, off, on := 2, false, true
	settings := func(s models.RegistrationTokenSettings) {
		t.Helper()
		_, err := w.service.UpdateRegistrationToken(t.Context(), w.admin(), token.ID, s)
		must(t, err)
	}
	settings(models.RegistrationTokenSettings{Count: &count})
	told(code, "count used up", "please try once more")
	settings(models.RegistrationTokenSettings{Enabled: &off})
	told(code, "count used up", "It is disabled for now")
	settings(models.RegistrationTokenSettings{Enabled: &on})
	_, err := w.service.SetAdmission(t.Context(), w.admin(), token.ID, models.AdmissionSettings{Rules: models.Admission{SignInRequired: true}, Mode: models.ListAdd})
	must(t, err)
	told(code, "count used up", "Please sign in on the page first")
	told(refused(secret), "sign-in required", "Please sign in on the page first")
	mistyped := models.Secret("mrt_" + strings.Repeat("a", 30))
	told(refused(mistyped), "not a valid registration token", "copy all of it again")
	_, _, err = w.service.ReplaceRegistrationToken(t.Context(), w.admin(), token.ID, models.RegistrationTokenSettings{})
	must(t, err)
	told(code, "count used up", "There is a new one in its place")
}

// Whoever holds a working auth token already is told so, and is not asked to
// redeem again.
func TestInvestigate_TellsWhoHoldsOneAlready(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, secret := w.registrationToken("Tokyo office", 1)
	held := w.redeem(secret, "bob@example.com", "bob-pc")
	w.clock.Advance(time.Hour)
	_, err := w.service.Redeem(t.Context(), w.redeemRequest(secret, "bob@example.com", "bob-pc"))
	refusal, ok := errors.AsType[*models.Error](err)
	if !ok {
		t.Fatalf("refused with %v", err)
	}
	page := w.login("helpdesk").get("/admin/investigate?code="+refusal.SupportCode).wants(http.StatusOK).
		has(".reason", "this device holds a live auth token of it already").
		has(`.facts a[href="/admin/auth-tokens/`+held.AuthToken.ID+`"]`, "a live auth token since 23 Nov 2026, 10:00 UTC").
		has(".facts", "Its only count is used, by 1 person on 1 device").
		has("#answer", "You need not redeem it again. This computer received an auth token on 23 Nov 2026, 10:00 UTC")
	if strings.Contains(page.body, "bob@example.com") {
		t.Error("the page shows an e-mail address to the helpdesk")
	}
}
