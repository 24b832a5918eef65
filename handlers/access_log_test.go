package handlers_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"muster/handlers"
	"muster/models/store/storetest"
)

func TestAccessLog_HasTheRequestsThatItIsSetTo(t *testing.T) {
	t.Parallel()
	for log, want := range map[handlers.AccessLog][]bool{
		"": {true, true}, handlers.LogAll: {true, true}, handlers.LogErrors: {false, true}, handlers.LogNone: {false, false},
	} {
		w := newWorldOn(t, storetest.SQLite(t), func(c *handlers.Config) { c.AccessLog = log })
		w.login("admin").get("/admin/registration-tokens/nothing").wants(http.StatusNotFound)
		w.browser().get("/healthz").wants(http.StatusOK)
		for i, line := range []string{`"route":"/healthz","status":200`, `"route":"/admin/registration-tokens/:id","status":404`} {
			if got := strings.Contains(w.logs.String(), line); got != want[i] {
				t.Errorf("%q has %s: %t", log, line, got)
			}
		}
	}
}

// BenchmarkAccessLog is an answer that costs nothing, and its line in the log.
func BenchmarkAccessLog(b *testing.B) {
	file, err := os.Create(filepath.Join(b.TempDir(), "log"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = file.Close() })
	for _, to := range []struct {
		name string
		log  handlers.AccessLog
		w    io.Writer
	}{{"Off", handlers.LogNone, io.Discard}, {"Discarded", handlers.LogAll, io.Discard}, {"ToAFile", handlers.LogAll, file}} {
		b.Run(to.name, func(b *testing.B) {
			w := newWorldOn(b, storetest.SQLite(b), func(c *handlers.Config) {
				c.AccessLog, c.Logger = to.log, slog.New(slog.NewJSONHandler(to.w, nil))
			})
			for b.Loop() {
				r := httptest.NewRequest(http.MethodGet, w.base+"/healthz", http.NoBody)
				w.server.ServeHTTP(httptest.NewRecorder(), r)
			}
		})
	}
}
