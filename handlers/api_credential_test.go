package handlers_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"muster/models"
)

// Credential first, then body (rule 2): who may not call learns
// nothing of how large a body may be, whether it says so up front or not.
func TestTooLarge_OnlyAfterTheCredential(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Lab", 5)
	issued := w.redeem(secret, "alice", "pc1").AuthToken.ID
	admin, helpdesk, device := w.as("admin"), w.as("helpdesk"), w.script("Bearer "+secret.Reveal())
	nobody := w.script("")
	large := `{"authToken":{"fqdn":"` + strings.Repeat("x", 100<<10) + `"}}`
	send := func(s *script, method, path string, chunked bool) *reply {
		t.Helper()
		var body io.Reader = strings.NewReader(large)
		if chunked {
			body = io.MultiReader(body)
		}
		r, err := http.NewRequestWithContext(t.Context(), method, w.base+path, body)
		must(t, err)
		r.Header.Set("Content-Type", "application/json")
		if s.credential != "" {
			r.Header.Set("Authorization", s.credential)
		}
		return s.send(r)
	}
	for _, call := range []struct {
		method, path string
		may, mayNot  *script
	}{
		{http.MethodPost, apiRegs, admin, helpdesk},
		{http.MethodPatch, apiRegs + "/" + token.ID, admin, helpdesk},
		{http.MethodPut, apiRegs + "/" + token.ID, admin, helpdesk},
		{http.MethodDelete, apiRegs + "/" + token.ID, admin, helpdesk},
		{http.MethodPost, apiRegs + "/" + token.ID + "/replace", admin, helpdesk},
		{http.MethodPost, apiRegs + "/lookup", admin, nil},
		{http.MethodPost, apiAuth + "/delete", admin, helpdesk},
		{http.MethodPatch, apiAuth + "/" + issued, admin, helpdesk},
		{http.MethodDelete, apiAuth + "/" + issued, admin, helpdesk},
		{http.MethodPost, apiAuth, device, nil},
	} {
		for _, chunked := range []bool{false, true} {
			if got := send(nobody, call.method, call.path, chunked); got.status != http.StatusUnauthorized {
				t.Errorf("%s without a credential: %d, want 401", got.name, got.status)
			}
			if call.mayNot != nil {
				send(call.mayNot, call.method, call.path, chunked).refuses(http.StatusForbidden, models.CodeForbidden)
			}
			send(call.may, call.method, call.path, chunked).refuses(http.StatusRequestEntityTooLarge, "too_large")
		}
	}
	for _, chunked := range []bool{false, true} {
		if got := send(nobody, http.MethodPost, "/oauth2/introspect", chunked); got.status != http.StatusUnauthorized {
			t.Errorf("%s without a credential: %d, want 401", got.name, got.status)
		}
	}
	if used := w.usedCount(token.ID); used != 1 {
		t.Errorf("used count %d, want 1", used)
	}
}

// RFC 6750 section 2: a client must not use more than one way to send its
// token in one request.
func TestCredential_TwoAtOnceAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Lab", 5)
	_, key := w.apiKey(models.ScopeRegistrationTokensRead, models.ScopeIntrospect)
	access := w.accessToken("admin")
	admin := w.script("Bearer " + access)
	for name, got := range map[string]*reply{
		"two headers":                admin.call(http.MethodGet, apiRegs, nil, "Authorization", "Bearer "+access),
		"two schemes":                admin.call(http.MethodGet, apiRegs, nil, "Authorization", "Basic eDp5"),
		"header and form":            admin.call(http.MethodPost, apiRegs, url.Values{"access_token": {access}}),
		"two headers, write":         admin.call(http.MethodPost, apiRegs, settings(object{"count": 1}), "Authorization", "Bearer "+access),
		"two headers for redeeming":  w.script("Bearer "+secret.Reveal()).call(http.MethodPost, apiAuth, claims(object{"fqdn": "pc1"}), "Authorization", "Bearer "+secret.Reveal()),
		"header and form, redeeming": w.script("Bearer "+secret.Reveal()).call(http.MethodPost, apiAuth, url.Values{"access_token": {secret.Reveal()}}),
	} {
		if got.status != http.StatusBadRequest || got.text("code") != string(models.CodeInvalidRequest) ||
			!strings.Contains(got.header.Get("Www-Authenticate"), `error="invalid_request"`) {
			t.Errorf("%s: %d %q %s", name, got.status, got.header.Get("Www-Authenticate"), got.raw)
		}
	}
	// Refused on every path before anybody looks who calls.
	if got := admin.call(http.MethodGet, apiRegs+"?access_token="+url.QueryEscape(access), nil); got.status != http.StatusBadRequest {
		t.Errorf("header and query: %d %s", got.status, got.raw)
	}
	asker := w.script("Bearer " + key.Reveal())
	for name, got := range map[string]*reply{
		"two headers":     asker.call(http.MethodPost, "/oauth2/introspect", url.Values{"token": {"x"}}, "Authorization", "Bearer "+key.Reveal()),
		"header and form": asker.call(http.MethodPost, "/oauth2/introspect", url.Values{"token": {"x"}, "access_token": {key.Reveal()}}),
	} {
		if got.oauthRefuses(http.StatusBadRequest, "invalid_request"); got.header.Get("Www-Authenticate") == "" {
			t.Errorf("introspection, %s: no challenge", name)
		}
	}
	if used := w.usedCount(token.ID); used != 0 {
		t.Errorf("used count %d, want 0", used)
	}
}

