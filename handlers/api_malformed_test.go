package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"muster/models"
)

// malformedBodies are sent to every REST call that reads a body.
var malformedBodies = map[string]string{
	"nothing": "", "spaces": "  \n", "cut": `{"registrationToken":{"count":`, "array": `[]`, "string": `"x"`, "number": `7`, "null": `null`,
	"two values": `{} {}`, "comma": `{"a":1,}`, "twice": `{"registrationToken":{},"registrationToken":{}}`,
	"deep twice": `{"authToken":{"identifier":"a","identifier":"b"}}`, "not UTF-8": "{\"registrationToken\":{\"note\":\"\xc3\x28\"}}",
	"lone surrogate": `{"authToken":{"identifier":"\ud800"}}`, "deep": strings.Repeat(`{"a":`, 3000), "NUL": "\x00", "BOM": "\xef\xbb\xbf{}",
	"comment": "{/**/}", "wrong wrapper": `{"token":{}}`, "flat": `{"count":1,"fqdn":"x"}`, "wrapped null": `{"registrationToken":null,"authToken":null}`,
	"wrapped array": `{"registrationToken":[],"authToken":[]}`, "NUL inside": `{"authToken":{"identifier":"a\u0000"},"registrationToken":{"note":"\u0000","count":1}}`,
	"form": "a=b&c=d", "XML": "<a/>", "empty object": "{}", "proto": `{"__proto__":{"count":1}}`,
}

func TestMalformed_EveryRESTCallAnswersAProblemAndConsumesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Lab", 5)
	issued := w.redeem(secret, "alice", "pc1")
	remedy := models.RequestedRemedy{Kind: models.RemedyRaise, Count: new(1)}
	asked, err := w.service.AskRequest(t.Context(), w.admin(), models.NewRequest{RegistrationTokenID: token.ID, Remedy: remedy, Reason: "more people"})
	must(t, err)
	admin, device := w.as("admin"), w.script("Bearer "+secret.Reveal())
	for _, call := range []struct {
		*script
		method, path string
		emptyIsFine  bool
	}{
		{admin, http.MethodPost, apiRegs, false},
		{admin, http.MethodPatch, apiRegs + "/" + token.ID, false},
		{admin, http.MethodPut, apiRegs + "/" + token.ID, false},
		{admin, http.MethodPost, apiRegs + "/" + token.ID + "/replace", true},
		{admin, http.MethodPost, apiRegs + "/lookup", false},
		{admin, http.MethodPatch, apiAuth + "/" + issued.AuthToken.ID, false},
		{admin, http.MethodPost, apiAuth + "/delete", false},
		{admin, http.MethodPost, apiRequests, false},
		{admin, http.MethodPost, apiRequests + "/" + asked.ID + "/approve", true},
		{admin, http.MethodPost, apiRequests + "/" + asked.ID + "/decline", false},
		{admin, http.MethodPost, apiRegs + "/" + token.ID + "/notes", false},
		{device, http.MethodPost, apiAuth, false},
	} {
		for name, body := range malformedBodies {
			if call.emptyIsFine && (strings.TrimSpace(body) == "" || body == "{}") {
				continue
			}
			got := call.call(call.method, call.path, body)
			if got.status != http.StatusBadRequest && got.status != http.StatusUnprocessableEntity {
				t.Errorf("%s with %s: status %d\n%s", got.name, name, got.status, got.raw)
			}
			if got.header.Get("Content-Type") != "application/problem+json" || got.text("detail") == "" {
				t.Errorf("%s with %s is no problem: %s", got.name, name, got.raw)
			}
		}
	}
	if got, err := w.store.RegistrationToken(t.Context(), token.ID); err != nil || got.UsedCount != 1 || got.ReplacedByID != nil || got.Note != "" {
		t.Errorf("something was consumed or changed: %+v, %v", got, err)
	}
}

