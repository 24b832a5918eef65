package rp_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"muster/internal/rp"
	"muster/internal/rp/rptest"
	"muster/models"
)

func TestAuthCodeURL_CarriesStateNonceAndPKCE(t *testing.T) {
	t.Parallel()
	s := start(t)
	flow := rp.NewFlow("/admin/audit")
	other := rp.NewFlow("")
	for name, pair := range map[string][2]string{
		"state": {flow.State, other.State}, "nonce": {flow.Nonce, other.Nonce}, "verifier": {flow.Verifier, other.Verifier},
	} {
		if len(pair[0]) < 43 || pair[0] == pair[1] {
			t.Errorf("%s %q is too short or not fresh", name, pair[0])
		}
	}
	address, err := s.provider.AuthCodeURL(t.Context(), flow)
	if err != nil {
		t.Fatal(err)
	}
	u, _ := url.Parse(address)
	q := u.Query()
	for name, want := range map[string]string{
		"response_type": "code", "client_id": rptest.ClientID, "redirect_uri": rptest.RedirectURL,
		"scope": "openid profile email", "state": flow.State, "nonce": flow.Nonce, "code_challenge_method": "S256",
	} {
		if q.Get(name) != want {
			t.Errorf("%s = %q, want %q", name, q.Get(name), want)
		}
	}
	if q.Get("code_challenge") == "" || strings.Contains(address, flow.Verifier) {
		t.Error("the challenge is missing, or the verifier itself is in the address")
	}
}

func TestExchange_ChecksTheCallback(t *testing.T) {
	t.Parallel()
	const markup = "<script>alert(1)</script>"
	for name, c := range map[string]struct {
		change func(s *setup, q url.Values)
		kind   models.Kind
		cause  string
	}{
		"state missing":            {func(_ *setup, q url.Values) { q.Del("state") }, models.KindUnauthenticated, "state"},
		"state of another":         {func(_ *setup, q url.Values) { q.Set("state", "x") }, models.KindUnauthenticated, "state"},
		"state twice":              {func(_ *setup, q url.Values) { q.Add("state", "x") }, models.KindUnauthenticated, "twice"},
		"code missing":             {func(_ *setup, q url.Values) { q.Del("code") }, models.KindUnauthenticated, "code is missing"},
		"code twice":               {func(_ *setup, q url.Values) { q.Add("code", "x") }, models.KindUnauthenticated, "twice"},
		"code made up":             {func(_ *setup, q url.Values) { q.Set("code", "x") }, models.KindUnauthenticated, "invalid_grant"},
		"iss of another":           {func(_ *setup, q url.Values) { q.Set("iss", "https://evil.example") }, models.KindUnauthenticated, "iss"},
		"iss with a slash more":    {func(s *setup, q url.Values) { q.Set("iss", s.idp.URL+"/") }, models.KindUnauthenticated, "last \"/\""},
		"iss empty":                {func(_ *setup, q url.Values) { q.Set("iss", "") }, models.KindUnauthenticated, "iss"},
		"iss promised but missing": {func(s *setup, _ url.Values) {}, models.KindUnauthenticated, "iss is missing"},
		"cancelled":                {func(_ *setup, q url.Values) { q.Set("error", "access_denied") }, models.KindUnauthenticated, "access_denied"},
		"provider overloaded":      {func(_ *setup, q url.Values) { q.Set("error", "temporarily_unavailable") }, models.KindUnavailable, "temporarily"},
		"error with markup": {func(_ *setup, q url.Values) {
			q.Set("error", markup)
			q.Set("error_description", markup)
		}, models.KindUnauthenticated, "without a proper code"},
		"description with markup": {func(_ *setup, q url.Values) {
			q.Set("error", "invalid_scope")
			q.Set("error_description", markup)
		}, models.KindUnauthenticated, "invalid_scope"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			if strings.HasPrefix(name, "iss promised") {
				s.idp.Set(func(b *rptest.Behaviour) {
					b.Discovery = func(d map[string]any) { d["authorization_response_iss_parameter_supported"] = true }
				})
			}
			flow := rp.NewFlow("")
			address, err := s.provider.AuthCodeURL(t.Context(), flow)
			if err != nil {
				t.Fatal(err)
			}
			q := s.idp.LogIn(address)
			c.change(s, q)
			who, err := s.provider.Exchange(t.Context(), flow, q)
			mustFail(t, who, err, c.kind, c.cause)
			if strings.Contains(err.Error(), "<") {
				t.Errorf("markup is echoed: %v", err)
			}
		})
	}
}

func TestExchange_EmptyFlowNeverMatches(t *testing.T) {
	t.Parallel()
	s := start(t)
	who, err := s.provider.Exchange(t.Context(), rp.Flow{}, url.Values{"code": {"x"}})
	mustFail(t, who, err, models.KindUnauthenticated, "state")
}

func TestExchange_AcceptsMatchingIss(t *testing.T) {
	t.Parallel()
	s := start(t)
	flow := rp.NewFlow("")
	address, _ := s.provider.AuthCodeURL(t.Context(), flow)
	q := s.idp.LogIn(address)
	q.Set("iss", s.idp.URL)
	if _, err := s.provider.Exchange(t.Context(), flow, q); err != nil {
		t.Fatal(err)
	}
}