// RFC 6750 section 3.1: the challenge of a 403 says that the credential is
// good and its rights are too few, so that a client does not fetch another.
func TestCredential_ForbiddenSaysInsufficientScope(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, secret := w.registrationToken("Lab", 5)
	disabled, disabledSecret := w.registrationToken("off", 5)
	admin := w.as("admin")
	admin.call(http.MethodPatch, apiRegs+"/"+disabled.ID, settings(object{"isEnabled": false})).wants(http.StatusOK)
	for _, got := range []*reply{
		w.as("helpdesk").call(http.MethodPost, apiRegs, settings(object{"count": 1})).refuses(http.StatusForbidden, models.CodeForbidden),
		w.withKey(models.ScopeRegistrationTokensRead).call(http.MethodGet, apiAuth, nil).refuses(http.StatusForbidden, models.CodeForbidden),
		w.withKey(models.ScopeAuthTokensRead).call(http.MethodPost, "/oauth2/introspect", url.Values{"token": {secret.Reveal()}}).oauthRefuses(http.StatusForbidden, "insufficient_scope"),
	} {
		if challenge := got.header.Get("Www-Authenticate"); challenge != `Bearer realm="muster", error="insufficient_scope"` {
			t.Errorf("%s: challenge %q", got.name, challenge)
		}
	}
	// A disabled registration token does not lack rights.
	got := w.script("Bearer "+disabledSecret.Reveal()).call(http.MethodPost, apiAuth, claims(object{"fqdn": "pc1"})).
		refuses(http.StatusForbidden, models.CodeRegistrationTokenDisabled)
	if challenge := got.header.Get("Www-Authenticate"); challenge != "" {
		t.Errorf("disabled: challenge %q", challenge)
	}
}

// RFC 6749 section 5.1 asks for both headers wherever a token is answered.
func TestSecrets_AnswersAreKeptByNoCache(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Lab", 5)
	admin, device := w.as("admin"), w.script("Bearer "+secret.Reveal())
	redeemed := device.call(http.MethodPost, apiAuth, claims(object{"fqdn": "pc1"})).wants(http.StatusCreated)
	for _, got := range []*reply{
		redeemed,
		w.script("").call(http.MethodPost, "/oauth2/token", url.Values{"grant_type": {"refresh_token"}, "refresh_token": {redeemed.text("refresh_token")}}).wants(http.StatusOK),
		w.script("").call(http.MethodPost, "/oauth2/token", url.Values{
			"grant_type": {"urn:muster:grant-type:registration-token"}, "registration_token": {secret.Reveal()}, "fqdn": {"pc2"},
		}).wants(http.StatusOK),
		w.script("").call(http.MethodPost, "/oauth2/token", url.Values{"grant_type": {"refresh_token"}, "refresh_token": {"x"}}).oauthRefuses(http.StatusBadRequest, "invalid_grant"),
		admin.call(http.MethodPost, apiRegs, settings(object{"count": 1})).wants(http.StatusCreated),
		admin.call(http.MethodPost, apiRegs+"/"+token.ID+"/replace", nil).wants(http.StatusCreated),
	} {
		if got.header.Get("Cache-Control") != "no-store" || got.header.Get("Pragma") != "no-cache" {
			t.Errorf("%s: Cache-Control %q, Pragma %q", got.name, got.header.Get("Cache-Control"), got.header.Get("Pragma"))
		}
	}
}
