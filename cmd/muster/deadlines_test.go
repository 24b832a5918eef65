package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
)

// patience is how long a test waits for what should come much sooner.
const patience = 20 * time.Second

// dribble opens a connection and sends a request that announces a body and
// never sends it.
func dribble(t *testing.T, base, method, path string) *bufio.Reader {
	t.Helper()
	address := strings.TrimPrefix(base, "http://")
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Fprintf(conn, "%s %s HTTP/1.1\r\nHost: %s\r\nContent-Length: 10\r\n\r\n", method, path, address); err != nil {
		t.Fatal(err)
	}
	return bufio.NewReader(conn)
}

func TestServe_ABodyThatNeverComesIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.bodyTimeout = time.Second
	server := b.serve("--dev")
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodDelete} {
		response, err := http.ReadResponse(dribble(t, server.base, method, "/healthz"), &http.Request{Method: method})
		if err != nil {
			t.Errorf("%s: no answer: %v", method, err)
			continue
		}
		if !response.Close {
			t.Errorf("%s: the connection is kept", method)
		}
		_ = response.Body.Close()
	}
	// Nor does it hold up the stop.
	dribble(t, server.base, http.MethodGet, "/readyz")
	started := time.Now()
	if code := server.stop(); code != exitOK || time.Since(started) > patience {
		t.Errorf("serve ended with %d after %v:\n%s", code, time.Since(started), server.logs)
	}
}

// TestServe_AStalledBodyIsAnsweredInTime sends a part of a body and nothing more.
func TestServe_AStalledBodyIsAnsweredInTime(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.bodyTimeout = time.Second
	server := b.serve("--dev")
	_, key, _ := b.run("apikey", "create", "--name", "stalled", "--role", "admin")
	key = strings.TrimSpace(key)
	var created struct {
		RegistrationToken struct{ Token string }
	}
	server.call(t, "POST", "/token/api/v5/registrationTokens", key, `{"registrationToken":{"count":1}}`, http.StatusCreated, &created)
	const form = "application/x-www-form-urlencoded"
	for _, c := range []struct{ path, contentType, bearer, part, says string }{
		{"/redeem", form, "", "registrationToken=mrt_01", `<div id="redeem"`},
		{"/auth/login", form, "", "return_to=", `<h1`},
		{"/oauth2/token", form, "", "grant_type=", `"error":"temporarily_unavailable"`},
		{"/token/api/v5/authTokens", "application/json", created.RegistrationToken.Token, "{", `"code":"request_timeout"`},
		{"/token/api/v5/registrationTokens", "application/json", key, "{", `"code":"request_timeout"`},
	} {
		response, err := http.ReadResponse(stall(t, server.base, c.path, c.contentType, c.bearer, c.part), &http.Request{Method: http.MethodPost})
		if err != nil {
			t.Errorf("%s: no answer: %v", c.path, err)
			continue
		}
		body, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if err != nil || response.StatusCode != http.StatusRequestTimeout || !response.Close || !strings.Contains(string(body), c.says) {
			t.Errorf("%s: %s, closed %v, %v:\n%s", c.path, response.Status, response.Close, err, body)
		}
	}
}

// stall sends a request whose body ends before it is complete.
func stall(t *testing.T, base, path, contentType, bearer, part string) *bufio.Reader {
	t.Helper()
	address := strings.TrimPrefix(base, "http://")
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	credential := ""
	if bearer != "" {
		credential = "Authorization: Bearer " + bearer + "\r\n"
	}
	if _, err := fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: %s\r\n%sContent-Length: 400\r\n\r\n%s",
		path, address, contentType, credential, part); err != nil {
		t.Fatal(err)
	}
	return bufio.NewReader(conn)
}

func TestServe_LivePagesOutliveTheDeadlines(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.bodyTimeout, b.answerTimeout = 2*time.Second, 2*time.Second
	server := b.serve("--dev")
	browser := server.logIn(t, "admin")

	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.base+"/admin/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := browser.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	stream := bufio.NewScanner(response.Body)
	waitFor := func(event string) {
		t.Helper()
		for stream.Scan() {
			if stream.Text() == "event: "+event {
				return
			}
		}
		t.Fatalf("the stream ended before %q: %v", event, stream.Err())
	}
	waitFor("open")
	// A request that starts now is given up when the deadlines of the stream
	// have passed.
	if _, err := io.ReadAll(dribble(t, server.base, http.MethodGet, "/healthz")); err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatal(err)
	}
	_, key, _ := b.run("apikey", "create", "--name", "changes", "--role", "admin")
	server.call(t, "POST", "/token/api/v5/registrationTokens", strings.TrimSpace(key), `{"registrationToken":{"count":1}}`, http.StatusCreated, nil)
	waitFor("change")
	if code := server.stop(); code != exitOK {
		t.Errorf("serve ended with %d:\n%s", code, server.logs)
	}
}

// logIn signs an account of the development provider in, through its page.
func (r running) logIn(t *testing.T, account string) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar}
	response, err := client.Get(r.base + "/auth/login")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	page, err := goquery.NewDocumentFromReader(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	form := page.Find("form").First()
	values := url.Values{"username": {account}, "password": {account}}
	form.Find("input[type=hidden]").Each(func(_ int, field *goquery.Selection) {
		values.Set(field.AttrOr("name", ""), field.AttrOr("value", ""))
	})
	action, err := response.Request.URL.Parse(form.AttrOr("action", ""))
	if err != nil {
		t.Fatal(err)
	}
	in, err := client.PostForm(action.String(), values)
	if err != nil {
		t.Fatal(err)
	}
	_ = in.Body.Close()
	if in.StatusCode != http.StatusOK || !strings.HasPrefix(in.Request.URL.Path, "/admin") {
		t.Fatalf("login as %s led to %s: %s", account, in.Request.URL.Path, in.Status)
	}
	return client
}
