package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"muster/models"
)

// The three calls of a device, then what an application and an
// administrator do with the token.
func TestJourney_OverREST(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anybody := w.script("")

	idp := anybody.call(http.MethodGet, "/token/api/v5/idpConfigurations", nil).wants(http.StatusOK)
	tokenURL := idp.text("idpConfiguration.tokenEndpoint") + "realms/" + idp.text("idpConfiguration.realm") + "/protocol/openid-connect/token"
	if tokenURL != idp.text("idpConfiguration.tokenUrl") || !strings.HasSuffix(idp.text("idpConfiguration.tokenEndpoint"), "/") {
		t.Fatalf("the parts make %s, the whole is %s", tokenURL, idp.text("idpConfiguration.tokenUrl"))
	}
	response, err := w.http.Client().PostForm(tokenURL, url.Values{
		"grant_type": {"password"}, "client_id": {idp.text("idpConfiguration.clientId")},
		"username": {"admin"}, "password": {"admin"}, "scope": {"openid"},
	})
	must(t, err)
	must(t, response.Body.Close())
	admin := w.as("admin")

	made := admin.call(http.MethodPost, apiRegs, settings(object{"count": "3", "identifier": "Lab", "expirationDate": "2026-12-01"})).wants(http.StatusCreated)
	id, secret := made.text("registrationToken.id"), made.text("registrationToken.token")
	if made.header.Get("Location") != apiRegs+"/"+id || made.header.Get("Cache-Control") != "no-store" {
		t.Errorf("Location %q, Cache-Control %q", made.header.Get("Location"), made.header.Get("Cache-Control"))
	}
	if got := made.text("registrationToken.expirationDate"); got != "2026-12-01T23:59:59Z" {
		t.Errorf("a date means the end of that day, got %s", got)
	}

	app := w.script("Bearer " + secret)
	redeemed := app.call(http.MethodPost, apiAuth, claims(object{"systemUserName": "alice", "fqdn": "pc1.example.org"})).wants(http.StatusCreated)
	authID := redeemed.text("authToken.id")
	if redeemed.number("expires_in") != 900 || redeemed.text("token_type") != "Bearer" {
		t.Errorf("token answer: %s", redeemed.raw)
	}
	if seen := admin.call(http.MethodGet, apiRegs+"/"+id, nil).wants(http.StatusOK); seen.number("registrationToken.usedCount") != 1 || seen.at("registrationToken.token") != nil {
		t.Errorf("after one redemption: %s", seen.raw)
	}

	refresh := func(secret string) *reply {
		return anybody.call(http.MethodPost, "/oauth2/token", url.Values{"grant_type": {"refresh_token"}, "refresh_token": {secret}})
	}
	rotated := refresh(redeemed.text("refresh_token")).wants(http.StatusOK)
	if rotated.text("refresh_token") == redeemed.text("refresh_token") {
		t.Error("the refresh token did not change")
	}

	list := admin.call(http.MethodGet, apiAuth+"?registrationToken="+id, nil).wants(http.StatusOK)
	if rows := list.rows("authTokens.authToken"); len(rows) != 1 || rows[0]["id"] != authID || rows[0]["state"] != "live" {
		t.Fatalf("list: %s", list.raw)
	}
	introspector := w.withKey(models.ScopeIntrospect)
	introspect := func() *reply {
		return introspector.call(http.MethodPost, "/oauth2/introspect", url.Values{"token": {rotated.text("access_token")}}).wants(http.StatusOK)
	}
	if got := introspect(); got.at("active") != true || got.text("sub") != authID {
		t.Fatalf("before the deletion: %s", got.raw)
	}

	admin.call(http.MethodDelete, apiAuth+"/"+authID+"?reason=laptop+lost&returnCount=true", nil).wants(http.StatusNoContent)
	if got := introspect(); strings.TrimSpace(got.raw) != `{"active":false}` {
		t.Errorf("introspection after the deletion: %s", got.raw)
	}
	if got := refresh(rotated.text("refresh_token")).wants(http.StatusBadRequest); got.text("error") != "invalid_grant" {
		t.Errorf("refresh after the deletion: %s", got.raw)
	}
	gone := admin.call(http.MethodGet, apiAuth+"/"+authID, nil).wants(http.StatusOK)
	if gone.text("authToken.state") != "deleted" || gone.text("authToken.deleteReason") != "laptop lost" ||
		gone.text("authToken.deletedBy") != "Nora Lindqvist" || gone.at("authToken.countReclaimed") != true {
		t.Errorf("the trace: %s", gone.raw)
	}
	admin.call(http.MethodDelete, apiAuth+"/"+authID+"?reason=again", nil).wants(http.StatusNoContent)
	if again := admin.call(http.MethodGet, apiAuth+"/"+authID, nil); again.text("authToken.deleteReason") != "laptop lost" {
		t.Errorf("deleting again changed something: %s", again.raw)
	}
	if w.usedCount(id) != 0 {
		t.Error("the count was not given back")
	}
}
