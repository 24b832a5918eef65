package handlers_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"muster/models"
)

func TestPanic_IsSaidCleanlyAndLoggedOnce(t *testing.T) {
	t.Parallel()
	const reason = "index of nothing"
	for name, value := range map[string]any{
		"text": reason, "error": errors.New(reason),
		// One of ours, which would else be taken for an answer.
		"typed error": &models.Error{Kind: models.KindNotFound, Code: models.CodeNotFound, Message: reason},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newProductionWorld(t)
			for _, c := range []struct{ path, contentType string }{
				{"/broken", "text/html"},
				{"/admin/broken", "text/html"},
				{"/token/api/v5/broken", "application/problem+json"},
				{"/oauth2/broken", "application/json"},
			} {
				w.server.PanicAt(c.path, value)
				for _, htmx := range []bool{false, true} {
					b := w.browser()
					b.htmx = htmx
					got := b.get(c.path).wants(http.StatusInternalServerError)
					if !strings.HasPrefix(got.header.Get("Content-Type"), c.contentType) {
						t.Errorf("%s: %q", c.path, got.header.Get("Content-Type"))
					}
					id := got.header.Get("X-Request-Id")
					for _, inside := range []string{reason, "goroutine", ".go:", "panic", "runtime"} {
						if strings.Contains(got.body, inside) {
							t.Errorf("%s tells %q", c.path, inside)
						}
					}
					if c.contentType != "application/json" && !strings.Contains(got.body, id) {
						t.Errorf("%s does not tell its request id", c.path)
					}
					if c.contentType == "application/problem+json" && !strings.Contains(got.body, `"code":"internal_error"`) {
						t.Errorf("%s: %s", c.path, got.body)
					}
					var logged []string
					for line := range strings.Lines(w.logs.String()) {
						if strings.Contains(line, id) && strings.Contains(line, reason) {
							logged = append(logged, line)
						}
					}
					if len(logged) != 1 || !strings.Contains(logged[0], `"level":"ERROR"`) || !strings.Contains(logged[0], "PanicAt") {
						t.Errorf("%s is logged %d times: %v", c.path, len(logged), logged)
					}
				}
			}
			w.browser().get("/redeem").wants(http.StatusOK)
		})
	}
}
