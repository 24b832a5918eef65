package e2e

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// stream is a live stream that a program has open, with the session of a browser.
type stream struct{ *bufio.Scanner }

// stream opens one and returns once it is greeted.
func (b *browser) stream() stream {
	b.tb.Helper()
	var cookies []*network.Cookie
	b.run(chromedp.ActionFunc(func(ctx context.Context) (err error) {
		cookies, err = network.GetCookies().Do(ctx)
		return err
	}))
	request, err := http.NewRequestWithContext(b.tb.Context(), http.MethodGet, b.base+"/admin/events", http.NoBody)
	if err != nil {
		b.tb.Fatal(err)
	}
	for _, cookie := range cookies {
		request.AddCookie(&http.Cookie{Name: cookie.Name, Value: cookie.Value}) //nolint:gosec // it is sent, not set
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		b.tb.Fatal(err)
	}
	b.tb.Cleanup(func() { _ = response.Body.Close() })
	s := stream{bufio.NewScanner(response.Body)}
	s.until("event: open")
	return s
}

// until reads until a line has the part, or the stream ends.
func (s stream) until(part string) bool {
	for s.Scan() {
		if strings.Contains(s.Text(), part) {
			return true
		}
	}
	return false
}

// A page that newer ones of the same person took the place of has a stream again as
// soon as somebody looks at it.
func TestLive_APageThatGaveWayComesBackWhenItIsLookedAt(t *testing.T) {
	p := startProgram(t)
	admin := newBrowser(t, p.base, desktop)
	admin.logIn("admin")
	secret := admin.newToken("Pilot", "5")
	redeems := func() {
		p.call("POST", "/token/api/v5/authTokens", secret, map[string]any{"authToken": map[string]any{"systemUserName": "anna"}}, http.StatusCreated, nil)
	}
	redeems()
	admin.see("main", "1 of 5") // it has a stream

	first := admin.stream()
	for range 15 {
		admin.stream()
	}
	redeems() // the page is not told
	admin.run(chromedp.Evaluate(`window.setInterval(() => document.dispatchEvent(new Event("visibilitychange")), 100); true`, nil))
	admin.see("main", "2 of 5")
	if !first.until("superseded") {
		t.Error("the page has no stream: the oldest of the others goes on")
	}
}
