package handlers_test

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"muster/models"
)

func TestOAuth_UnknownClientsAndTheirSecretsAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Lab", 3)
	issued := w.redeem(secret, "alice", "pc1")
	basic := func(pair string) string { return "Basic " + base64.StdEncoding.EncodeToString([]byte(pair)) }
	calls := map[string]url.Values{
		"/oauth2/token":  {"grant_type": {grant}, "registration_token": {secret.Reveal()}, "fqdn": {"pc2"}},
		"/oauth2/revoke": {"token": {issued.RefreshToken.Reveal()}},
	}
	for path, good := range calls {
		for name, c := range map[string]struct {
			credential string
			more       url.Values
		}{
			"unknown client":           {"", url.Values{"client_id": {"anything"}}},
			"secret of no client":      {"", url.Values{"client_secret": {"x"}}},
			"secret of ours":           {"", url.Values{"client_id": {"muster-device"}, "client_secret": {"x"}}},
			"assertion":                {"", url.Values{"client_id": {"muster-device"}, "client_assertion": {"x"}}},
			"Basic, unknown client":    {basic("anything:"), nil},
			"Basic, secret of ours":    {basic("muster-device:x"), nil},
			"Basic, another in form":   {basic("muster-device:"), url.Values{"client_id": {"other"}}},
			"Basic that is not base64": {"Basic %%%", nil},
			"Basic with a bad escape":  {basic("muster-device%zz:"), nil},
		} {
			form := url.Values{}
			for _, part := range []url.Values{good, c.more} {
				for parameter, values := range part {
					form[parameter] = values
				}
			}
			got := w.script(c.credential).call(http.MethodPost, path, form).oauthRefuses(http.StatusUnauthorized, "invalid_client")
			if challenges := strings.Join(got.header.Values("Www-Authenticate"), ", "); !strings.Contains(challenges, "Basic ") || strings.Contains(challenges, "error=") {
				t.Errorf("%s, %s: challenges %q", path, name, challenges)
			}
		}
		w.script(basic("muster-device:")).call(http.MethodPost, path, good, "Authorization", "Bearer x").oauthRefuses(http.StatusBadRequest, "invalid_request")
	}
	if w.usedCount(token.ID) != 1 {
		t.Error("an unknown client took a count")
	}
	for path, form := range calls {
		w.script(basic("muster-device:")).call(http.MethodPost, path, form).wants(http.StatusOK)
	}
}

func TestOAuth_ScopesAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Lab", 3)
	issued := w.redeem(secret, "alice", "pc1")
	anybody := w.script("")
	refresh := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {issued.RefreshToken.Reveal()}, "scope": {"openid"}}
	redeem := url.Values{"grant_type": {grant}, "registration_token": {secret.Reveal()}, "fqdn": {"pc2"}, "scope": {"a b"}}
	for _, form := range []url.Values{refresh, redeem} {
		anybody.call(http.MethodPost, "/oauth2/token", form).oauthRefuses(http.StatusBadRequest, "invalid_scope")
	}
	if w.usedCount(token.ID) != 1 {
		t.Error("a refused scope took a count")
	}
	refresh.Set("scope", "") // left out (RFC 6749 section 3.2)
	anybody.call(http.MethodPost, "/oauth2/token", refresh).wants(http.StatusOK)
}

func TestOAuth_FormsAreReadInTheEncodingTheyClaim(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anybody := w.script("")
	const form, kind = "token=x", "application/x-www-form-urlencoded"
	for _, good := range []string{kind, kind + "; charset=utf-8", kind + `;charset="UTF-8"`, kind + "; charset=US-ASCII", kind + "; x=y"} {
		if got := anybody.typed("/oauth2/revoke", form, good); got.status != http.StatusOK {
			t.Errorf("%s: %d %s", good, got.status, got.raw)
		}
	}
	for _, bad := range [][]string{
		{kind + "; charset=iso-8859-1"}, {kind + "; charset=utf-16"}, {kind + "; charset"}, {kind, kind}, {kind, "application/json"}, {"application/json; charset=utf-8"},
	} {
		for _, path := range []string{"/oauth2/token", "/oauth2/revoke"} {
			anybody.typed(path, form, bad...).oauthRefuses(http.StatusBadRequest, "invalid_request")
		}
	}
}

// typed posts a body under these Content-Type headers.
func (s *script) typed(path, body string, kinds ...string) *reply {
	s.w.t.Helper()
	r, err := http.NewRequestWithContext(s.w.t.Context(), http.MethodPost, s.w.base+path, strings.NewReader(body))
	must(s.w.t, err)
	r.Header["Content-Type"] = kinds
	return s.send(r)
}

// RFC 6750 section 3.1: error codes are for those who sent a credential.
func TestCredential_ChallengeFitsWhatWasSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, key := w.apiKey(models.ScopeIntrospect)
	const plain, wrong, twice = `Bearer realm="muster"`, `Bearer realm="muster", error="invalid_token"`, `Bearer realm="muster", error="invalid_request"`
	challenged := func(got *reply, status int, want string) {
		t.Helper()
		if challenge := got.wants(status).header.Get("Www-Authenticate"); challenge != want {
			t.Errorf("%s: challenge %q, want %q", got.name, challenge, want)
		}
	}
	for credential, want := range map[string]string{"": plain, "Bearer ": plain, "Token x": plain, "Bearer x": wrong} {
		s := w.script(credential)
		challenged(s.call(http.MethodGet, apiRegs, nil), http.StatusUnauthorized, want)
		challenged(s.call(http.MethodPost, apiAuth, claims(object{"fqdn": "pc1"})), http.StatusUnauthorized, want)
	}
	challenged(w.script("").call(http.MethodPost, "/oauth2/introspect", url.Values{"token": {"x"}}), http.StatusUnauthorized, plain)
	for _, path := range []string{apiRegs, apiAuth, "/oauth2/jwks", "/openapi.json"} {
		challenged(w.script("").call(http.MethodGet, path+"?access_token="+key.Reveal(), nil), http.StatusBadRequest, twice)
	}
	challenged(w.script("").call(http.MethodPost, "/oauth2/introspect?access_token=x", url.Values{"token": {"x"}}), http.StatusBadRequest, twice)
	if _, header := w.browser().bareHeaders(http.MethodGet, "/redeem?token=x"); header.Get("Www-Authenticate") != "" {
		t.Error("a page challenges")
	}
}

// An independent client refreshes without options of ours.
func TestOAuth_XOAuth2Refreshes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, secret := w.registrationToken("Lab", 3)
	ctx := context.WithValue(context.WithoutCancel(t.Context()), oauth2.HTTPClient, w.http.Client())
	for _, id := range []string{"", "muster-device"} {
		issued := w.redeem(secret, "alice", "pc1")
		config := oauth2.Config{ClientID: id, Endpoint: oauth2.Endpoint{TokenURL: w.base + "/oauth2/token"}}
		got, err := config.TokenSource(ctx, &oauth2.Token{RefreshToken: issued.RefreshToken.Reveal(), Expiry: time.Unix(1, 0)}).Token()
		must(t, err)
		if got.TokenType != "Bearer" || got.AccessToken == "" || got.RefreshToken == "" || got.RefreshToken == issued.RefreshToken.Reveal() {
			t.Errorf("client %q: %+v", id, got.TokenType)
		}
	}
}
