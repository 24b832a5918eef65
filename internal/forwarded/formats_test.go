package forwarded_test

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"muster/internal/forwarded"
)

// written is what proxies are known to write for a client, as they come: with
// what the client sent before, or without.
var written = []struct {
	by, header string
	lines      []string
	want       string
}{
	{"nginx, $proxy_add_x_forwarded_for", "X-Forwarded-For", []string{attacker + ", " + client}, client},
	{"nginx, $proxy_add_x_forwarded_for, IPv6", "X-Forwarded-For", []string{client6}, client6},
	{"nginx, $proxy_add_x_forwarded_for, client sent it empty", "X-Forwarded-For", []string{", " + client}, client},
	{"nginx, X-Real-IP $remote_addr", "X-Real-IP", []string{client6}, client6},
	{"nginx, its client on a Unix socket", "X-Forwarded-For", []string{"unix:"}, ""},
	{"nginx, Forwarded by its wiki", "Forwarded", []string{"for=" + attacker + ", for=" + client + ";proto=https"}, client},
	{"nginx, Forwarded by its wiki, IPv6", "Forwarded", []string{`for="[2001:db8::9]"`}, client6},
	{"nginx, Forwarded by its wiki, Unix socket", "Forwarded", []string{"for=unknown"}, ""},
	{"HAProxy, option forwardfor", "X-Forwarded-For", []string{attacker, client}, client},
	{"HAProxy, option forwarded", "Forwarded", []string{"for=" + attacker, "proto=https;for=" + client}, client},
	{"HAProxy, option forwarded with port", "Forwarded", []string{`host="muster.example";by=_haproxy;for="[2001:db8::9]:60138"`}, client6},
	{"HAProxy, option forwarded, hashed", "Forwarded", []string{`host="muster.example";for="_000000007F2F367E:60138"`}, ""},
	{"Apache, mod_proxy", "X-Forwarded-For", []string{attacker + ", " + client}, client},
	{"Traefik", "X-Forwarded-For", []string{attacker + ", " + client}, client},
	{"Traefik", "X-Real-Ip", []string{client}, client},
	{"Envoy", "X-Forwarded-For", []string{attacker + "," + client}, client},
	{"Envoy", "X-Envoy-External-Address", []string{client}, client},
	{"IIS with ARR", "X-Forwarded-For", []string{client + ":51234"}, client},
	{"IIS with ARR, IPv6", "X-Forwarded-For", []string{"[2001:db8::9]:51234"}, client6},
	{"Azure Application Gateway", "X-Forwarded-For", []string{attacker + ":80, " + client + ":51234"}, client},
	{"Azure Front Door", "X-Azure-SocketIP", []string{client}, client},
	{"AWS ALB", "X-Forwarded-For", []string{attacker + ", " + client}, client},
	{"AWS ALB, client port kept", "X-Forwarded-For", []string{attacker + ", " + client + ":51234"}, client},
	{"Cloudflare", "CF-Connecting-IP", []string{client6}, client6},
	{"Cloudflare", "X-Forwarded-For", []string{attacker + "," + client}, client},
	{"Google, whose own address is trusted", "X-Forwarded-For", []string{attacker + "," + client + ",34.120.0.1"}, client},
	{"F5 BIG-IP, route domain", "X-Forwarded-For", []string{attacker, client + "%2"}, client},
	{"YARP, Forwarded", "Forwarded", []string{`proto=https;host="muster.example:443";for="[2001:db8::9]:51234"`}, client6},
	{"Squid, forwarded_for off", "X-Forwarded-For", []string{"unknown"}, ""},
}

func TestClient_ReadsWhatProxiesWrite(t *testing.T) {
	t.Parallel()
	for _, c := range written {
		s := read(c.header)
		if got := s.from(proxy+":4711", c.header, c.lines...); got != c.want {
			t.Errorf("%s: %q: %q, want %q", c.by, c.lines, got, c.want)
		}
		if logged := s.logs.Len() > 0; logged != (c.want == "") {
			t.Errorf("%s: logged %q", c.by, s.logs.String())
		}
	}
}

