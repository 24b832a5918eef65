package handlers_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"muster/tokens/secrets"
)

// shownSecret is a secret, or an access token, in an answer.
var shownSecret = regexp.MustCompile(secrets.Pattern + `|\beyJ[\w-]{8,}\.[\w-]+\.[\w-]+`)

// showsSecret asks the expression, which is slow, only where it can match.
func showsSecret(body []byte) bool {
	return slices.ContainsFunc([]string{"mrt_", "mrf_", "mak_", "eyJ"}, func(start string) bool {
		return bytes.Contains(body, []byte(start))
	}) && shownSecret.Match(body)
}

// compressionWatch fails the test whose server compresses an answer that holds a
// secret. Go's client asks for gzip with every GET and POST, and says when it got it.
type compressionWatch struct {
	t    testing.TB
	next http.RoundTripper
	// small and secret count the compressed answers and those with a secret.
	small, secret *atomic.Int64
}

func (w compressionWatch) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := w.next.RoundTrip(r)
	if err != nil || strings.HasPrefix(response.Header.Get("Content-Type"), "text/event-stream") {
		return response, err
	}
	if response.Uncompressed {
		w.small.Add(1)
	}
	response.Body = &watchedBody{ReadCloser: response.Body, whole: func(body []byte) {
		if !showsSecret(body) {
			return
		}
		w.secret.Add(1)
		if response.Uncompressed {
			w.t.Errorf("%s %s: an answer with a secret was compressed", r.Method, r.URL.Path)
		}
	}}
	return response, nil
}

// watchedBody passes on what was read when all is.
type watchedBody struct {
	io.ReadCloser
	read  bytes.Buffer
	whole func(body []byte)
}

func (b *watchedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.read.Write(p[:n])
	if errors.Is(err, io.EOF) {
		b.whole(b.read.Bytes())
	}
	return n, err
}

// Every form of every page is sent as it stands, and REST and OAuth make what they
// can: the watch sees each answer.
func TestCompression_NoAnswerWithASecretIsCompressed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := newFormFinder(t, w, "admin")
	for i := 0; i < len(k.forms); i++ {
		k.send(k.forms[i], k.asItStands(k.forms[i]))
	}
	admin := w.as("admin")
	made := admin.call(http.MethodPost, apiRegs, `{"registrationToken":{"count":5}}`).wants(http.StatusCreated)
	token := made.text("registrationToken.token")
	issued := w.script("Bearer "+token).call(http.MethodPost, apiAuth, `{"authToken":{"fqdn":"pc"}}`).wants(http.StatusCreated)
	b := w.browser()
	b.post("/oauth2/token", url.Values{"grant_type": {"refresh_token"}, "refresh_token": {issued.text("refresh_token")}}).wants(http.StatusOK)
	b.post("/oauth2/token", url.Values{"grant_type": {"urn:muster:grant-type:registration-token"}, "registration_token": {token}, "fqdn": {"pc2"}}).wants(http.StatusOK)
	admin.call(http.MethodPost, apiRegs+"/"+made.text("registrationToken.id")+"/replace", nil).wants(http.StatusCreated)
	if w.watch.secret.Load() < 8 || w.watch.small.Load() < 20 {
		t.Errorf("%d answers with a secret and %d compressed ones were seen", w.watch.secret.Load(), w.watch.small.Load())
	}
}

func TestCompression_OnlyReadingIsCompressedAndSaysSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Lab", 50)
	for _, name := range []string{"ann", "bob", "carl", "dora", "eve", "fred"} {
		w.redeem(secret, name, name+"-pc")
	}
	b := w.login("admin")
	ask := func(path, accepted string) *http.Response {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.base+path, http.NoBody)
		must(t, err)
		r.Header.Set("Accept-Encoding", accepted)
		response, err := b.client.Do(r)
		must(t, err)
		_, err = io.Copy(io.Discard, response.Body)
		must(t, err)
		must(t, response.Body.Close())
		return response
	}
	for path, small := range map[string]bool{
		"/admin": true, "/admin/registration-tokens": true, "/admin/registration-tokens/" + token.ID: true, "/admin/auth-tokens": true,
		"/admin/audit": true, "/openapi.json": true,
		"/redeem": false, "/admin/registration-tokens/new": false, "/admin/api-keys/new": false, "/no/such/page": false,
	} {
		got := ask(path, "gzip")
		if encoding := got.Header.Get("Content-Encoding"); (encoding == "gzip") != small {
			t.Errorf("%s: Content-Encoding is %q", path, encoding)
		}
		if vary := strings.Join(got.Header.Values("Vary"), ", "); small && !strings.Contains(vary, "Accept-Encoding") {
			t.Errorf("%s: Vary is %q", path, vary)
		}
		if encoding := ask(path, "gzip;q=0").Header.Get("Content-Encoding"); encoding != "" {
			t.Errorf("%s: %s was not asked for", path, encoding)
		}
	}
	// An error of a compressed route is whole, and has its status.
	missing := b.get("/admin/registration-tokens/"+unknownID).wants(http.StatusNotFound).has("h1", "")
	if missing.header.Get("Cache-Control") != "no-store" {
		t.Errorf("an error may be kept: %v", missing.header)
	}
	if !strings.Contains(w.logs.String(), `"route":"/admin/registration-tokens/:id","status":404`) {
		t.Error("the log has another status")
	}
}
