package handlers_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"muster/handlers"
	"muster/models"
	"muster/tokens/secrets"
)

// behind is a production world that trusts the proxies in those networks.
func behind(t *testing.T, networks ...string) *world {
	t.Helper()
	return newProductionWorld(t, func(cfg *handlers.Config) {
		for _, network := range networks {
			cfg.TrustedProxies = append(cfg.TrustedProxies, netip.MustParsePrefix(network))
		}
	})
}

// redeemFrom redeems over REST, with the TCP peer and headers (name, value)
// given, and returns the status.
func (w *world) redeemFrom(peer, secret string, headers ...string) int {
	w.t.Helper()
	r := httptest.NewRequestWithContext(w.t.Context(), http.MethodPost, apiAuth, strings.NewReader(`{"authToken":{"systemUserName":"ann"}}`))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+secret)
	r.RemoteAddr = netip.AddrPortFrom(netip.MustParseAddr(peer), 40000).String()
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	got := httptest.NewRecorder()
	w.server.ServeHTTP(got, r)
	return got.Code
}

// forwardingHeaders are all that proxies are known to send.
var forwardingHeaders = []string{
	"X-Forwarded-For", "X-Real-Ip", "Forwarded", "X-Client-Ip", "True-Client-Ip", "Cf-Connecting-Ip", "X-Cluster-Client-Ip", "Fastly-Client-Ip",
}

// spoofed is every one of them with that address.
func spoofed(ip string) []string {
	var all []string
	for _, name := range forwardingHeaders {
		value := ip
		if name == "Forwarded" {
			value = "for=" + ip
		}
		all = append(all, name, value)
	}
	return all
}

func TestProxy_AddressOfARedemption(t *testing.T) {
	t.Parallel()
	const xff, proxy, inner, client, fake = "X-Forwarded-For", "10.0.0.1", "10.0.0.2", "203.0.113.9", "192.0.2.66"
	for _, c := range []struct {
		name    string
		trusted []string
		peer    string
		headers []string
		want    string
	}{
		{"nobody is trusted", nil, client, spoofed(fake), client},
		{"loopback is not trusted by itself", nil, "127.0.0.1", spoofed(fake), "127.0.0.1"},
		{"a private network is not trusted by itself", []string{"10.0.0.0/8"}, "192.168.1.1", spoofed(fake), "192.168.1.1"},
		{"a link-local address is not trusted by itself", []string{"10.0.0.0/8"}, "169.254.1.1", spoofed(fake), "169.254.1.1"},
		{"loopback is not trusted beside others", []string{"10.0.0.0/8"}, "127.0.0.1", spoofed(fake), "127.0.0.1"},
		{"a stranger is not trusted beside others", []string{"10.0.0.0/8"}, client, spoofed(fake), client},
		{"the proxy tells", []string{"10.0.0.0/8"}, proxy, []string{xff, client}, client},
		{"the proxy says nothing", []string{"10.0.0.0/8"}, proxy, nil, proxy},
		{"only one header counts", []string{"10.0.0.0/8"}, proxy, append(spoofed(fake)[2:], xff, client), client},
		{"the client wrote a chain", []string{"10.0.0.0/8"}, proxy, []string{xff, fake + ", 10.9.9.9, " + client}, client},
		{"two proxies", []string{"10.0.0.0/8"}, proxy, []string{xff, fake + ", " + client + ", " + inner}, client},
		{"two headers", []string{"10.0.0.0/8"}, proxy, []string{xff, fake, xff, client}, client},
		{"no address", []string{"10.0.0.0/8"}, proxy, []string{xff, "<script>"}, ""},
		{"no address after a fake one", []string{"10.0.0.0/8"}, proxy, []string{xff, fake + ", unknown"}, ""},
		{"no address, told by two proxies", []string{"10.0.0.0/8"}, proxy, []string{xff, fake + ", _hidden, " + inner}, ""},
		{"nothing in the header", []string{"10.0.0.0/8"}, proxy, []string{xff, ""}, ""},
		{"a port", []string{"10.0.0.0/8"}, proxy, []string{xff, client + ":51234"}, client},
		{"a port of IPv6", []string{"10.0.0.0/8"}, proxy, []string{xff, "[2001:db8::7]:443"}, "2001:db8::7"},
		{"quotes", []string{"10.0.0.0/8"}, proxy, []string{xff, `"` + client + `"`}, client},
		{"a trailing comma", []string{"10.0.0.0/8"}, proxy, []string{xff, client + ","}, client},
		{"IPv4 written as IPv6", []string{"10.0.0.0/8"}, proxy, []string{xff, "::ffff:" + client}, client},
		{"one address only is trusted", []string{"10.0.0.1/32"}, proxy, []string{xff, fake + ", " + inner}, inner},
		{"IPv6", []string{"fd00::/8"}, "fd00::1", []string{xff, fake + ", 2001:db8::9"}, "2001:db8::9"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := behind(t, c.trusted...)
			token, secret := w.registrationToken("Lab", 1)
			if status := w.redeemFrom(c.peer, secret.Reveal(), c.headers...); status != http.StatusCreated {
				t.Fatalf("status %d", status)
			}
			uses, err := w.store.TokenUses(t.Context(), token.ID, models.PageRequest{})
			must(t, err)
			if got := uses.Items[0].Redemption.IP; got != c.want {
				t.Errorf("stored %q, want %q", got, c.want)
			}
			if c.want != fake && strings.Contains(w.logs.String(), fake) || !strings.Contains(w.logs.String(), `"ip":"`+c.want+`"`) {
				t.Errorf("the log holds another address: %s", w.logs.String())
			}
		})
	}
}

