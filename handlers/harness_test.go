package handlers_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"muster/handlers"
	"muster/internal/dev/idp"
	"muster/internal/rp"
	"muster/models"
	"muster/models/store"
	"muster/models/store/storetest"
	"muster/tokens"
)

// world is a whole server: a real database file, the real token service and
// relying party, and the development provider to log in at.
type world struct {
	t       testing.TB
	base    string // https://127.0.0.1:port
	clock   *clock
	store   *store.Store
	service *tokens.Service
	server  *handlers.Server
	http    *httptest.Server
	logs    *safeBuffer
	path    string // of the database file
	watch   compressionWatch
	// providerDown makes the login provider answer 502.
	providerDown atomic.Bool
}

// safeBuffer gathers the log of parallel requests.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

const (
	testMaxTokenLifetime = 366 * 24 * time.Hour
	testAccessTokenTTL   = 15 * time.Minute
	testRefreshIdle      = 90 * 24 * time.Hour
)

// newWorld starts a server on SQLite that ends with the test.
func newWorld(t testing.TB) *world {
	t.Helper()
	return newWorldOn(t, storetest.SQLite(t))
}

// newWorldOn is newWorld on an empty database of any kind, with settings
// changed.
func newWorldOn(t testing.TB, databaseURL string, changes ...func(*handlers.Config)) *world {
	t.Helper()
	return newWorldWaiting(t, databaseURL, time.Minute, changes...) // however slow the machine is
}

// newWorldWaiting is newWorldOn whose desk waits only so long for what is new.
func newWorldWaiting(t testing.TB, databaseURL string, patience time.Duration, changes ...func(*handlers.Config)) *world {
	t.Helper()
	return newWorldAt(t, func(*world, *rp.Config) {}, databaseURL, patience, changes...)
}

// newWorldAt is newWorldWaiting with another login provider, or other settings of it.
func newWorldAt(t testing.TB, at func(*world, *rp.Config), databaseURL string, patience time.Duration, changes ...func(*handlers.Config)) *world {
	t.Helper()
	w := &world{t: t, clock: &clock{now: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)}, logs: &safeBuffer{}}
	w.http = httptest.NewUnstartedServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if w.providerDown.Load() && strings.HasPrefix(r.URL.Path, "/realms/") {
			rw.WriteHeader(http.StatusBadGateway)
			return
		}
		w.server.ServeHTTP(rw, r)
	}))
	w.base = "https://" + w.http.Listener.Addr().String()
	logger := slog.New(slog.NewJSONHandler(w.logs, nil))

	var err error
	w.path, _ = strings.CutPrefix(databaseURL, "sqlite://")
	w.store, err = store.Open(t.Context(), databaseURL, store.WithBusyTimeout(time.Minute), store.WithDeskPatience(patience))
	must(t, err)
	t.Cleanup(func() { must(t, w.store.Close()) })
	_, err = w.store.Migrate(t.Context())
	must(t, err)
	w.service, err = tokens.New(w.store, tokens.Config{
		Issuer: w.base, AccessTokenTTL: testAccessTokenTTL, RefreshIdle: testRefreshIdle,
		MaxTokenLifetime: testMaxTokenLifetime, MasterKey: bytes.Repeat([]byte{7}, 32),
		Logger: logger, Now: w.clock.Now, Notify: func(c tokens.Change) { w.server.Notify(c) },
	})
	must(t, err)
	t.Cleanup(w.service.Close) // before the store
	devProvider, err := idp.New(idp.Config{
		BaseURL: w.base, RedirectURI: w.base + "/auth/callback",
		PostLogoutRedirectURI: w.base + "/auth/signed-out", Now: w.clock.Now,
	})
	must(t, err)
	w.http.StartTLS()
	t.Cleanup(w.http.Close)
	w.watch = compressionWatch{t: t, next: w.http.Client().Transport, small: &atomic.Int64{}, secret: &atomic.Int64{}}
	w.http.Client().Transport = w.watch
	login := rp.Config{
		Issuer: devProvider.Issuer(), ClientID: idp.DevClientID, ClientSecret: devProvider.ClientSecret(), Audience: devProvider.Audience(),
		RedirectURL: w.base + "/auth/callback", HTTPClient: w.http.Client(), Now: w.clock.Now, Logger: logger,
	}
	at(w, &login)
	provider, err := rp.New(login)
	must(t, err)
	cfg := handlers.Config{
		BaseURL: w.base, Dev: true, DevProvider: devProvider, CLIClientID: idp.DevCLIClientID,
		MaxTokenLifetime: testMaxTokenLifetime, AccessTokenTTL: testAccessTokenTTL,
		MasterKey: bytes.Repeat([]byte{7}, 32), Logger: logger, Now: w.clock.Now, AfterFunc: w.clock.AfterFunc,
	}
	for _, change := range changes {
		change(&cfg)
	}
	w.server, err = handlers.New(cfg, w.store, w.service, provider)
	must(t, err)
	t.Cleanup(w.server.Drain)
	must(t, w.service.EnsureSigningKey(t.Context()))
	return w
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// admin is an actor for calls straight to the token service.
func (w *world) admin() models.Actor {
	return models.Actor{
		Kind: models.ActorPerson, ID: w.base + "/realms/muster admin", Name: "Nora Lindqvist",
		Role: models.RoleAdmin, Permissions: models.RoleAdmin.Permissions(),
		Origin: models.Origin{IP: "192.0.2.1", Channel: models.ChannelREST, RequestID: "test"},
	}
}

// registrationToken makes one that expires in 30 days.
func (w *world) registrationToken(identifier string, count int) (*models.RegistrationToken, models.Secret) {
	w.t.Helper()
	token, secret, err := w.service.CreateRegistrationToken(w.t.Context(), w.admin(),
		models.RegistrationTokenSettings{Identifier: &identifier, Count: &count})
	must(w.t, err)
	return token, secret
}

// redeem trades the secret as that user on that host.
func (w *world) redeem(secret models.Secret, user, host string) *tokens.IssuedAuthToken {
	w.t.Helper()
	issued, err := w.service.Redeem(w.t.Context(), w.redeemRequest(secret, user, host))
	must(w.t, err)
	return issued
}

func (*world) redeemRequest(secret models.Secret, user, host string) tokens.RedeemRequest {
	return tokens.RedeemRequest{
		Secret:  secret,
		Claimed: models.ClaimedIdentity{SystemUserName: user, FQDN: host, MACAddress: "00:53:00:12:34:56"},
		Origin:  models.Origin{IP: "198.51.100.77", UserAgent: "device/1.0", Channel: models.ChannelREST, RequestID: "device"},
	}
}

// usedCount reads the used count now.
func (w *world) usedCount(id string) int {
	w.t.Helper()
	token, err := w.store.RegistrationToken(w.t.Context(), id)
	must(w.t, err)
	return token.UsedCount
}
