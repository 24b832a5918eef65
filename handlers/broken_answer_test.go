package handlers_test

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers"
)

// observed are the answers that metrics are told of, as "route status".
type observed chan string

func (o observed) observe(cfg *handlers.Config) {
	cfg.Observe = func(route, _ string, status int, _ time.Duration) { o <- route + " " + http.StatusText(status) }
}

// begin answers with a part of something, which reaches the client.
func begin(c echo.Context) error {
	if err := c.String(http.StatusOK, "begun"); err != nil {
		return err
	}
	return http.NewResponseController(c.Response()).Flush()
}

func TestAnswer_ThatBreaksOffIsNotTakenForTheWhole(t *testing.T) {
	t.Parallel()
	const reason = "lost the thread"
	for name, handler := range map[string]echo.HandlerFunc{
		"an error": func(c echo.Context) error { return errors.Join(begin(c), errors.New(reason)) },
		"a panic": func(c echo.Context) error {
			must(t, begin(c))
			panic(reason)
		},
		"a panic before anything was sent": func(c echo.Context) error {
			must(t, c.String(http.StatusOK, "begun"))
			panic(reason)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answers := make(observed, 1)
			w := newProductionWorld(t, answers.observe)
			w.server.HandleAt("/broken", handler)
			got, err := w.browser().raw(t, http.MethodGet, "/broken")
			if err == nil || strings.TrimSuffix(got, "begun") != "" {
				t.Errorf("taken for the whole: %q, %v", got, err)
			}
			if answer := <-answers; answer != "/broken OK" {
				t.Errorf("observed as %q", answer)
			}
			w.loggedOnce(t, "/broken", reason)
			if name != "an error" && !strings.Contains(w.logs.String(), "broken_answer_test.go") {
				t.Error("the log does not say where it panicked")
			}
		})
	}
}

func TestAnswer_ThatBreaksOffBecauseTheClientLeftIsNoError(t *testing.T) {
	t.Parallel()
	answers := make(observed, 1)
	w := newProductionWorld(t, answers.observe)
	w.server.HandleAt("/left", func(c echo.Context) error {
		must(t, begin(c))
		<-c.Request().Context().Done()
		return c.Request().Context().Err()
	})
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, w.base+"/left", nil)
	must(t, err)
	response, err := w.http.Client().Do(r)
	must(t, err)
	leave()
	_ = response.Body.Close()
	if answer := <-answers; answer != "/left OK" {
		t.Errorf("observed as %q", answer)
	}
	if logs := w.logs.String(); strings.Contains(logs, `"level":"ERROR"`) {
		t.Errorf("logged as a failure: %s", logs)
	}
}

func TestExport_ThatBreaksOffIsNotTakenForTheWhole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, secret := w.registrationToken("Lab", 502)
	oldest := w.redeem(secret, "ann", "h1") // on the second page
	w.clock.Advance(time.Minute)
	for range 501 { // a page, and the row that tells of another
		w.redeem(secret, "ann", "h1")
	}
	_, err := w.sqlite("file:"+w.path+"?_busy_timeout=5000").Exec(
		"UPDATE auth_tokens SET count_reclaimed = 'neither' WHERE id = ?", []driver.Value{oldest.AuthToken.ID})
	must(t, err)
	file, err := w.login("admin").raw(t, http.MethodPost, "/admin/auth-tokens/export")
	if err == nil || strings.Count(file, "\n") != 501 {
		t.Errorf("%d lines, %v: want the first page, and to be told that it is not all", strings.Count(file, "\n"), err)
	}
	w.loggedOnce(t, "/admin/auth-tokens/export", "export broke off")
}

// raw reads an answer as far as it comes, and tells why not all of it did.
func (b *browser) raw(t *testing.T, method, path string) (string, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, b.w.base+path, nil)
	must(t, err)
	response, err := b.client.Do(r)
	if err != nil {
		return "", err
	}
	body, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	return string(body), err
}

// loggedOnce fails unless one line of the log tells of a failure, with its
// reason, and one of the request.
func (w *world) loggedOnce(t *testing.T, route, reason string) {
	t.Helper()
	failures, requests := 0, 0
	for line := range strings.Lines(w.logs.String()) {
		if !strings.Contains(line, `"route":"`+route+`"`) {
			continue
		}
		if strings.Contains(line, `"level":"ERROR"`) && strings.Contains(line, reason) {
			failures++
		}
		if strings.Contains(line, `"msg":"request"`) {
			requests++
		}
	}
	if failures != 1 || requests != 1 {
		t.Errorf("the failure is logged %d times, the request %d times: %s", failures, requests, w.logs.String())
	}
}
