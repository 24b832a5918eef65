package handlers_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/coreos/go-oidc/v3/oidc"
)

var documentPaths = []string{"/.well-known/oauth-authorization-server", "/.well-known/openid-configuration", "/oauth2/jwks", "/openapi.json"}

func TestPublicDocuments_AreReadByScriptsOfOtherSitesWithoutACredential(t *testing.T) {
	t.Parallel()
	w := newProductionWorld(t)
	anybody := w.browser()
	open := func(method, path string, want int) http.Header {
		t.Helper()
		status, header := anybody.bareHeaders(method, path)
		if status != want || header.Get("Access-Control-Allow-Origin") != "*" || header.Get("Cross-Origin-Resource-Policy") != "cross-origin" {
			t.Errorf("%s %s is closed to other sites: %d %v", method, path, status, header)
		}
		if header.Get("Access-Control-Allow-Credentials") != "" || len(header.Values("Set-Cookie")) > 0 {
			t.Errorf("%s %s: %v", method, path, header)
		}
		return header
	}
	for _, path := range documentPaths {
		open(http.MethodGet, path, http.StatusOK)
		open(http.MethodHead, path, http.StatusOK)
		open(http.MethodGet, path+"?token=x", http.StatusBadRequest)
		if got := open(http.MethodOptions, path, http.StatusNoContent).Get("Access-Control-Allow-Methods"); got != "GET, HEAD" {
			t.Errorf("OPTIONS %s allows %q", path, got)
		}
	}
	for _, path := range []string{"/", "/redeem", apiRegs, apiAuth, "/oauth2/token", "/oauth2/introspect", "/oauth2/revoke", "/token/api/v5/idpConfigurations", "/.well-known/other", "/readyz"} {
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodOptions} {
			_, header := anybody.bareHeaders(method, path)
			for name := range header {
				if strings.HasPrefix(name, "Access-Control-") {
					t.Errorf("%s %s has %s", method, path, name)
				}
			}
			if policy := header.Get("Cross-Origin-Resource-Policy"); policy != "same-origin" {
				t.Errorf("%s %s: resource policy %q", method, path, policy)
			}
		}
	}
}

func TestOAuth_OneMetadataAtBothAddresses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anybody := w.script("")
	oauth := anybody.call(http.MethodGet, "/.well-known/oauth-authorization-server", nil).wants(http.StatusOK)
	openID := anybody.call(http.MethodGet, "/.well-known/openid-configuration", nil).wants(http.StatusOK)
	if oauth.raw != openID.raw {
		t.Errorf("two documents:\n%s\n%s", oauth.raw, openID.raw)
	}
	// Nobody is signed in here, so nothing about that may be there.
	for _, untrue := range []string{"authorization_endpoint", "userinfo_endpoint", "id_token_signing_alg_values_supported", "subject_types_supported", "scopes_supported"} {
		if openID.at(untrue) != nil {
			t.Errorf("%s is %v", untrue, openID.at(untrue))
		}
	}
}

// An independent client finds the server from its address alone, and verifies what it
// signed.
func TestOAuth_GoOIDCDiscoversAndVerifies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, secret := w.registrationToken("Lab", 1)
	issued := w.redeem(secret, "alice", "pc1")
	ctx := oidc.ClientContext(context.WithoutCancel(t.Context()), w.http.Client())
	provider, err := oidc.NewProvider(ctx, w.base)
	must(t, err)
	if got := provider.Endpoint().TokenURL; got != w.base+"/oauth2/token" {
		t.Errorf("token endpoint %q", got)
	}
	verifier := provider.VerifierContext(ctx, &oidc.Config{ClientID: w.base, SupportedSigningAlgs: []string{oidc.ES256}, Now: w.clock.Now})
	verified, err := verifier.Verify(ctx, issued.AccessToken.Reveal())
	must(t, err)
	if verified.Subject != issued.AuthToken.ID {
		t.Errorf("subject %q", verified.Subject)
	}
}
