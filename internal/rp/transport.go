package rp

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

const (
	// remoteTimeout bounds every request to the provider, including the body.
	remoteTimeout = 10 * time.Second
	// remoteLimit bounds every answer of the provider, in bytes.
	remoteLimit = 1 << 20
	// headerLimit bounds the header of such an answer, in bytes.
	headerLimit = 64 << 10
)

var errTooLarge = errors.New("the provider's answer is larger than 1 MiB")

// boundedClient returns a client that follows no redirects, uses https (or http on
// loopback), and gives up on slow or huge answers. Neither go-oidc nor x/oauth2 limits
// what it reads.
func boundedClient(base *http.Client) *http.Client {
	client := &http.Client{Timeout: remoteTimeout}
	var next http.RoundTripper
	if base != nil {
		next = base.Transport
		if base.Timeout > 0 {
			client.Timeout = min(base.Timeout, remoteTimeout)
		}
	}
	if next == nil {
		if t, ok := http.DefaultTransport.(*http.Transport); ok {
			t = t.Clone()
			t.MaxResponseHeaderBytes = headerLimit
			next = t
		} else {
			next = http.DefaultTransport
		}
	}
	client.Transport = &boundedTransport{next: next}
	// A redirect could lead to an internal address; the 3xx answer is passed on and
	// fails because it is not 200.
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return client
}

type boundedTransport struct{ next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (t *boundedTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	if !secureURL(r.URL) {
		return nil, fmt.Errorf("refused to call %s://%s: not https", r.URL.Scheme, r.URL.Host)
	}
	resp, err := t.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if resp.ContentLength > remoteLimit {
		_ = resp.Body.Close()
		return nil, errTooLarge
	}
	resp.Body = &limitedBody{ReadCloser: resp.Body, left: remoteLimit}
	return resp, nil
}

// limitedBody fails after left bytes instead of truncating: half a JSON document must
// not be mistaken for a whole one.
type limitedBody struct {
	io.ReadCloser
	left int64
}

// Read implements io.Reader.
func (b *limitedBody) Read(p []byte) (int, error) {
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.ReadCloser.Read(p)
	b.left -= int64(n)
	if b.left < 0 {
		return 0, errTooLarge
	}
	return n, err
}
