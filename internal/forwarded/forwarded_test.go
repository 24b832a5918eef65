package forwarded_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"muster/internal/forwarded"
)

// The network around the server of these tests. Whatever names an attacker is
// there because a client wrote it.
const (
	proxy, inner = "10.0.0.1", "10.0.0.2"
	client       = "203.0.113.9"
	client6      = "2001:db8::9"
	attacker     = "192.0.2.66"
)

var trusted = []netip.Prefix{
	netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8"), netip.MustParsePrefix("34.120.0.1/32"),
}

// setup is a reader with its log and its clock.
type setup struct {
	*forwarded.Reader
	logs bytes.Buffer
	now  time.Time
}

func read(header string) *setup {
	s := &setup{now: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)}
	s.Reader = forwarded.New(trusted, header, slog.New(slog.NewJSONHandler(&s.logs, nil)), func() time.Time { return s.now })
	return s
}

// from asks for the client of a request that the peer sent, with those lines
// of a header; empty when it is unknown.
func (s *setup) from(peer, header string, lines ...string) string {
	r := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
	r.RemoteAddr = peer
	if lines != nil {
		r.Header[http.CanonicalHeaderKey(header)] = lines
	}
	return text(s.Client(r))
}

func text(address netip.Addr) string {
	if !address.IsValid() {
		return ""
	}
	return address.String()
}

func TestClient_PeerThatIsNotTrustedIsTheClientWhateverItSends(t *testing.T) {
	t.Parallel()
	for peer, want := range map[string]string{
		client + ":4711": client, "[" + client6 + "]:4711": client6, "127.0.0.1:4711": "127.0.0.1", "[::1]:4711": "::1",
		"[fe80::1%eth0]:4711": "fe80::1", "[::ffff:203.0.113.9]:4711": client, "@": "", "": "",
	} {
		for _, header := range []string{"", forwarded.Forwarded, "X-Real-IP"} {
			s := read(header)
			for _, value := range []string{attacker, "for=" + attacker, "unknown"} {
				for _, name := range []string{forwarded.XForwardedFor, forwarded.Forwarded, "X-Real-IP"} {
					if got := s.from(peer, name, value); got != want {
						t.Errorf("peer %q with %s %q: %q, want %q", peer, name, value, got, want)
					}
				}
			}
			if s.logs.Len() > 0 {
				t.Errorf("a stranger writes into the log: %s", s.logs.String())
			}
		}
	}
}

func TestClient_TrustedPeerIsKnownHoweverItsAddressIsWritten(t *testing.T) {
	t.Parallel()
	for _, peer := range []string{proxy + ":4711", "[::ffff:" + proxy + "]:4711", "[fd00::1]:4711", "[fd00::1%eth0]:4711"} {
		if got := read("").from(peer, forwarded.XForwardedFor, client); got != client {
			t.Errorf("peer %s: %q", peer, got)
		}
	}
	mapped := forwarded.New([]netip.Prefix{netip.MustParsePrefix("::ffff:10.0.0.0/104")}, "", slog.New(slog.DiscardHandler), time.Now)
	r := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
	r.RemoteAddr = proxy + ":4711"
	r.Header.Set(forwarded.XForwardedFor, client)
	if got := text(mapped.Client(r)); got != client {
		t.Errorf("a network of IPv4 written as IPv6: %q", got)
	}
}

