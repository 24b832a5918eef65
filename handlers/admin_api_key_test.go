package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"muster/models"
	"muster/tokens/secrets"
)

const apiKeysPage = "/admin/api-keys"

// apiKeyForm is the form of the page as opened, with what was typed.
func apiKeyForm(page *answer, typed url.Values) url.Values {
	form := url.Values{"nonce": {page.value("nonce")}, "grant": {"scopes"}, "expiryPreset": {page.value("expiryPreset")}}
	for name, values := range typed {
		form[name] = values
	}
	return form
}

func TestAPIKeys_CreateShowsTheSecretOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.login("admin")
	b.get(apiKeysPage).wants(http.StatusOK).has(".empty", "No API keys yet")
	blank := b.get(apiKeysPage + "/new").wants(http.StatusOK)
	if got := blank.value("expiryPreset"); got != "90d" {
		t.Errorf("the suggested expiry is %q", got)
	}
	form := apiKeyForm(blank, url.Values{"name": {"  Licence server  "}, "scope": {"introspect", "registration-tokens:read"}})
	created := b.post(apiKeysPage, form).wants(http.StatusOK).has("h1", "API key created")
	secret := created.text("#secret")
	if _, err := secrets.Parse(secrets.APIKey, secret); err != nil {
		t.Fatalf("%q is no API key: %v", secret, err)
	}
	if created.header.Get("Cache-Control") != "no-store" || !strings.Contains(created.text("#curl"), secret) {
		t.Error("the answer may be kept, or has no ready command")
	}

	again := b.follow(b.post(apiKeysPage, form).wants(http.StatusSeeOther)).wants(http.StatusOK).has("h1", "already created").has(".notice", "not shown again")
	if strings.Contains(again.body, "mak_") {
		t.Error("the secret is shown twice")
	}
	keys, err := w.store.APIKeys(t.Context())
	must(t, err)
	if len(keys) != 1 || keys[0].Name != "Licence server" || keys[0].ScopeList != "introspect registration-tokens:read" || keys[0].Role != models.RoleNone ||
		!keys[0].ExpiresAt.Equal(w.clock.Now().Add(90*24*time.Hour)) || keys[0].CreatedBy == "" {
		t.Fatalf("made %+v", keys)
	}
	actor, err := w.service.AuthenticateAPIKey(t.Context(), models.Secret(secret), models.Origin{})
	must(t, err)
	if !actor.Can(models.PermissionIntrospect) || actor.Can(models.PermissionRegistrationTokenWrite) {
		t.Errorf("it may %v", actor.Permissions)
	}
	list := b.get(apiKeysPage).has("tbody", "Licence server").has("tbody", "Ask whether a token is live").has("tbody", "See registration tokens").has("tbody", "in 3 months").has("tbody .badge", "Active").has("tbody", "just now")
	if strings.Contains(list.body, "mak_") {
		t.Error("the list shows a secret")
	}
	if events := w.audited(models.AuditAPIKeyCreated); len(events) != 1 || events[0].ActorKind != models.ActorPerson || events[0].ObjectID != keys[0].ID {
		t.Errorf("the trail has %+v", events)
	}
	if strings.Contains(w.logs.String(), secret) {
		t.Error("the log holds the secret")
	}
}

func TestAPIKeys_RolesAndExpiries(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.login("admin")
	for preset, days := range map[string]int{"30d": 30, "90d": 90, "365d": 365, "never": 0} {
		for _, role := range []models.Role{models.RoleAdmin, models.RoleHelpdesk} {
			name := preset + " " + string(role)
			form := apiKeyForm(b.get(apiKeysPage+"/new"), url.Values{"name": {name}, "grant": {string(role)}, "expiryPreset": {preset}})
			b.post(apiKeysPage, form).wants(http.StatusOK)
			keys, err := w.store.APIKeys(t.Context())
			must(t, err)
			for _, key := range keys {
				if key.Name != name {
					continue
				}
				if key.Role != role || (key.ExpiresAt == nil) != (days == 0) || days > 0 && !key.ExpiresAt.Equal(w.clock.Now().AddDate(0, 0, days)) {
					t.Errorf("%s: made %+v", name, key)
				}
			}
		}
	}
	w.clock.Advance(25 * 24 * time.Hour)
	b = w.login("admin")
	b.get(apiKeysPage).has("tbody", "Ends soon").has("tbody", "Everything an administrator may do")
	w.clock.Advance(25 * 24 * time.Hour)
	w.login("admin").get(apiKeysPage).has("tbody .badge-expired", "Expired")
}

