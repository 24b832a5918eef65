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

// clock is moved by hand.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

type setup struct {
	idp      *rptest.Provider
	provider *rp.Provider
	clock    *clock
}

func start(t *testing.T, changes ...func(*rp.Config)) *setup {
	t.Helper()
	s := &setup{clock: newClock()}
	s.idp = rptest.New(t, s.clock.Now)
	cfg := rp.Config{
		Issuer: s.idp.URL, ClientID: rptest.ClientID, ClientSecret: rptest.ClientSecret,
		RedirectURL: rptest.RedirectURL, Audience: rptest.Audience, Now: s.clock.Now,
		HTTPClient: &http.Client{Timeout: 5 * time.Second},
	}
	for _, change := range changes {
		change(&cfg)
	}
	var err error
	if s.provider, err = rp.New(cfg); err != nil {
		t.Fatal(err)
	}
	return s
}

// logIn runs a whole login with the provider as it behaves now.
func (s *setup) logIn(t *testing.T) (*rp.Identity, error) {
	t.Helper()
	flow := rp.NewFlow("/admin")
	address, err := s.provider.AuthCodeURL(t.Context(), flow)
	if err != nil {
		return nil, err
	}
	return s.provider.Exchange(t.Context(), flow, s.idp.LogIn(address))
}

// mustFail checks the kind, and that the cause is the expected one: a refusal
// for another reason would prove nothing.
func mustFail(t *testing.T, who *rp.Identity, err error, kind models.Kind, cause string) {
	t.Helper()
	if err == nil {
		t.Fatalf("accepted: %+v", who)
	}
	if who != nil {
		t.Error("an identity came with the error")
	}
	if got := models.ErrorKind(err); got != kind {
		t.Errorf("kind %s, want %s: %v", got, kind, err)
	}
	if !strings.Contains(err.Error(), cause) {
		t.Errorf("error %q does not speak of %q", err, cause)
	}
}
