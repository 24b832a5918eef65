package handlers_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"muster/handlers"
	"muster/models"
)

const grant = "urn:muster:grant-type:registration-token"

// oauthRefuses fails unless the answer is an OAuth error of that status.
func (r *reply) oauthRefuses(status int, code string) *reply {
	r.t.Helper()
	r.wants(status)
	if r.text("error") != code || r.header.Get("Cache-Control") != "no-store" {
		r.t.Errorf("%s: error %q, want %q; Cache-Control %q\n%s", r.name, r.text("error"), code, r.header.Get("Cache-Control"), r.raw)
	}
	return r
}

func TestOAuth_RedeemsByGrant(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Lab", 1)
	anybody := w.script("")
	form := url.Values{
		"grant_type": {grant}, "registration_token": {secret.Reveal()}, "system_user_name": {"alice"},
		"fqdn": {"pc1"}, "mac_address": {"00:53:00:00:00:01"}, "identifier": {"Desk 7"}, "client_id": {"muster-device"},
	}
	key := []string{"Idempotency-Key", "0123456789abcdef"}
	got := anybody.call(http.MethodPost, "/oauth2/token", form, key...).wants(http.StatusOK)
	if got.header.Get("Cache-Control") != "no-store" || got.text("token_type") != "Bearer" || got.number("expires_in") != 900 {
		t.Errorf("answer: %s", got.raw)
	}
	if again := anybody.call(http.MethodPost, "/oauth2/token", form, key...).wants(http.StatusOK); again.header.Get("Idempotency-Replayed") != "true" || again.raw != got.raw {
		t.Errorf("retry: %s", again.raw)
	}
	refused := anybody.call(http.MethodPost, "/oauth2/token", form).oauthRefuses(http.StatusBadRequest, "invalid_grant")
	if refused.text("support_code") == "" || !strings.Contains(refused.text("error_description"), "used up") {
		t.Errorf("refusal: %s", refused.raw)
	}
	form.Del("system_user_name")
	form.Set("fqdn", "a\nb")
	bad := anybody.call(http.MethodPost, "/oauth2/token", form).oauthRefuses(http.StatusBadRequest, "invalid_request")
	if bad.text("support_code") == "" {
		t.Errorf("no support code: %s", bad.raw)
	}
	if w.usedCount(token.ID) != 1 {
		t.Errorf("used count %d", w.usedCount(token.ID))
	}
}

func TestOAuth_TokenEndpointReadsFormsStrictly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Lab", 3)
	issued := w.redeem(secret, "alice", "pc1")
	anybody := w.script("")
	for name, c := range map[string]struct {
		body any
		code string
	}{
		"JSON":              {`{"grant_type":"refresh_token"}`, "invalid_request"},
		"nothing":           {nil, "invalid_request"},
		"no grant":          {url.Values{"refresh_token": {issued.RefreshToken.Reveal()}}, "invalid_request"},
		"unknown grant":     {url.Values{"grant_type": {"password"}}, "unsupported_grant_type"},
		"no token":          {url.Values{"grant_type": {"refresh_token"}}, "invalid_request"},
		"empty token":       {url.Values{"grant_type": {"refresh_token"}, "refresh_token": {""}}, "invalid_request"},
		"twice":             {url.Values{"grant_type": {"refresh_token"}, "refresh_token": {issued.RefreshToken.Reveal(), issued.RefreshToken.Reveal()}}, "invalid_request"},
		"unknown twice":     {url.Values{"grant_type": {"refresh_token"}, "refresh_token": {issued.RefreshToken.Reveal()}, "x": {"1", "2"}}, "invalid_request"},
		"no registration":   {url.Values{"grant_type": {grant}, "fqdn": {"pc1"}}, "invalid_request"},
		"wrong kind":        {url.Values{"grant_type": {"refresh_token"}, "refresh_token": {secret.Reveal()}}, "invalid_grant"},
		"wrong kind, grant": {url.Values{"grant_type": {grant}, "registration_token": {issued.RefreshToken.Reveal()}, "fqdn": {"pc1"}}, "invalid_grant"},
		"no claims":         {url.Values{"grant_type": {grant}, "registration_token": {secret.Reveal()}}, "invalid_request"},
	} {
		t.Run(name, func(t *testing.T) {
			anybody.call(http.MethodPost, "/oauth2/token", c.body).oauthRefuses(http.StatusBadRequest, c.code)
		})
	}
	if got := anybody.call(http.MethodGet, "/oauth2/token", nil).wants(http.StatusMethodNotAllowed); !strings.Contains(got.header.Get("Allow"), http.MethodPost) {
		t.Errorf("Allow %q", got.header.Get("Allow"))
	}
	if w.usedCount(token.ID) != 1 {
		t.Error("a malformed request took a count")
	}
	anybody.call(http.MethodPost, "/oauth2/token", url.Values{"grant_type": {"refresh_token"}, "refresh_token": {issued.RefreshToken.Reveal()}}).wants(http.StatusOK)
}

