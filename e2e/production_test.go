package e2e

import (
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/security"
	"github.com/chromedp/chromedp"
)

// proxyHeaders is what proxies take of headers unless told otherwise, in bytes, of a
// request and of an answer.
const proxyHeaders = 8 << 10

// freeAddress is a host and port of loopback that nobody listens on.
func freeAddress(tb testing.TB) string {
	tb.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().String()
}

// overTLS serves a handler over https, under a certificate that is its own authority.
func overTLS(tb testing.TB, h http.Handler) *httptest.Server {
	tb.Helper()
	server := httptest.NewUnstartedServer(h)
	server.Config.MaxHeaderBytes = proxyHeaders - 4096  // net/http takes 4 KB more
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // browsers that do not know it yet
	server.StartTLS()
	tb.Cleanup(server.Close)
	return server
}

// proxy is what stands in front of a server: it speaks TLS, and has the usual limits.
func proxy(tb testing.TB, address string) *httptest.Server {
	tb.Helper()
	to := &url.URL{Scheme: "http", Host: address}
	return overTLS(tb, &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(to)
			r.Out.Host = r.In.Host
			r.SetXForwarded()
		},
		ModifyResponse: func(r *http.Response) error {
			size := 0
			for name, values := range r.Header {
				size += len(name) + len(strings.Join(values, ""))
			}
			if size > proxyHeaders {
				return fmt.Errorf("an answer of %s has %d bytes of headers", r.Request.URL.Path, size)
			}
			return nil
		},
	})
}

// authority writes the certificate of a server to a file.
func authority(tb testing.TB, server *httptest.Server) string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "ca.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(path, text, 0o600); err != nil {
		tb.Fatal(err)
	}
	return path
}

// startProduction runs `muster serve` for a login provider, behind a proxy. start makes
// the provider ready for the addresses of the client, and returns the settings.
func startProduction(tb testing.TB, start func(base string) (settings []string)) (base string, p *program) {
	tb.Helper()
	p = newProgram(tb)
	address := strings.TrimPrefix(p.base, "http://")
	front := proxy(tb, address)
	p.args = []string{"serve", "--listen", address}
	p.env = append(start(front.URL), "SSL_CERT_FILE="+authority(tb, front), "MUSTER_BASE_URL="+front.URL,
		"MUSTER_MASTER_KEY="+base64.StdEncoding.EncodeToString(make([]byte, 32)))
	p.start()
	tb.Cleanup(p.stop)
	return front.URL, p
}

// newTrustingBrowser takes the certificates of this run.
func newTrustingBrowser(tb testing.TB, base string, l look) *browser {
	tb.Helper()
	b := newBrowser(tb, base, l)
	b.run(security.SetIgnoreCertificateErrors(true))
	return b
}

// await waits until an address answers.
func await(tb testing.TB, address string, logs *logBuffer) {
	tb.Helper()
	for deadline := time.Now().Add(60 * time.Second); ; <-time.After(30 * time.Millisecond) {
		response, err := http.Get(address)
		if err == nil {
			_ = response.Body.Close()
			return
		}
		if time.Now().After(deadline) {
			tb.Fatalf("%v\n%s", err, logs)
		}
	}
}

// startProvider runs a provider until the test ends; address answers when it is ready.
func startProvider(tb testing.TB, address string, env []string, command string, args ...string) {
	tb.Helper()
	c, logs := exec.Command(command, args...), &logBuffer{}
	c.Env, c.Stdout, c.Stderr = append(os.Environ(), env...), logs, logs
	if err := c.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		_ = c.Process.Kill()
		_ = c.Wait()
	})
	await(tb, address, logs)
}

// logsOut logs out of Muster, and asks for the list again.
func (b *browser) logsOut() {
	b.tb.Helper()
	b.click(`form[action="/auth/logout"] button`)
	b.see("h1", "You are logged out")
	var address string
	b.run(chromedp.Location(&address))
	if address != b.base+"/auth/signed-out" {
		b.tb.Errorf("the logout leads to %s", address)
	}
}
