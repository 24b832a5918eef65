package webdriver_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"muster/internal/test/webdriver"
)

func TestBrowsers_OpenClickTypeAndResize(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte(`<!doctype html><meta name=viewport content="width=device-width"><input><button onclick="this.textContent=document.querySelector('input').value">x</button>`))
	}))
	t.Cleanup(server.Close)
	outside, reached := beyondLoopback(t)
	for _, kind := range []webdriver.Kind{webdriver.Firefox, webdriver.WebKit} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), 6*time.Minute)
			defer cancel()
			b, err := webdriver.Start(ctx, kind)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(b.Stop)
			must := func(err error) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
			}
			must(b.Open(ctx, server.URL))
			must(b.Type(ctx, "input", "hello"))
			must(b.Click(ctx, "button"))
			var said string
			must(b.Run(ctx, &said, "return document.querySelector(arguments[0]).textContent", "button"))
			if said != "hello" {
				t.Errorf("the button says %q", said)
			}
			for _, width := range []int{1440, 390} {
				must(b.Resize(ctx, width, 900))
			}
			must(b.Reload(ctx))
			if n, err := b.Windows(ctx); err != nil || n != 1 {
				t.Errorf("%d windows, %v", n, err)
			}
			_ = b.Open(ctx, outside.URL) // an error, or a page that says so
			if n := reached.Load(); n > 0 {
				t.Errorf("it reached %s", outside.URL)
			}
		})
	}
}

// TestStart_TakesAnotherWhereOneHangs: one that hangs does not fail what it was started for.
func TestStart_TakesAnotherWhereOneHangs(t *testing.T) {
	t.Parallel()
	started := 0
	b, err := webdriver.StartAgain(t.Context(), time.Millisecond, func(ctx context.Context) (*webdriver.Browser, error) {
		if started++; started == 1 {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		return new(webdriver.Browser), nil
	})
	if err != nil || b == nil || started != 2 {
		t.Errorf("%d starts: %v", started, err)
	}
}

// beyondLoopback is a server at an address of this machine that is not loopback, if
// it has one, and how often it was reached.
func beyondLoopback(t *testing.T) (*httptest.Server, *atomic.Int64) {
	t.Helper()
	var reached atomic.Int64
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, address := range addresses {
		network, ok := address.(*net.IPNet)
		if !ok || !network.IP.IsGlobalUnicast() || network.IP.To4() == nil {
			continue
		}
		if server.Listener, err = net.Listen("tcp", net.JoinHostPort(network.IP.String(), "0")); err != nil {
			t.Fatal(err)
		}
		break
	}
	server.Start()
	t.Cleanup(server.Close)
	if host, _, _ := net.SplitHostPort(server.Listener.Addr().String()); host == "127.0.0.1" {
		t.Log("this machine has no other address than loopback: nothing is proven of it")
		server.URL = "http://192.0.2.1/"
	}
	return server, &reached
}