func TestProxy_GuessesAreCountedByTheBelievedAddress(t *testing.T) {
	t.Parallel()
	body := "mrt_" + unknownID + strings.Repeat("0", 32)
	wrong := body + secrets.Checksum(body)
	wants := func(t *testing.T, got, want int) {
		t.Helper()
		if got != want {
			t.Fatalf("status %d, want %d", got, want)
		}
	}
	t.Run("direct", func(t *testing.T) {
		t.Parallel()
		w := behind(t)
		for n := range 10 {
			wants(t, w.redeemFrom("203.0.113.9", wrong, spoofed(fmt.Sprintf("192.0.2.%d", n))...), http.StatusUnauthorized)
		}
		wants(t, w.redeemFrom("203.0.113.9", wrong, spoofed("192.0.2.77")...), http.StatusTooManyRequests)
		wants(t, w.redeemFrom("203.0.113.10", wrong), http.StatusUnauthorized)
	})
	t.Run("behind a proxy", func(t *testing.T) {
		t.Parallel()
		w := behind(t, "10.0.0.0/8")
		for n := range 10 {
			wants(t, w.redeemFrom("10.0.0.1", wrong, "X-Forwarded-For", fmt.Sprintf("192.0.2.%d, 203.0.113.9", n)), http.StatusUnauthorized)
		}
		wants(t, w.redeemFrom("10.0.0.2", wrong, "X-Forwarded-For", "192.0.2.77, 203.0.113.9"), http.StatusTooManyRequests)
		wants(t, w.redeemFrom("10.0.0.1", wrong, "X-Forwarded-For", "203.0.113.10"), http.StatusUnauthorized)
	})
}

// Addresses are built from the configured one, whatever the request says of
// host and scheme.
func TestProxy_HostAndSchemeOfTheRequestBuildNoAddress(t *testing.T) {
	t.Parallel()
	w := behind(t, "127.0.0.0/8")
	for _, path := range []string{
		"/", "/admin", "/auth/login", "/auth/login?return_to=%2Fadmin", "/redeem", "/favicon.ico", "/nope", "/auth/signed-out",
		"/.well-known/oauth-authorization-server", "/token/api/v5/idpConfigurations", "/openapi.json",
	} {
		for _, host := range []string{"", "evil.example"} {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.base+path, http.NoBody)
			must(t, err)
			r.Host = host
			for _, name := range []string{"X-Forwarded-Host", "X-Host", "X-Forwarded-Server", "X-Original-Host"} {
				r.Header.Set(name, "evil.example")
			}
			r.Header.Set("Forwarded", "for=192.0.2.1;host=evil.example;proto=http")
			r.Header.Set("X-Forwarded-Proto", "http")
			r.Header.Set("X-Forwarded-Scheme", "http")
			got := w.browser().send(r)
			if all := fmt.Sprint(got.header) + got.body; strings.Contains(all, "evil.example") || strings.Contains(got.header.Get("Location"), "http://") {
				t.Errorf("%s with host %q: %v", path, host, got.header)
			}
		}
	}
}
