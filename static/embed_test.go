package static_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"muster/static"
)

func get(t *testing.T, method, path string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	static.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, path, nil))
	return w
}

func TestHandler_ServesEveryFileUnderItsChecksum(t *testing.T) {
	t.Parallel()
	names := static.Names()
	if len(names) < 5 {
		t.Fatalf("only %d files are embedded", len(names))
	}
	for _, name := range names {
		url := static.URL(name)
		w := get(t, http.MethodGet, url)
		if w.Code != http.StatusOK {
			t.Errorf("GET %s: status %d", url, w.Code)
		}
		if cc := w.Header().Get("Cache-Control"); !strings.Contains(cc, "immutable") {
			t.Errorf("GET %s: Cache-Control %q", url, cc)
		}
		if w.Header().Get("Content-Type") == "" || w.Body.Len() == 0 {
			t.Errorf("GET %s: no type or no content", url)
		}
	}
}

func TestHandler_SendsTextInGzipToWhoeverReadsIt(t *testing.T) {
	t.Parallel()
	plain := get(t, http.MethodGet, "/static/css/app.css")
	for accepted, small := range map[string]bool{
		"gzip": true, "deflate, GZIP;q=0.5, br": true, "gzip ; q=1": true,
		"": false, "br": false, "gzip;q=0": false, "gzip; q=0.000": false, "identity": false,
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/static/css/app.css", nil)
		r.Header.Set("Accept-Encoding", accepted)
		w := httptest.NewRecorder()
		static.Handler().ServeHTTP(w, r)
		if vary := w.Header().Get("Vary"); w.Code != http.StatusOK || vary != "Accept-Encoding" {
			t.Errorf("%q: status %d, Vary %q", accepted, w.Code, vary)
		}
		if got := w.Header().Get("Content-Encoding") == "gzip"; got != small || got == (w.Header().Get("ETag") == plain.Header().Get("ETag")) {
			t.Errorf("%q: Content-Encoding %q, ETag %s", accepted, w.Header().Get("Content-Encoding"), w.Header().Get("ETag"))
			continue
		}
		content := w.Body.Bytes()
		if small {
			reader, err := gzip.NewReader(w.Body)
			if err != nil {
				t.Fatal(err)
			}
			if content, err = io.ReadAll(reader); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(content, plain.Body.Bytes()) {
			t.Errorf("%q: %d bytes of another content", accepted, len(content))
		}
	}
}

func TestHandler_PlainNameIsNotKept(t *testing.T) {
	t.Parallel()
	w := get(t, http.MethodGet, "/static/css/app.css")
	if w.Code != http.StatusOK || w.Header().Get("Cache-Control") != "no-cache" {
		t.Errorf("status %d, Cache-Control %q", w.Code, w.Header().Get("Cache-Control"))
	}
}

func TestHandler_RefusesEverythingElse(t *testing.T) {
	t.Parallel()
	for _, path := range []string{
		"/static/", "/static/css/", "/static/css/input.css", "/static/embed.go",
		"/static/../go.mod", "/static/css/app.0000000000000000.css", "/static/js",
	} {
		if w := get(t, http.MethodGet, path); w.Code != http.StatusNotFound {
			t.Errorf("GET %s: status %d, want 404", path, w.Code)
		}
	}
	if w := get(t, http.MethodPost, "/static/css/app.css"); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: status %d, want 405", w.Code)
	}
}

func TestVendored_MatchesTheRecordedChecksum(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile("js/vendor/htmx.min.js")
	if err != nil {
		t.Fatal(err)
	}
	notice, err := os.ReadFile("NOTICE")
	if err != nil {
		t.Fatal(err)
	}
	sum := sha512.Sum384(content)
	if want := base64.StdEncoding.EncodeToString(sum[:]); !strings.Contains(string(notice), want) {
		t.Errorf("static/NOTICE does not record SHA-384 %s of htmx.min.js", want)
	}
}
