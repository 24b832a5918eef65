package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"muster/models"
)

// The trail, API keys and a person's own auth tokens, through the forms as
// they are rendered; what they showed once is in no page and no export.
func TestPlainForms_TrailKeysAndOwnAuthTokens(t *testing.T) {
	t.Parallel()
	w := newProductionWorld(t)
	token, secret := w.registrationToken("Lab", 3)
	admin, person := w.login("admin"), w.browser()

	// Sign in from the redeem page, redeem, delete one's own.
	back := person.logInFrom(person.submit(person.get("/redeem"), ".redeem-who form", nil), "user").has(".redeem-who", "You are signed in")
	redeemed := person.submit(back, "form[data-redeem]", url.Values{"registrationToken": {secret.Reveal()}, "systemUserName": {"emily"}, "fqdn": {"mine.example"}}).wants(http.StatusOK)
	shown := []string{secret.Reveal(), redeemed.text("#refresh-token"), redeemed.text("#access-token")}
	list := person.get("/my").wants(http.StatusOK)
	ask := person.get(list.doc.Find(".own a").AttrOr("href", "")).wants(http.StatusOK)
	person.follow(person.submit(ask, "form#confirm", url.Values{"reason": {"laptop lost"}})).wants(http.StatusOK).has(".notice-success", "deleted").has(".own .badge", "Deleted")
	if w.usedCount(token.ID) != 1 {
		t.Error("the count was given back")
	}

	// An API key: made, then revoked.
	created := admin.submit(admin.get(apiKeysPage+"/new"), `main form[method=post]`, url.Values{"name": {"Licence server"}, "scope": {"introspect"}}).wants(http.StatusOK)
	shown = append(shown, created.text("#secret"))
	keys := admin.get(apiKeysPage).wants(http.StatusOK)
	revoke := admin.get(keys.doc.Find("tbody .act a").AttrOr("href", "")).wants(http.StatusOK)
	admin.follow(admin.submit(revoke, "form#confirm", nil)).wants(http.StatusOK).has(".notice-success", "“Licence server” was revoked").has(".badge", "Revoked")

	// The trail: narrowed by its form, and exported as narrowed.
	trail := admin.get(auditPage).wants(http.StatusOK)
	narrowed := admin.submit(trail, `main form[role=search]`, url.Values{"object": {"licence"}, "action": {string(models.AuditAPIKeyRevoked)}}).wants(http.StatusOK)
	if rows := auditRows(narrowed); len(rows) != 1 || rows[0] != "revoked the API key Licence server" {
		t.Errorf("narrowed to %q", rows)
	}
	narrowed.has(".chip", "licence").has(".advanced[open]", "Object")
	export := admin.submit(narrowed, "form.export", nil).wants(http.StatusOK)
	if lines := strings.Count(export.body, "\r\n"); lines != 2 || !strings.Contains(export.body, "revoked the API key Licence server") {
		t.Errorf("exported %d lines:\n%s", lines, export.body)
	}
	whole := admin.submit(admin.get(auditPage), "form.export", nil).wants(http.StatusOK)

	pages := []string{whole.body, w.logs.String(), admin.get(auditPage).body, admin.get(apiKeysPage).body, person.get("/my").body, person.get("/redeem").body}
	for i, page := range pages {
		for _, hidden := range shown {
			if hidden == "" || strings.Contains(page, hidden) {
				t.Errorf("page %d shows a secret, or none was shown once", i)
			}
		}
	}
}