func TestExchange_ReplayedCodeIsRefused(t *testing.T) {
	t.Parallel()
	s := start(t)
	flow := rp.NewFlow("")
	address, _ := s.provider.AuthCodeURL(t.Context(), flow)
	q := s.idp.LogIn(address)
	if _, err := s.provider.Exchange(t.Context(), flow, q); err != nil {
		t.Fatal(err)
	}
	who, err := s.provider.Exchange(t.Context(), flow, q)
	mustFail(t, who, err, models.KindUnauthenticated, "invalid_grant")
}

func TestExchange_CodeOfAnotherFlowIsRefused(t *testing.T) {
	t.Parallel()
	s := start(t)
	mine := rp.NewFlow("")
	theirs := rp.NewFlow("")
	address, _ := s.provider.AuthCodeURL(t.Context(), theirs)
	injected := s.idp.LogIn(address)
	injected.Set("state", mine.State)
	who, err := s.provider.Exchange(t.Context(), mine, injected)
	mustFail(t, who, err, models.KindUnauthenticated, "invalid_grant") // PKCE
}

func TestExchange_TokenEndpointTroubles(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		handle http.HandlerFunc
		kind   models.Kind
		cause  string
	}{
		"down":           {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(502) }, models.KindUnavailable, "no usable answer"},
		"invalid_client": {jsonAnswer(401, `{"error":"invalid_client","error_description":"<b>s3cret</b>"}`), models.KindUnauthenticated, "check client id"},
		"redirect":       {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "http://169.254.169.254/", 302) }, models.KindUnavailable, "token endpoint"},
		"no id_token":    {jsonAnswer(200, `{"access_token":"a","token_type":"Bearer"}`), models.KindUnauthenticated, "sent none"},
		"no JSON":        {jsonAnswer(200, `<html>s3cret`), models.KindUnavailable, "token endpoint"},
		"connection cut": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, models.KindUnavailable, "token endpoint"},
		"huge": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = fmt.Fprintf(w, `{"access_token":"%s"}`, strings.Repeat("a", 2<<20))
		}, models.KindUnavailable, "token endpoint"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			s.idp.Set(func(b *rptest.Behaviour) { b.Handle = map[string]http.HandlerFunc{"/token": c.handle} })
			who, err := s.logIn(t)
			mustFail(t, who, err, c.kind, c.cause)
			if strings.Contains(err.Error(), "s3cret") {
				t.Errorf("the answer is repeated: %v", err)
			}
			if n := s.idp.Calls("/token"); n != 1 {
				t.Errorf("the code was presented %d times", n)
			}
		})
	}
}

func jsonAnswer(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

func TestLogoutURL_OnlyWhenTheProviderOffersIt(t *testing.T) {
	t.Parallel()
	s := start(t)
	address, ok := s.provider.LogoutURL(t.Context(), "hint", "http://127.0.0.1:8080/", "st")
	if !ok {
		t.Fatal("no logout address")
	}
	u, _ := url.Parse(address)
	q := u.Query()
	if u.Path != "/logout" || q.Get("id_token_hint") != "hint" || q.Get("client_id") != rptest.ClientID ||
		q.Get("post_logout_redirect_uri") != "http://127.0.0.1:8080/" || q.Get("state") != "st" {
		t.Errorf("address %s", address)
	}
	without := start(t)
	without.idp.Set(func(b *rptest.Behaviour) {
		b.Discovery = func(d map[string]any) { delete(d, "end_session_endpoint") }
	})
	if _, ok := without.provider.LogoutURL(t.Context(), "", "", ""); ok {
		t.Error("a logout address came from nowhere")
	}
	down := start(t)
	down.idp.Set(func(b *rptest.Behaviour) {
		b.Handle = map[string]http.HandlerFunc{"/.well-known/openid-configuration": jsonAnswer(500, "")}
	})
	if _, ok := down.provider.LogoutURL(t.Context(), "", "", ""); ok {
		t.Error("a logout address of a provider that is down")
	}
}

func TestNew_RefusesUnsafeSettings(t *testing.T) {
	t.Parallel()
	good := rp.Config{Issuer: "https://idp.example/", ClientID: "c", RedirectURL: "https://muster.example/auth/callback"}
	if _, err := rp.New(good); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*rp.Config){
		"plain http":         func(c *rp.Config) { c.Issuer = "http://idp.example" },
		"no issuer":          func(c *rp.Config) { c.Issuer = "" },
		"issuer with query":  func(c *rp.Config) { c.Issuer = "https://idp.example/?a=b" },
		"issuer with user":   func(c *rp.Config) { c.Issuer = "https://u:p@idp.example/" },
		"no client":          func(c *rp.Config) { c.ClientID = "" },
		"no redirect URL":    func(c *rp.Config) { c.RedirectURL = "" },
		"redirect over http": func(c *rp.Config) { c.RedirectURL = "http://muster.example/auth/callback" },
	} {
		cfg := good
		change(&cfg)
		if _, err := rp.New(cfg); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