func TestAPIKeys_BadInputIsSaidAndMakesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.login("admin")
	for name, c := range map[string]struct {
		typed url.Values
		field string
		says  string
	}{
		"no name":         {url.Values{"name": {" "}, "scope": {"introspect"}}, "name", "Say who or what"},
		"a long name":     {url.Values{"name": {strings.Repeat("x", 256)}, "scope": {"introspect"}}, "name", "256 characters"},
		"a bidi name":     {url.Values{"name": {"a\u202eb"}, "scope": {"introspect"}}, "name", "control character"},
		"nothing ticked":  {url.Values{"name": {"k"}}, "scope", "at least one"},
		"unknown scope":   {url.Values{"name": {"k"}, "scope": {"everything"}}, "scope", "There is no scope"},
		"role and scopes": {url.Values{"name": {"k"}, "grant": {"admin"}, "scope": {"introspect"}}, "scope", "a role already includes them"},
		"unknown role":    {url.Values{"name": {"k"}, "grant": {"root"}}, "grant", "Choose what"},
		"unknown expiry":  {url.Values{"name": {"k"}, "scope": {"introspect"}, "expiryPreset": {"9999d"}}, "expiryPreset", "Choose one"},
	} {
		form := apiKeyForm(b.get(apiKeysPage+"/new"), c.typed)
		page := b.post(apiKeysPage, form).wants(http.StatusUnprocessableEntity)
		if got := page.text("#" + c.field + "-error"); !strings.Contains(got, c.says) {
			t.Errorf("%s: the error of %s is %q", name, c.field, got)
		}
		if got := page.value("name"); got != c.typed.Get("name") {
			t.Errorf("%s: the name came back as %q", name, got)
		}
	}
	b.post(apiKeysPage, url.Values{"name": {"k"}, "grant": {"admin"}, "expiryPreset": {"30d"}, "nonce": {"forged"}}).wants(http.StatusConflict)
	stolen := apiKeyForm(b.get(apiKeysPage+"/new"), url.Values{"name": {"k"}, "grant": {"admin"}})
	w.login("admin").post(apiKeysPage, stolen).wants(http.StatusConflict) // another session's form
	if keys, err := w.store.APIKeys(t.Context()); err != nil || len(keys) != 0 {
		t.Errorf("made %+v, %v", keys, err)
	}
}

func TestAPIKeys_RevokeAsksNamesTheEffectAndEnds(t *testing.T) {
	t.Parallel()
	for name, htmx := range map[string]bool{"plain": false, "htmx": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			key, secret, err := w.service.CreateAPIKey(t.Context(), w.admin(), "<b>Nightly</b>", models.RoleAdmin, nil, nil)
			must(t, err)
			if _, err := w.service.AuthenticateAPIKey(t.Context(), secret, models.Origin{}); err != nil {
				t.Fatal(err)
			}
			b := w.login("admin")
			b.htmx = htmx
			self := apiKeysPage + "/" + key.ID + "/revoke"
			ask := b.get(self).wants(http.StatusOK).has("#confirm h1", "Revoke “<b>Nightly</b>”?").has("#confirm", "refused from its next call on").has("#confirm", "last used")
			if ask.doc.Find("form#confirm").AttrOr("action", "") != self {
				t.Error("the question posts elsewhere")
			}
			b.follow(b.post(self, nil))
			refusal := "was revoked on"
			if _, err := w.service.AuthenticateAPIKey(t.Context(), secret, models.Origin{}); err == nil || !strings.Contains(err.Error(), refusal) {
				t.Errorf("a revoked key: %v", err)
			}
			b.htmx = false
			b.get(apiKeysPage).has(".badge", "Revoked").hasNot("tbody a.btn")
			b.get(self).has("#confirm", "Already revoked").hasNot("form#confirm")
			b.follow(b.post(self, nil)).has(".notice", "Nothing changed")
			if events := w.audited(models.AuditAPIKeyRevoked); len(events) != 1 {
				t.Errorf("%d revocations in the trail", len(events))
			}
			b.get(apiKeysPage + "/nothing/revoke").wants(http.StatusNotFound)
			b.post(apiKeysPage+"/nothing/revoke", nil).wants(http.StatusNotFound)
		})
	}
}

func TestAPIKeys_OnlyForAdministrators(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, account := range []string{"helpdesk", "user"} {
		b := w.login(account)
		b.get(apiKeysPage).wants(http.StatusForbidden)
		b.post(apiKeysPage, url.Values{"name": {"k"}, "grant": {"admin"}}).wants(http.StatusForbidden)
	}
	w.login("admin").get("/admin/audit").has(".rail", "API keys").has(".rail", "Audit")
	helpdesk := w.login("helpdesk").get("/admin/audit").has(".rail", "Audit")
	helpdesk.hasNot(`.rail a[href="/admin/api-keys"]`)
}