// formats write an address into a header of the way that proxies do.
var formats = []struct {
	header string
	write  func(netip.Addr, uint16) string
}{
	{forwarded.XForwardedFor, func(a netip.Addr, _ uint16) string { return a.String() }},
	{forwarded.XForwardedFor, func(a netip.Addr, port uint16) string { return netip.AddrPortFrom(a, port).String() }},
	{forwarded.XForwardedFor, func(a netip.Addr, _ uint16) string { return attacker + "," + a.StringExpanded() }},
	{forwarded.XForwardedFor, func(a netip.Addr, _ uint16) string { return `"` + a.String() + `",` }},
	{"X-Real-IP", func(a netip.Addr, _ uint16) string { return a.String() }},
	{"X-Real-IP", func(a netip.Addr, port uint16) string { return netip.AddrPortFrom(a, port).String() }},
	{forwarded.Forwarded, func(a netip.Addr, port uint16) string {
		return fmt.Sprintf("for=%s;by=_us, proto=https;for=%q", attacker, netip.AddrPortFrom(a, port))
	}},
	{forwarded.Forwarded, func(a netip.Addr, _ uint16) string {
		host := a.String()
		if a.Is6() {
			host = "[" + host + "]"
		}
		return fmt.Sprintf("for=%q", host)
	}},
}

func FuzzClient_ReadsBackWhatIsWritten(f *testing.F) {
	f.Add(uint64(0), uint64(0xcb007109), uint16(443), true)
	f.Add(uint64(0x20010db8_00000000), uint64(9), uint16(0), false)
	f.Add(uint64(0), uint64(0xffff_cb007109), uint16(65535), false)
	f.Fuzz(func(t *testing.T, high, low uint64, port uint16, v4 bool) {
		var raw [16]byte
		binary.BigEndian.PutUint64(raw[:8], high)
		binary.BigEndian.PutUint64(raw[8:], low)
		address := netip.AddrFrom16(raw)
		if v4 {
			address = netip.AddrFrom4([4]byte(raw[12:]))
		}
		want := text(address.Unmap())
		if address.Unmap().IsUnspecified() || strings.HasPrefix(want, "10.") || strings.HasPrefix(want, "fd") || want == "34.120.0.1" {
			t.Skip("nobody's, or a proxy's")
		}
		for i, format := range formats {
			value := format.write(address, port)
			if got := read(format.header).from(proxy+":4711", format.header, value); got != want {
				t.Errorf("format %d: %s is read as %q, want %q", i, value, got, want)
			}
		}
	})
}

// FuzzClient_NeverTakesAStrangerForTheProxy sends any header: the address of
// the proxy comes out only where it was written.
func FuzzClient_NeverTakesAStrangerForTheProxy(f *testing.F) {
	for _, c := range written {
		f.Add(strings.Join(c.lines, "\n"))
	}
	f.Fuzz(func(t *testing.T, value string) {
		const peer, mapped = "10.99.88.77", "a63:584d"
		for _, header := range []string{forwarded.XForwardedFor, forwarded.Forwarded, "X-Real-IP"} {
			got := read(header).from(peer+":4711", header, strings.Split(value, "\n")...)
			plain := strings.ReplaceAll(strings.ToLower(value), `\`, "")
			if got == peer && !strings.Contains(plain, peer) && !strings.Contains(plain, mapped) && !strings.Contains(plain, "a63:88.77") {
				t.Errorf("%s: %q is taken for the proxy", header, value)
			}
		}
	})
}

// FuzzClient_ClientCannotChooseItsAddress lets a client write whatever it
// likes before the proxy's own entry, and into the host that the proxy quotes:
// at worst its address is unknown.
func FuzzClient_ClientCannotChooseItsAddress(f *testing.F) {
	f.Add(attacker, "muster.example")
	f.Add(`for=`+attacker+`;x="`, `,for=`+attacker)
	f.Add(`for=`+attacker+`;x="\`, `";for=`+attacker+`;y="`)
	f.Add(`"`, `",for=`+attacker+`,z"`)
	escape := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	f.Fuzz(func(t *testing.T, sent, host string) {
		for _, entry := range []string{client, client + ":51234", "[2001:db8::9]:51234"} {
			if got := read("").from(proxy+":4711", forwarded.XForwardedFor, sent+", "+entry); got != client && got != client6 {
				t.Errorf("X-Forwarded-For: %q makes it %q", sent, got)
			}
		}
		for _, element := range []string{
			"for=" + client, `for="[2001:db8::9]:51234"`,
			`for=` + client + `;host="` + escape.Replace(host) + `";proto=https`,
			`host="` + escape.Replace(host) + `";for="[2001:db8::9]:51234"`,
		} {
			if got := read("Forwarded").from(proxy+":4711", "Forwarded", sent+", "+element); got != "" && got != client && got != client6 {
				t.Errorf("Forwarded: %q and the host %q make it %q", sent, host, got)
			}
			if got := read("Forwarded").from(proxy+":4711", "Forwarded", sent, element); got != client && got != client6 {
				t.Errorf("Forwarded: the line %q and the host %q make it %q", sent, host, got)
			}
		}
	})
}
