package handlers_test

import (
	"encoding/base64"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"muster/models"
)

func TestIntrospection_SaysApartWhatIsReportedAndWhatIsVerified(t *testing.T) {
	t.Parallel()
	onEveryDatabase(t, func(t *testing.T, w *world) {
		_, secret := w.registrationToken("Lab", 3)
		issued := w.redeem(secret, "ceo@contoso.example", "pc1")
		signedIn := w.redeemRequest(secret, "ann", "pc2")
		signedIn.Verified = models.VerifiedIdentity{Issuer: "https://login.example", Subject: "4711", Email: "ann@contoso.example"}
		verified, err := w.service.Redeem(t.Context(), signedIn)
		must(t, err)
		ask := func(s *script, token models.Secret) *reply {
			return s.call(http.MethodPost, "/oauth2/introspect", url.Values{"token": {token.Reveal()}}).wants(http.StatusOK)
		}
		may, masked := w.withKey(models.ScopeIntrospect, models.ScopeAuthTokensRead), w.withKey(models.ScopeIntrospect)

		got := ask(may, issued.AccessToken)
		if got.at("username") != nil || got.at("verified_identity") != nil {
			t.Errorf("a claim is taken for who it is: %s", got.raw)
		}
		want := object{"label": "reported by the device", "system_user_name": "ceo@contoso.example", "fqdn": "pc1", "mac_address": "00:53:00:12:34:56"}
		if claimed, _ := got.at("claimed_identity").(object); !maps.Equal(claimed, want) {
			t.Errorf("claimed: %v", claimed)
		}
		got = ask(may, verified.AccessToken)
		if got.text("claimed_identity.system_user_name") != "ann" || got.text("verified_identity.issuer") != "https://login.example" ||
			got.text("verified_identity.subject") != "4711" || got.text("verified_identity.email") != "ann@contoso.example" {
			t.Errorf("verified: %s", got.raw)
		}
		for _, token := range []models.Secret{issued.AccessToken, verified.AccessToken} {
			if got := ask(masked, token); strings.Contains(got.raw, "ceo@") || strings.Contains(got.raw, "ann@") {
				t.Errorf("shown to a key that may not see personal data: %s", got.raw)
			}
		}
	})
}

func TestIntrospection_RefreshTokenIsActiveOnlyWhenAskedFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, secret := w.registrationToken("Lab", 3)
	issued := w.redeem(secret, "alice", "pc1")
	asker := w.withKey(models.ScopeIntrospect)
	ask := func(token models.Secret, hint string) *reply {
		form := url.Values{"token": {token.Reveal()}, "token_type_hint": {hint}}
		return asker.call(http.MethodPost, "/oauth2/introspect", form).wants(http.StatusOK)
	}
	for _, hint := range []string{"", "access_token", "Refresh_Token", "x"} {
		if got := ask(issued.RefreshToken, hint); strings.TrimSpace(got.raw) != `{"active":false}` {
			t.Errorf("with the hint %q: %s", hint, got.raw)
		}
	}
	got := ask(issued.RefreshToken, "refresh_token")
	if got.at("active") != true || got.text("token_type") != "refresh_token" || got.text("sub") != issued.AuthToken.ID || got.text("iss") != w.base || got.at("aud") != nil {
		t.Errorf("asked for: %s", got.raw)
	}
	// The hint is no more than one (RFC 7009 section 2.1).
	if got := ask(issued.AccessToken, "refresh_token"); got.at("active") != true || got.text("aud") != w.base {
		t.Errorf("access token: %s", got.raw)
	}
}

func TestIntrospection_TakesTheKeyFromTheFormToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, secret := w.registrationToken("Lab", 3)
	issued := w.redeem(secret, "alice", "pc1")
	key, keySecret := w.apiKey(models.ScopeIntrospect)
	powerless, powerlessSecret := w.apiKey(models.ScopeAuthTokensRead)
	form := func(id, secret string) url.Values {
		return url.Values{"token": {issued.AccessToken.Reveal()}, "client_id": {id}, "client_secret": {secret}}
	}
	const introspect = "/oauth2/introspect"
	anybody := w.script("")
	if got := anybody.call(http.MethodPost, introspect, form(key.ID, keySecret.Reveal())).wants(http.StatusOK); got.at("active") != true {
		t.Errorf("in the form: %s", got.raw)
	}
	for name, f := range map[string]url.Values{
		"no secret": form(key.ID, ""), "no id": form("", keySecret.Reveal()), "another id": form(powerless.ID, keySecret.Reveal()),
		"no key": form(key.ID, "x"), "registration token": form(key.ID, secret.Reveal()),
	} {
		got := anybody.call(http.MethodPost, introspect, f).oauthRefuses(http.StatusUnauthorized, "invalid_client")
		if len(got.header.Values("Www-Authenticate")) == 0 || strings.Contains(got.raw, keySecret.Reveal()) {
			t.Errorf("%s: %v %s", name, got.header, got.raw)
		}
	}
	anybody.call(http.MethodPost, introspect, form(powerless.ID, powerlessSecret.Reveal())).oauthRefuses(http.StatusForbidden, "insufficient_scope")
	for _, credential := range []string{"Bearer " + keySecret.Reveal(), "Basic " + base64.StdEncoding.EncodeToString([]byte(key.ID+":"+keySecret.Reveal()))} {
		w.script(credential).call(http.MethodPost, introspect, form(key.ID, keySecret.Reveal())).oauthRefuses(http.StatusBadRequest, "invalid_request")
	}
	methods, _ := anybody.call(http.MethodGet, "/.well-known/oauth-authorization-server", nil).at("introspection_endpoint_auth_methods_supported").([]any)
	if len(methods) != 3 || methods[1] != "client_secret_post" {
		t.Errorf("methods %v", methods)
	}
}
