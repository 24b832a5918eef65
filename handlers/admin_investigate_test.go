package handlers_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"muster/models"
)

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
		found := b.follow(b.post("/admin/investigate", url.Values{"query": {" " + typed + " "}})).wants(http.StatusOK)
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
	}, models.RefusedCaps{InAll: 1000})
	must(t, err)
	b := w.login("helpdesk")
	// A code may hold letters only; so may a name.
	b.follow(b.post("/admin/investigate", url.Values{"query": {"abcdefgh"}})).wants(http.StatusOK).has("#attempt-title", "ABCD-EFGH")
	if page := b.follow(b.post("/admin/investigate", url.Values{"query": {"jonathan"}})).wants(http.StatusOK); page.url.Path != "/admin/auth-tokens" {
		t.Errorf("a name leads to %s", page.url)
	}
	b.get("/admin/investigate?code=AAAA-0000").wants(http.StatusNotFound).has(".notice", "no attempt with this support code")
	b.get("/admin/investigate?code=%27%20OR%201").wants(http.StatusNotFound)
	w.login("user").get("/admin/investigate?code=" + code).wants(http.StatusForbidden)
	w.browser().get("/admin/investigate?code=" + code).wants(http.StatusSeeOther)
}

func TestInvestigate_RecognisesWhatIsPastedAndKeepsNoSecret(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Lab", 3)
	issued := w.redeem(secret, "ann", "h1")
	b := w.login("helpdesk")
	ask := func(query string) *answer {
		t.Helper()
		return b.post("/admin/investigate", url.Values{"query": {query}})
	}
	if to := ask(strings.ToUpper(secret.Reveal())).leadsTo(); to != "/admin/registration-tokens/"+token.ID {
		t.Errorf("a registration token leads to %q", to)
	}
	if to := ask("00:53:00:12:34:56").leadsTo(); to != "/admin/auth-tokens?q=00%3A53%3A00%3A12%3A34%3A56" {
		t.Errorf("a MAC address leads to %q", to)
	}
	if to := ask("marcella").leadsTo(); to != "/admin/auth-tokens?q=marcella" {
		t.Errorf("a name leads to %q", to)
	}
	mistyped := secret.Reveal()[:40] + "0" + secret.Reveal()[40:]
	ask(mistyped).wants(http.StatusNotFound).has(".notice", "mistyped or incomplete")
	ask(issued.RefreshToken.Reveal()).wants(http.StatusNotFound).has(".notice", "no registration token")
	ask("  ").wants(http.StatusNotFound).has(".notice", "Paste something first")
	for _, page := range []*answer{ask(mistyped), ask(issued.RefreshToken.Reveal())} {
		for _, hidden := range []string{mistyped, secret.Reveal(), issued.RefreshToken.Reveal()} {
			if strings.Contains(page.body, hidden) {
				t.Error("the page repeats a secret")
			}
		}
	}
	for _, hidden := range []string{mistyped, secret.Reveal(), issued.RefreshToken.Reveal()} {
		if strings.Contains(w.logs.String(), hidden) {
			t.Error("the log holds a secret")
		}
	}
	if looked := w.audited(models.AuditRegistrationTokenLookedUp); len(looked) != 3 {
		t.Errorf("%d look-ups are in the trail, want 3", len(looked))
	}
}
