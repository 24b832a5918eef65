package idp_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"muster/internal/dev/idp"
	"muster/internal/rp"
	"muster/models"
)

func TestInterop_EveryAccountLogsInThroughTheRelyingParty(t *testing.T) {
	t.Parallel()
	h := start(t)
	portal := h.relyingParty(t)
	subjects := map[string]bool{}
	for username, role := range map[string]models.Role{
		"admin": models.RoleAdmin, "helpdesk": models.RoleHelpdesk, "user": models.RoleNone,
	} {
		flow := rp.NewFlow("/admin")
		address, err := portal.AuthCodeURL(t.Context(), flow)
		if err != nil {
			t.Fatal(err)
		}
		back := location(t, h.logIn(t, address, username, username))
		if !strings.HasPrefix(back.String(), h.url+"/auth/callback?") {
			t.Fatalf("sent to %s", back)
		}
		who, err := portal.Exchange(t.Context(), flow, back.Query())
		if err != nil {
			t.Fatalf("%s: %v", username, err)
		}
		if who.Role != role || who.Email != username+"@muster.example" || who.Name == "" || subjects[who.Subject] {
			t.Errorf("%s: %+v", username, who)
		}
		subjects[who.Subject] = true

		// The ID token opens the portal, not REST.
		if _, err := portal.VerifyAccessToken(t.Context(), who.IDToken); models.ErrorKind(err) != models.KindUnauthenticated {
			t.Errorf("ID token on REST: %v", err)
		}
		// A code is spent by its first use.
		if _, err := portal.Exchange(t.Context(), flow, back.Query()); models.ErrorKind(err) != models.KindUnauthenticated {
			t.Errorf("replayed code: %v", err)
		}
		// An expired hint still logs out (the session outlives the token).
		h.add(time.Hour)
		out, ok := portal.LogoutURL(t.Context(), who.IDToken, h.url+"/", "bye")
		if !ok {
			t.Fatal("no logout address")
		}
		if u := location(t, h.do(t, out, nil)); u.String() != h.url+"/?state=bye" {
			t.Errorf("after logout at %s", u)
		}
	}
}

func TestInterop_SubjectsOutliveARestart(t *testing.T) {
	t.Parallel()
	subject := func() string {
		h := start(t)
		answer := object(t, h.do(t, h.path("token"), passwordForm("admin", "admin")), http.StatusOK)
		who, err := h.relyingParty(t).VerifyAccessToken(t.Context(), answer["access_token"].(string))
		if err != nil {
			t.Fatal(err)
		}
		return who.Subject
	}
	if first, second := subject(), subject(); first != second {
		t.Errorf("%s became %s", first, second)
	}
}

func TestInterop_PasswordGrantOpensREST(t *testing.T) {
	t.Parallel()
	h := start(t)
	portal := h.relyingParty(t)
	endpoints, err := portal.Endpoints(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if endpoints.Realm != "muster" || endpoints.TokenEndpointBase != h.url+"/" || endpoints.TokenURL != h.path("token") {
		t.Errorf("%+v", endpoints)
	}
	answer := object(t, h.do(t, endpoints.TokenURL, passwordForm("helpdesk", "helpdesk")), http.StatusOK)
	if answer["token_type"] != "Bearer" || answer["expires_in"] != 300.0 {
		t.Errorf("%v", answer)
	}
	who, err := portal.VerifyAccessToken(t.Context(), answer["access_token"].(string))
	if err != nil {
		t.Fatal(err)
	}
	if who.Role != models.RoleHelpdesk || who.Email != "helpdesk@muster.example" {
		t.Errorf("%+v", who)
	}
	if _, err := portal.VerifyAccessToken(t.Context(), answer["id_token"].(string)); models.ErrorKind(err) != models.KindUnauthenticated {
		t.Errorf("ID token on REST: %v", err)
	}
	info := object(t, h.do(t, h.path("userinfo"), nil, "Authorization", "Bearer "+answer["access_token"].(string)), http.StatusOK)
	if info["sub"] != who.Subject || info["preferred_username"] != "helpdesk" {
		t.Errorf("%v", info)
	}
	h.add(6 * time.Minute)
	if _, err := portal.VerifyAccessToken(t.Context(), answer["access_token"].(string)); models.ErrorKind(err) != models.KindUnauthenticated {
		t.Errorf("expired access token: %v", err)
	}
	if resp := h.do(t, h.path("userinfo"), nil, "Authorization", "Bearer "+answer["access_token"].(string)); resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("UserInfo with an expired token: %d", resp.StatusCode)
	}
}

func TestInterop_TokensOfAnotherRunAreRefused(t *testing.T) {
	t.Parallel()
	one, two := start(t), start(t)
	answer := object(t, one.do(t, one.path("token"), passwordForm("admin", "admin")), http.StatusOK)
	if _, err := two.relyingParty(t).VerifyAccessToken(t.Context(), answer["access_token"].(string)); models.ErrorKind(err) != models.KindUnauthenticated {
		t.Errorf("%v", err)
	}
	// Yet a restart must not break logout.
	q := url.Values{"id_token_hint": {answer["id_token"].(string)}, "client_id": {idp.DevClientID}, "post_logout_redirect_uri": {two.url + "/"}}
	location(t, two.do(t, two.path("logout")+"?"+q.Encode(), nil))
}

func passwordForm(username, password string) url.Values {
	return url.Values{
		"grant_type": {"password"}, "client_id": {idp.DevCLIClientID},
		"username": {username}, "password": {password}, "scope": {"openid"},
	}
}