func TestOAuth_ReuseOfARefreshTokenEndsTheFamily(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, secret := w.registrationToken("Lab", 3)
	issued := w.redeem(secret, "alice", "pc1")
	refresh := func(secret string) *reply {
		return w.script("").call(http.MethodPost, "/oauth2/token", url.Values{"grant_type": {"refresh_token"}, "refresh_token": {secret}})
	}
	first := refresh(issued.RefreshToken.Reveal()).wants(http.StatusOK)
	second := refresh(first.text("refresh_token")).wants(http.StatusOK)
	refresh(issued.RefreshToken.Reveal()).oauthRefuses(http.StatusBadRequest, "invalid_grant")
	refresh(second.text("refresh_token")).oauthRefuses(http.StatusBadRequest, "invalid_grant")
	if got := w.as("admin").call(http.MethodGet, apiAuth+"/"+issued.AuthToken.ID, nil); got.text("authToken.state") != "ended" {
		t.Errorf("state: %s", got.raw)
	}
}

func TestOAuth_IntrospectionNeedsAKeyWithItsScope(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, secret := w.registrationToken("Lab", 3)
	issued := w.redeem(secret, "alice", "pc1")
	key, keySecret := w.apiKey(models.ScopeIntrospect)
	form := url.Values{"token": {issued.AccessToken.Reveal()}, "token_type_hint": {"anything"}}
	basic := func(id, secret string) string {
		return "Basic " + base64.StdEncoding.EncodeToString([]byte(id+":"+secret))
	}
	for _, credential := range []string{"Bearer " + keySecret.Reveal(), basic(key.ID, keySecret.Reveal())} {
		got := w.script(credential).call(http.MethodPost, "/oauth2/introspect", form).wants(http.StatusOK)
		if got.at("active") != true || got.text("sub") != issued.AuthToken.ID || got.text("iss") != w.base || got.text("client_id") != "muster-device" ||
			got.text("token_type") != "Bearer" || got.number("exp")-got.number("iat") != 900 || got.text("jti") == "" {
			t.Errorf("introspection: %s", got.raw)
		}
	}
	for name, credential := range map[string]string{
		"none": "", "provider token": "Bearer " + w.accessToken("admin"), "wrong id": basic(unknownID, keySecret.Reveal()),
		"bare basic": "Basic " + keySecret.Reveal(), "no colon": "Basic " + base64.StdEncoding.EncodeToString([]byte("x")),
		"registration token": "Bearer " + secret.Reveal(), "itself": "Bearer " + issued.AccessToken.Reveal(),
	} {
		for _, body := range []any{form, nil, `{}`} {
			got := w.script(credential).call(http.MethodPost, "/oauth2/introspect", body).oauthRefuses(http.StatusUnauthorized, "invalid_client")
			if got.header.Get("Www-Authenticate") == "" {
				t.Errorf("%s: no challenge", name)
			}
		}
	}
	w.withKey(models.ScopeAuthTokensRead).call(http.MethodPost, "/oauth2/introspect", form).oauthRefuses(http.StatusForbidden, "insufficient_scope")

	asker := w.script("Bearer " + keySecret.Reveal())
	asker.call(http.MethodPost, "/oauth2/introspect", form, "Authorization", "Bearer "+keySecret.Reveal()).oauthRefuses(http.StatusBadRequest, "invalid_request")
	twice := url.Values{"token": {"x"}, "access_token": {keySecret.Reveal()}}
	asker.call(http.MethodPost, "/oauth2/introspect", twice).oauthRefuses(http.StatusBadRequest, "invalid_request")
	asker.call(http.MethodPost, "/oauth2/introspect", url.Values{}).oauthRefuses(http.StatusBadRequest, "invalid_request")
	asker.call(http.MethodPost, "/oauth2/introspect", `{"token":"x"}`).oauthRefuses(http.StatusBadRequest, "invalid_request")
	for _, dead := range []string{"x", secret.Reveal(), keySecret.Reveal(), issued.AccessToken.Reveal() + "x", strings.Repeat("a", 9000)} {
		if got := asker.call(http.MethodPost, "/oauth2/introspect", url.Values{"token": {dead}}).wants(http.StatusOK); strings.TrimSpace(got.raw) != `{"active":false}` {
			t.Errorf("inactive: %s", got.raw)
		}
	}
}

func TestOAuth_RevokeDeletesTheAuthToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, secret := w.registrationToken("Lab", 3)
	anybody, admin := w.script(""), w.as("admin")
	for _, which := range []string{"access", "refresh"} {
		issued := w.redeem(secret, "alice", "pc1")
		token := issued.AccessToken
		if which == "refresh" {
			token = issued.RefreshToken
		}
		for range 2 {
			if got := anybody.call(http.MethodPost, "/oauth2/revoke", url.Values{"token": {token.Reveal()}}).wants(http.StatusOK); got.raw != "" {
				t.Errorf("body: %s", got.raw)
			}
		}
		if got := admin.call(http.MethodGet, apiAuth+"/"+issued.AuthToken.ID, nil); got.text("authToken.state") != "deleted" {
			t.Errorf("%s: %s", which, got.raw)
		}
	}
	anybody.call(http.MethodPost, "/oauth2/revoke", url.Values{"token": {"x"}}).wants(http.StatusOK)
	anybody.call(http.MethodPost, "/oauth2/revoke", url.Values{"token": {secret.Reveal()}}).wants(http.StatusOK)
	for _, bad := range []any{nil, url.Values{}, url.Values{"token": {""}}, url.Values{"token": {"x", "y"}}, `{"token":"x"}`} {
		anybody.call(http.MethodPost, "/oauth2/revoke", bad).oauthRefuses(http.StatusBadRequest, "invalid_request")
	}
}

func TestOAuth_MetadataNamesWhatThereIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anybody := w.script("")
	got := anybody.call(http.MethodGet, "/.well-known/oauth-authorization-server", nil).wants(http.StatusOK)
	if got.text("issuer") != w.base {
		t.Errorf("issuer %s", got.text("issuer"))
	}
	for _, name := range []string{"token_endpoint", "introspection_endpoint", "revocation_endpoint", "jwks_uri"} {
		path, ok := strings.CutPrefix(got.text(name), w.base)
		if !ok {
			t.Errorf("%s is %q", name, got.text(name))
			continue
		}
		if !slices.ContainsFunc(w.server.Routes(), func(r handlers.Route) bool { return r.Path == path }) {
			t.Errorf("%s names %s, which there is not", name, path)
		}
	}
	if keys := anybody.call(http.MethodGet, "/oauth2/jwks", nil).wants(http.StatusOK).rows("keys"); len(keys) != 1 || keys[0]["d"] != nil || keys[0]["alg"] != "ES256" {
		t.Errorf("keys: %v", keys)
	}
}

func TestOAuth_FailingDatabaseIs503(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, secret := w.registrationToken("Lab", 3)
	issued := w.redeem(secret, "alice", "pc1")
	must(t, w.store.Close())
	anybody := w.script("")
	for path, form := range map[string]url.Values{
		"/oauth2/revoke": {"token": {issued.RefreshToken.Reveal()}},
		"/oauth2/token":  {"grant_type": {"refresh_token"}, "refresh_token": {issued.RefreshToken.Reveal()}},
	} {
		if got := anybody.call(http.MethodPost, path, form).oauthRefuses(http.StatusServiceUnavailable, "temporarily_unavailable"); got.header.Get("Retry-After") == "" {
			t.Errorf("%s: no Retry-After", path)
		}
	}
	w.script("Bearer "+secret.Reveal()).call(http.MethodPost, apiAuth, claims(object{"fqdn": "pc1"})).refuses(http.StatusServiceUnavailable, models.CodeUnavailable)
}
