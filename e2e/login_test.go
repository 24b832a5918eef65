package e2e

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"muster/internal/rp/rptest"
)

var ways = map[string]look{"with JavaScript": desktop, "without JavaScript": {width: 390, height: 844, noScript: true}}

// A provider whose addresses lie on several origins, with another one on the way: forms
// would stop at the second.
func TestLogin_ProviderOnSeveralOrigins(t *testing.T) {
	t.Parallel()
	var loggedOut atomic.Int64
	base, _ := startProduction(t, func(string) []string {
		idp := rptest.New(t, time.Now)
		own, err := url.Parse(idp.URL)
		if err != nil {
			t.Fatal(err)
		}
		relay := func() *httptest.Server { return overTLS(t, httputil.NewSingleHostReverseProxy(own)) }
		broker, tokens := relay(), relay()
		authorize := overTLS(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, broker.URL+"/authorize?"+r.URL.RawQuery, http.StatusFound)
		}))
		endSession := overTLS(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			loggedOut.Add(1)
			http.Redirect(w, r, r.URL.Query().Get("post_logout_redirect_uri"), http.StatusFound)
		}))
		idp.Set(func(b *rptest.Behaviour) {
			b.Discovery = func(d map[string]any) {
				d["authorization_endpoint"], d["token_endpoint"], d["end_session_endpoint"] = authorize.URL+"/authorize", tokens.URL+"/token", endSession.URL+"/logout"
			}
		})
		return []string{"MUSTER_OIDC_ISSUER=" + idp.URL, "MUSTER_OIDC_CLIENT_ID=" + rptest.ClientID, "MUSTER_OIDC_CLIENT_SECRET=" + rptest.ClientSecret}
	})
	for name, l := range ways {
		t.Run(name, func(t *testing.T) {
			before := loggedOut.Load()
			b := newTrustingBrowser(t, base, l)
			b.open("/redeem")
			b.click(`form[action="/auth/login"] button`)
			b.see("#redeem-who-title", "signed in")
			b.open("/admin/registration-tokens")
			b.see("h1", "Registration tokens")
			b.logsOut()
			if loggedOut.Load() != before+1 {
				t.Error("the provider was not told")
			}
		})
	}
}

// The provider of npm oidc-provider, whose ID token has 200 groups.
func TestLogin_OIDCProvider(t *testing.T) {
	t.Parallel()
	script, err := filepath.Abs(filepath.Join("testdata", "oidc-provider.mjs"))
	if err != nil {
		t.Fatal(err)
	}
	var issuer string
	base, _ := startProduction(t, func(base string) []string {
		address := freeAddress(t)
		front := proxy(t, address)
		issuer = front.URL
		groups := []string{"admin"}
		for range 200 {
			groups = append(groups, "6f1f8f1e-7a55-4d0e-9b0e-1f6f1d2c3b4a")
		}
		settings, err := json.Marshal(map[string]any{
			"issuer": front.URL, "port": strings.TrimPrefix(address, "127.0.0.1:"), "groups": groups,
			"client": map[string]any{
				"client_id": "muster", "client_secret": "of a test, and long enough", "redirect_uris": []string{base + "/auth/callback"},
				"post_logout_redirect_uris": []string{base + "/auth/signed-out"}, "backchannel_logout_uri": base + "/auth/backchannel-logout",
				"token_endpoint_auth_method": "client_secret_post",
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		startProvider(t, "http://"+address, []string{"SETTINGS=" + string(settings), "NODE_EXTRA_CA_CERTS=" + authority(t, front)}, "node", script)
		return []string{
			"MUSTER_OIDC_ISSUER=" + front.URL, "MUSTER_OIDC_CLIENT_ID=muster", "MUSTER_OIDC_CLIENT_SECRET=of a test, and long enough",
		}
	})
	b := newTrustingBrowser(t, base, desktop)
	other := newTrustingBrowser(t, base, look{width: 390, height: 844, noScript: true})
	for name, b := range map[string]*browser{"nora": b, "emily": other} {
		b.allow("favicon", "fonts.googleapis.com") // the provider's own pages
		b.open("/admin/registration-tokens")
		b.fill(`input[name="login"]`, name)
		b.fill(`input[name="password"]`, "x")
		b.click(`button[type="submit"]`)
		b.see("body", "Authorize")
		b.click(`button[type="submit"]`)
		b.see("h1", "Registration tokens")
	}
	b.click(`form[action="/auth/logout"] button`)
	b.see("body", "sign-out")
	b.click(`button[name="logout"]`)
	b.see("h1", "You are logged out")
	b.open("/admin/registration-tokens")
	b.run(chromedp.WaitReady(`input[name="login"]`, chromedp.ByQuery)) // the provider asks again

	other.open("/admin/registration-tokens") // of somebody else
	other.see("h1", "Registration tokens")
	// Who logs out there is logged out here, which the provider says by itself.
	other.run(chromedp.Navigate(issuer + "/session/end"))
	other.click(`button[name="logout"]`)
	other.see("body", "Sign-out Success")
	other.open("/admin/registration-tokens")
	other.run(chromedp.WaitReady(`input[name="login"]`, chromedp.ByQuery))
}

// The example server of github.com/zitadel/oidc. Its issuer is http://localhost.
func TestLogin_ZitadelExampleServer(t *testing.T) {
	t.Parallel()
	server := filepath.Join(t.TempDir(), "zitadel")
	build := exec.Command("go", "build", "-o", server, ".")
	build.Dir, build.Env = "zitadel", append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=readonly")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	base, _ := startProduction(t, func(base string) []string {
		address := freeAddress(t)
		port := strings.TrimPrefix(address, "127.0.0.1:")
		startProvider(t, "http://"+address, []string{"PORT=" + port, "REDIRECT_URI=" + base + "/auth/callback", "AFTER_LOGOUT=" + base + "/auth/signed-out"}, server)
		return []string{
			"MUSTER_OIDC_ISSUER=http://localhost:" + port + "/", "MUSTER_OIDC_CLIENT_ID=web", "MUSTER_OIDC_CLIENT_SECRET=secret",
			"MUSTER_ROLE_CLAIM=preferred_username", "MUSTER_ADMIN_ROLES=test-user@localhost",
		}
	})
	for name, l := range ways {
		t.Run(name, func(t *testing.T) {
			b := newTrustingBrowser(t, base, l)
			b.allow("favicon")
			b.open("/admin/registration-tokens")
			b.fill(`input[name="username"]`, "test-user@localhost")
			b.fill(`input[name="password"]`, "verysecure")
			b.click(`button[type="submit"]`)
			b.see("h1", "Registration tokens")
			b.logsOut()
		})
	}
}