func TestClient_WalksPastTrustedProxiesToTheFirstStranger(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		lines []string
		want  string
	}{
		"header is missing":                 {nil, proxy},
		"one proxy":                         {[]string{client}, client},
		"two proxies":                       {[]string{client + ", " + inner}, client},
		"client wrote a chain":              {[]string{attacker + ", " + inner + ", " + client}, client},
		"client wrote nonsense":             {[]string{"<script>, " + client}, client},
		"client wrote a line of its own":    {[]string{attacker, client}, client},
		"two lines, two proxies":            {[]string{attacker + "," + client, inner}, client},
		"everybody is trusted":              {[]string{"10.9.9.9, " + inner}, "10.9.9.9"},
		"empty members":                     {[]string{"", attacker + ", ," + client + " ,, " + inner + ",\t"}, client},
		"nothing but empty members":         {[]string{" , ,", ""}, ""},
		"nothing":                           {[]string{""}, ""},
		"unreadable":                        {[]string{"unknown"}, ""},
		"unreadable before a trusted proxy": {[]string{attacker + ", unknown, " + inner}, ""},
		"unreadable before a stranger":      {[]string{"unknown, " + client}, client},
		"unreadable in the last line":       {[]string{client, "unknown"}, ""},
		"everybody trusted, one unreadable": {[]string{"unknown, " + inner}, ""},
		"IPv4 as IPv6 of a trusted proxy":   {[]string{client + ", ::ffff:" + inner}, client},
		"zone of a trusted proxy":           {[]string{client + ", fd00::2%eth0"}, client},
		"quoted, with a comma inside":       {[]string{`"` + attacker + `, ` + client + `"`}, ""},
	} {
		s := read("")
		if got := s.from(proxy+":4711", forwarded.XForwardedFor, c.lines...); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		if logged := s.logs.Len() > 0; logged != (c.want == "") {
			t.Errorf("%s: logged %q", name, s.logs.String())
		}
	}
}

// A header that holds a single address holds it once, and nothing beside it.
func TestClient_SingleAddressStandsAlone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		lines []string
		want  string
	}{
		"header is missing":  {nil, proxy},
		"one":                {[]string{" " + client + " "}, client},
		"one with a port":    {[]string{client + ":443"}, client},
		"a trusted address":  {[]string{inner}, inner},
		"two lines":          {[]string{attacker, client}, ""},
		"the same one twice": {[]string{client, client}, ""},
		"a list":             {[]string{attacker + ", " + client}, ""},
		"a trailing comma":   {[]string{client + ","}, ""},
		"nothing":            {[]string{""}, ""},
		"unknown":            {[]string{"unknown"}, ""},
		"an element":         {[]string{"for=" + client}, ""},
	} {
		if got := read("x-real-ip").from(proxy+":4711", "X-Real-IP", c.lines...); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestClient_ReadsEverySpellingOfAnAddress(t *testing.T) {
	t.Parallel()
	for entry, want := range map[string]string{
		client:                       client,
		client + ":1":                client,
		client + ":65535":            client,
		client + ":_port":            client,
		client + "%2":                client,
		client + "%2:51234":          client,
		`"` + client + `"`:           client,
		`"` + client + `:51234"`:     client,
		`" ` + client + ` "`:         client,
		client6:                      client6,
		"2001:DB8:0::9":              client6,
		"[" + client6 + "]":          client6,
		"[" + client6 + "]:443":      client6,
		`"[` + client6 + `]:443"`:    client6,
		"[fe80::9%25eth0]:443":       "fe80::9",
		"fe80::9%eth0":               "fe80::9",
		"::ffff:" + client:           client,
		"[::ffff:" + client + "]:80": client,
		// A port without brackets is a part of the address.
		client6 + ":443": "2001:db8::9:443",

		"unknown": "", "UNKNOWN": "", "unknown:80": "", "_hidden": "", "_SEVKISEK": "", "_hidden:80": "",
		client + ":": "", client + ":port": "", client + ":123456": "", client + ":_": "", client + ":-1": "",
		client + ":80:80": "", "[" + client + "]": "", "[" + client + "]:80": "", "[" + client6: "", client6 + "]": "",
		"[" + client6 + "]443": "", "[" + client6 + "]:": "", "[]": "", "[]:80": "", ":80": "", "%eth0": "", "fe80::9%": "",
		"203.0.113": "", "203.0.113.09": "", "203.0.113.256": "", "0xcb007109": "", "3405803785": "", "203.0.113.9/32": "",
		"2001:db8:0:0:0:0:0:9:443": "", "::ffff:203.0.113.9:443": "", "0.0.0.0": "", "::": "", "::ffff:0.0.0.0": "",
		"localhost": "", "client.example": "", "unix:": "", "for=" + client: "", client + " " + attacker: "", client + ";": "",
		`"` + client: "", client + `"`: "", `""`: "", `"`: "", "'" + client + "'": "", "２０３.0.113.9": "", "\x00": "", "<script>": "",
	} {
		if got := read("").from(proxy+":4711", forwarded.XForwardedFor, entry); got != want {
			t.Errorf("%q: %q, want %q", entry, got, want)
		}
	}
}

func TestClient_ReadsElementsOfRFC7239(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"for=" + client: client,
		"For=" + client + ";proto=http;by=203.0.113.43":                   client,
		`by=10.0.0.1 ; proto=https;FOR="` + client + `"`:                  client,
		`for="` + client + `:51234"`:                                      client,
		`for="[2001:db8::9]:4711"`:                                        client6,
		`for="[2001:db8::9]"`:                                             client6,
		`for="\2\03.0.113.9"`:                                             client,
		"for=" + client + ":51234":                                        client, // not quoted, as some write it
		"for=[2001:db8::9]":                                               client6,
		"for=" + attacker + ", for=" + client:                             client,
		"for=" + client + ", for=" + inner:                                client,
		"for=" + client + ", for=" + inner + ",":                          client,
		";;for=" + client + ";":                                           client,
		`for=` + client + `;host="a,for=` + attacker + `"`:                client,
		`for=` + client + `;host="a;for=` + attacker + `"`:                client,
		`for=` + client + `;host="\",for=` + attacker + `"`:               client,
		"for=" + inner + ";proto=https, for=" + inner:                     inner,
		"nonsense, for=" + client:                                         client,
		`for="` + attacker + `, for=` + client:                            "",
		`for=` + attacker + `;x=", for="[2001:db8::9]:1"`:                 "",
		`for=` + attacker + `;x=", for=` + client + `;host="` + `,for=1"`: "",
		"for=unknown":                        "",
		"for=_hidden":                        "",
		`for="_gazonk:80"`:                   "",
		"for=" + attacker + ", for=unknown":  "",
		"for=" + client + ", proto=https":    "",
		"proto=https;by=" + client:           "",
		client:                               "",
		"for=":                               "",
		`for=""`:                             "",
		"for = " + client:                    "",
		"for=" + attacker + ";for=" + client: "",
		"for=" + client + " proto=https":     "",
		`for="` + client + `"x`:              "",
		`for="` + client + `\`:               "",
		`for="` + client:                     "",
		`fo r=1;for=` + client:               "",
		"=1;for=" + client:                   "",
		"for=" + client + ";proto":           "",
		"x-for=" + client:                    "",
		"for=http://" + client:               "",
		", ;, ":                              "",
	} {
		if got := read("forwarded").from(proxy+":4711", forwarded.Forwarded, value); got != want {
			t.Errorf("%s\n%q, want %q", value, got, want)
		}
	}
	if got := read("Forwarded").from(proxy+":4711", forwarded.Forwarded, `for="`+attacker, "for="+client); got != client {
		t.Errorf("a string that the client left open reaches into the proxy's line: %q", got)
	}
}

