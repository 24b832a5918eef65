package handlers_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"muster/handlers"
	"muster/internal/rp"
	"muster/models/store"
	"muster/tokens"
)

func TestReadiness_FollowsSchemaKeyStopAndDatabase(t *testing.T) {
	t.Parallel()
	db, err := store.Open(t.Context(), "sqlite://"+filepath.Join(t.TempDir(), "muster.db"))
	must(t, err)
	key := bytes.Repeat([]byte{7}, 32)
	const base = "https://muster.example"
	service, err := tokens.New(db, tokens.Config{
		Issuer: base, AccessTokenTTL: testAccessTokenTTL, RefreshIdle: testRefreshIdle, MaxTokenLifetime: testMaxTokenLifetime,
		MasterKey: key, Logger: slog.New(slog.DiscardHandler), Now: time.Now,
	})
	must(t, err)
	provider, err := rp.New(rp.Config{Issuer: "https://idp.example", ClientID: "muster", RedirectURL: base + "/auth/callback"})
	must(t, err)
	server, err := handlers.New(handlers.Config{
		BaseURL: base, MaxTokenLifetime: testMaxTokenLifetime, AccessTokenTTL: testAccessTokenTTL,
		MasterKey: key, Logger: slog.New(slog.DiscardHandler), Now: time.Now,
	}, db, service, provider)
	must(t, err)
	wants := func(state string, ready int) {
		t.Helper()
		for path, status := range map[string]int{"/healthz": http.StatusOK, "/readyz": ready} {
			got := httptest.NewRecorder()
			server.ServeHTTP(got, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, http.NoBody))
			if got.Code != status || got.Header().Get("Cache-Control") != "no-store" && status == http.StatusOK {
				t.Errorf("%s: %s answers %d %v, want %d", state, path, got.Code, got.Header(), status)
			}
			if status == http.StatusServiceUnavailable && got.Header().Get("Retry-After") == "" {
				t.Errorf("%s: %s has no Retry-After", state, path)
			}
		}
	}
	wants("empty database", http.StatusServiceUnavailable)
	_, err = db.Migrate(t.Context())
	must(t, err)
	wants("no signing key", http.StatusServiceUnavailable)
	must(t, service.EnsureSigningKey(t.Context()))
	wants("all well", http.StatusOK)
	must(t, db.Close())
	wants("database gone", http.StatusServiceUnavailable)
	server.Drain()
	wants("stopping", http.StatusServiceUnavailable)
}

func TestReadiness_EndsWhenTheServerStops(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.browser().get("/readyz").wants(http.StatusOK)
	w.server.Drain()
	w.browser().get("/readyz").wants(http.StatusServiceUnavailable)
	w.browser().get("/healthz").wants(http.StatusOK)
}