func TestMalformed_AddressesAndQueries(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Lab", 5)
	admin := w.as("admin")
	for _, id := range []string{"x", "%00", "..%2f", "%ff", "8zzzzzzzzzzzzzzzzzzzzzzzzz", strings.ToUpper(token.ID), token.ID + "0", strings.Repeat("a", 2000), "'%20OR%201=1"} {
		for _, call := range []struct{ method, path string }{
			{http.MethodGet, apiRegs + "/" + id},
			{http.MethodPatch, apiRegs + "/" + id},
			{http.MethodPut, apiRegs + "/" + id},
			{http.MethodDelete, apiRegs + "/" + id},
			{http.MethodPost, apiRegs + "/" + id + "/replace"},
			{http.MethodGet, apiAuth + "/" + id},
			{http.MethodPatch, apiAuth + "/" + id},
			{http.MethodDelete, apiAuth + "/" + id},
		} {
			if got := admin.call(call.method, call.path, `{"registrationToken":{"count":1},"authToken":{}}`); got.status != http.StatusNotFound || got.text("code") != string(models.CodeNotFound) {
				t.Errorf("%s: status %d\n%s", got.name, got.status, got.raw)
			}
		}
	}
	for _, path := range []string{
		apiRegs, apiAuth, apiRegs + "/" + token.ID, "/token/api/v5/idpConfigurations", "/oauth2/jwks", "/openapi.json", "/healthz",
		"/.well-known/oauth-authorization-server", "/.well-known/openid-configuration",
	} {
		for _, query := range []string{"?token=x", "?identifier=" + secret.Reveal(), "?x=" + strings.ReplaceAll(secret.Reveal(), "_", "%5F")} {
			got := admin.call(http.MethodGet, path+query, nil).wants(http.StatusBadRequest)
			if strings.Contains(got.raw, secret.Reveal()) {
				t.Errorf("%s echoes the secret", got.name)
			}
		}
	}
	for _, call := range []struct{ method, path, allow string }{
		{http.MethodPost, apiRegs + "/" + token.ID, http.MethodPatch},
		{http.MethodPut, apiRegs, http.MethodPost},
		{http.MethodGet, apiRegs + "/" + token.ID + "/replace", http.MethodPost},
		{http.MethodPut, apiAuth, http.MethodGet},
		{http.MethodDelete, "/token/api/v5/idpConfigurations", http.MethodGet},
		{http.MethodGet, "/oauth2/token", http.MethodPost},
		{http.MethodGet, "/oauth2/introspect", http.MethodPost},
		{http.MethodGet, "/oauth2/revoke", http.MethodPost},
		{http.MethodPost, "/oauth2/jwks", http.MethodGet},
	} {
		got := admin.call(call.method, call.path, nil).wants(http.StatusMethodNotAllowed)
		if !strings.Contains(got.header.Get("Allow"), call.allow) {
			t.Errorf("%s: Allow %q lacks %s", got.name, got.header.Get("Allow"), call.allow)
		}
	}
	if got := admin.call(http.MethodGet, "/token/api/v5/nothing", nil).refuses(http.StatusNotFound, models.CodeNotFound); got.text("request_id") == "" {
		t.Error("no request id")
	}
}

func TestMalformed_OAuthFormsAnswerInOAuthWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, key := w.apiKey(models.ScopeIntrospect)
	asker := w.script("Bearer " + key.Reveal())
	for _, path := range []string{"/oauth2/token", "/oauth2/introspect", "/oauth2/revoke"} {
		for _, body := range []string{"", "%zz", "a;b=c", "\x00\xff", "token=%ff%fe&grant_type=%00", strings.Repeat("a=b&", 3000), "=&=&", strings.Repeat("x", 20000)} {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.base+path, strings.NewReader(body))
			must(t, err)
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
			r.Header.Set("Authorization", asker.credential)
			got := asker.send(r)
			harmless := got.status == http.StatusOK && strings.HasPrefix(body, "token=") && path != "/oauth2/token"
			if !harmless && (got.status < 400 || got.status >= 500 || got.text("error") == "") {
				t.Errorf("%s with %.20q: %d %s", path, body, got.status, got.raw)
			}
		}
	}
	form := url.Values{"grant_type": {"urn:muster:grant-type:registration-token"}, "registration_token": {"mrt_x"}, "fqdn": {"\xff"}}
	asker.call(http.MethodPost, "/oauth2/token", form).oauthRefuses(http.StatusBadRequest, "invalid_grant")
}