func TestClient_ReportsWhatItCannotReadOnceAMinute(t *testing.T) {
	t.Parallel()
	s := read("")
	lines := func() int { return strings.Count(s.logs.String(), "\n") }
	ask := func(value string) { s.from(proxy+":4711", forwarded.XForwardedFor, value) }
	ask(client)
	if lines() != 0 {
		t.Fatalf("a readable header is logged: %s", s.logs.String())
	}
	secret := "mrt_" + strings.Repeat("k7", 40)
	for range 100 {
		ask("\x1b[31m\"é\n" + secret)
	}
	got := s.logs.String()
	if lines() != 1 || !strings.Contains(got, `"shape":"?[99a\"???aaa_a9a9`) || !strings.Contains(got, `…"`) || len(got) > 400 ||
		!strings.Contains(got, `"header":"X-Forwarded-For"`) || !strings.Contains(got, `"reason":"not an address"`) || !strings.Contains(got, `"proxy":"`+proxy+`"`) {
		t.Errorf("logged %s", got)
	}
	if strings.Contains(got, "k7") {
		t.Error("the log holds what a client sent")
	}
	for _, step := range []struct {
		passes time.Duration
		want   int
	}{{time.Minute - 1, 1}, {1, 2}, {0, 2}, {-time.Hour, 3}, {time.Second, 3}, {time.Hour, 4}} {
		s.now = s.now.Add(step.passes)
		if ask("unknown"); lines() != step.want {
			t.Errorf("%d lines, want %d", lines(), step.want)
		}
	}
}
