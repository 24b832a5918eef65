package rp_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"muster/internal/rp"
	"muster/internal/rp/rptest"
	"muster/models"
)

// providerAt is a provider as the relying party sees it, without more settings.
func providerAt(tb testing.TB, idp *rptest.Provider, c *clock) *rp.Provider {
	tb.Helper()
	provider, err := rp.New(rp.Config{
		Issuer: idp.URL, ClientID: rptest.ClientID, ClientSecret: rptest.ClientSecret, RedirectURL: rptest.RedirectURL, Audience: rptest.Audience, Now: c.Now,
	})
	if err != nil {
		tb.Fatal(err)
	}
	return provider
}

func TestExchange_ClientProvesItselfAsTheProviderDemands(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		registered string
		listed     []string
		secret     string
	}{
		"nothing listed":        {"", nil, rptest.ClientSecret},
		"both, basic preferred": {"", []string{"client_secret_post", "client_secret_basic", "private_key_jwt"}, rptest.ClientSecret},
		"post alone":            {"client_secret_post", []string{"client_secret_post"}, rptest.ClientSecret},
		"public, listed":        {"none", []string{"client_secret_basic", "none"}, ""},
		"public, not listed":    {"none", []string{"client_secret_post", "private_key_jwt", "client_secret_basic"}, ""},
	} {
		s := start(t, func(cfg *rp.Config) { cfg.ClientSecret = c.secret })
		s.idp.Set(func(b *rptest.Behaviour) {
			b.ClientAuth = c.registered
			if c.listed != nil {
				b.Discovery = func(d map[string]any) { d["token_endpoint_auth_methods_supported"] = c.listed }
			}
		})
		if who, err := s.logIn(t); err != nil || who.Role != models.RoleAdmin {
			t.Errorf("%s: %+v, %v", name, who, err)
		}
		if n := s.idp.Calls("/token"); n != 1 {
			t.Errorf("%s: %d calls of the token endpoint", name, n)
		}
	}
}

func TestExchange_AcceptsEachAsymmetricAlgorithm(t *testing.T) {
	t.Parallel()
	for _, key := range []rptest.Key{rptest.NewECKey(t, "k"), rptest.NewRSAKey(t, "k"), rptest.NewPSSKey(t, "k"), rptest.NewEdKey(t, "k")} {
		s := start(t)
		s.idp.Set(func(b *rptest.Behaviour) {
			b.Keys = []rptest.Key{key}
			b.Discovery = func(d map[string]any) { d["id_token_signing_alg_values_supported"] = []string{key.Algorithm()} }
		})
		if _, err := s.logIn(t); err != nil {
			t.Errorf("%s: %v", key.Algorithm(), err)
		}
		if _, err := s.provider.VerifyAccessToken(t.Context(), s.idp.AccessToken(nil)); err != nil {
			t.Errorf("%s, access token: %v", key.Algorithm(), err)
		}
	}
}

func TestCheck_SaysWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(map[string]any)
		says   string
	}{
		"HS256 alone":     {func(d map[string]any) { d["id_token_signing_alg_values_supported"] = []string{"HS256", "none"} }, "signs ID tokens with HS256, none only"},
		"PAR alone":       {func(d map[string]any) { d["require_pushed_authorization_requests"] = true }, "PAR"},
		"no code flow":    {func(d map[string]any) { d["response_types_supported"] = []string{"id_token"} }, "code flow"},
		"no secret taken": {func(d map[string]any) { d["token_endpoint_auth_methods_supported"] = []string{"private_key_jwt"} }, "only private_key_jwt"},
	} {
		s := start(t)
		s.idp.Set(func(b *rptest.Behaviour) { b.Discovery = c.change })
		if err := s.provider.Check(t.Context()); !errors.Is(err, rp.ErrUnsupported) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
		if who, err := s.logIn(t); err == nil {
			t.Errorf("%s: signed in: %+v", name, who)
		}
	}
	s := start(t)
	if err := s.provider.Check(t.Context()); err != nil {
		t.Error(err)
	}
	down := start(t)
	down.idp.Set(func(b *rptest.Behaviour) { b.Handle = map[string]http.HandlerFunc{wellKnown: jsonAnswer(500, "")} })
	if err := down.provider.Check(t.Context()); err == nil || errors.Is(err, rp.ErrUnsupported) || models.ErrorKind(err) != models.KindUnavailable {
		t.Errorf("a provider that is down: %v", err)
	}
}
