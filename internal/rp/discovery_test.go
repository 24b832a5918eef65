package rp_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/internal/rp"
	"muster/internal/rp/rptest"
	"muster/models"
)

const wellKnown = "/.well-known/openid-configuration"

func TestDiscovery_TroublesAreUnavailable(t *testing.T) {
	t.Parallel()
	released := make(chan struct{})
	t.Cleanup(func() { close(released) })
	wait := func(r *http.Request) {
		select {
		case <-released:
		case <-r.Context().Done():
		}
	}
	for name, c := range map[string]struct {
		handle http.HandlerFunc
		change func(doc map[string]any)
		cause  string
	}{
		"down":     {handle: jsonAnswer(503, "<b>sorry</b>"), cause: "503"},
		"no JSON":  {handle: jsonAnswer(200, "<html>"), cause: "decode"},
		"redirect": {handle: func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "http://169.254.169.254/", 302) }, cause: "302"},
		"huge": {handle: func(w http.ResponseWriter, _ *http.Request) {
			chunk := []byte(strings.Repeat(" ", 64<<10))
			for range 64 {
				if _, err := w.Write(chunk); err != nil {
					return
				}
			}
		}, cause: "1 MiB"},
		"slow to begin": {handle: func(_ http.ResponseWriter, r *http.Request) { wait(r) }, cause: "exceeded"},
		"slow to end": {handle: func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write([]byte("{"))
			_ = http.NewResponseController(w).Flush()
			wait(r)
		}, cause: "read response body"},
		"issuer of another":         {change: func(d map[string]any) { d["issuer"] = "https://evil.example" }, cause: "match to the last"},
		"issuer with a slash more":  {change: func(d map[string]any) { d["issuer"] = d["issuer"].(string) + "/" }, cause: "match to the last"},
		"no token endpoint":         {change: func(d map[string]any) { delete(d, "token_endpoint") }, cause: "token_endpoint"},
		"token endpoint over http":  {change: func(d map[string]any) { d["token_endpoint"] = "http://evil.example/token" }, cause: "token_endpoint"},
		"keys in a file":            {change: func(d map[string]any) { d["jwks_uri"] = "file:///etc/passwd" }, cause: "jwks_uri"},
		"UserInfo at metadata host": {change: func(d map[string]any) { d["userinfo_endpoint"] = "http://169.254.169.254/latest" }, cause: "userinfo_endpoint"},
		"logout with javascript":    {change: func(d map[string]any) { d["end_session_endpoint"] = "javascript:alert(1)" }, cause: "end_session_endpoint"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, func(c *rp.Config) {
				if strings.HasPrefix(name, "slow") {
					c.HTTPClient = &http.Client{Timeout: 100 * time.Millisecond}
				}
			})
			s.idp.Set(func(b *rptest.Behaviour) {
				b.Discovery = c.change
				if c.handle != nil {
					b.Handle = map[string]http.HandlerFunc{wellKnown: c.handle}
				}
			})
			who, err := s.logIn(t)
			mustFail(t, who, err, models.KindUnavailable, c.cause)
			if _, err := s.provider.Endpoints(t.Context()); models.ErrorKind(err) != models.KindUnavailable {
				t.Errorf("Endpoints: %v", err)
			}
		})
	}
}

func TestDiscovery_IsLazyAndRetriedAfterAPause(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.idp.Set(func(b *rptest.Behaviour) { b.Handle = map[string]http.HandlerFunc{wellKnown: jsonAnswer(500, "")} })
	if n := s.idp.Calls(wellKnown); n != 0 {
		t.Fatalf("New asked the provider %d times", n)
	}
	for range 5 {
		if _, err := s.logIn(t); models.ErrorKind(err) != models.KindUnavailable {
			t.Fatal(err)
		}
	}
	if n := s.idp.Calls(wellKnown); n != 1 {
		t.Errorf("%d discoveries within the pause, want 1", n)
	}
	s.idp.Set(func(b *rptest.Behaviour) { b.Handle = nil })
	s.clock.Add(time.Second)
	if _, err := s.logIn(t); err != nil {
		t.Fatalf("the provider is back: %v", err)
	}
	if _, err := s.logIn(t); err != nil {
		t.Fatal(err)
	}
	if n := s.idp.Calls(wellKnown); n != 2 {
		t.Errorf("%d discoveries, want 2", n)
	}
}

func TestDiscovery_OldMetadataServesWhileTheProviderIsDown(t *testing.T) {
	t.Parallel()
	s := start(t)
	if _, err := s.logIn(t); err != nil {
		t.Fatal(err)
	}
	s.idp.Set(func(b *rptest.Behaviour) { b.Handle = map[string]http.HandlerFunc{wellKnown: jsonAnswer(500, "")} })
	s.clock.Add(2 * time.Hour)
	if _, err := s.logIn(t); err != nil {
		t.Fatal(err)
	}
	if n := s.idp.Calls(wellKnown); n != 2 {
		t.Errorf("%d discoveries, want 2", n)
	}
}

func TestDiscovery_ConcurrentLoginsShareOne(t *testing.T) {
	t.Parallel()
	s := start(t)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if _, err := s.provider.Endpoints(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := s.idp.Calls(wellKnown); n > 2 {
		t.Errorf("%d discoveries for 20 callers", n)
	}
}

func TestEndpoints_SplitsKeycloakTokenURL(t *testing.T) {
	t.Parallel()
	for address, want := range map[string][2]string{
		"/realms/muster/protocol/openid-connect/token":            {"/", "muster"},
		"/auth/realms/a%20b/protocol/openid-connect/token":        {"/auth/", "a%20b"},
		"/realms/x/y/protocol/openid-connect/token":               {},
		"/realms//protocol/openid-connect/token":                  {},
		"/token":                                                  {},
		"/realms/muster/protocol/openid-connect/token?tenant=one": {},
	} {
		t.Run(address, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			s.idp.Set(func(b *rptest.Behaviour) {
				b.Discovery = func(d map[string]any) { d["token_endpoint"] = s.idp.URL + address }
			})
			e, err := s.provider.Endpoints(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			base := want[0]
			if base != "" {
				base = s.idp.URL + base
			}
			if e.Issuer != s.idp.URL || e.TokenURL != s.idp.URL+address || e.Realm != want[1] || e.TokenEndpointBase != base {
				t.Errorf("%+v", e)
			}
		})
	}
}
