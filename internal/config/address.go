package config

import (
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// baseURL is an origin: Muster owns a whole host name.
func baseURL(at *string) value {
	return value{"URL", func(in input) {
		u, err := url.Parse(in.text)
		switch {
		case err != nil || u.Hostname() == "" || (u.Scheme != "http" && u.Scheme != "https") || !isPort(u.Port()):
			in.wrong("%s is %q, which is not an address; write it like https://muster.example.com.", in.variable, displayURL(in.text))
		case u.User != nil:
			in.wrong("%s must not hold a user name or password; leave them out.", in.variable)
		case strings.TrimRight(u.Path, "/") != "" || u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
			in.wrong("%s is %q and must have no path, query or fragment: Muster owns a whole host name; use %s://%s.", in.variable, displayURL(in.text), u.Scheme, u.Host)
		case u.Scheme == "http" && !IsLoopbackHost(u.Hostname()):
			in.wrong("%s is %q: tokens must not travel in clear; use https://%s (TLS may end at a proxy).", in.variable, displayURL(in.text), u.Host)
		default:
			*at = origin(u.Scheme, u.Hostname(), u.Port())
		}
	}, func() string { return *at }}
}

// issuer keeps the text unchanged: it is compared exactly, including a last slash.
func issuer(at *string) value {
	return value{"URL", func(in input) {
		u, err := url.Parse(in.text)
		switch {
		case err != nil || u.Hostname() == "" || (u.Scheme != "http" && u.Scheme != "https"):
			in.wrong("%s is %q, which is not an address; copy the issuer from the provider's discovery document.", in.variable, displayURL(in.text))
		case u.User != nil || u.RawQuery != "" || u.Fragment != "":
			in.wrong("%s must have no user name, query or fragment; copy the issuer from the provider's discovery document.", in.variable)
		case u.Scheme == "http" && !IsLoopbackHost(u.Hostname()):
			in.wrong("%s is %q: a login over http can be forged; use the provider's https address.", in.variable, displayURL(in.text))
		default:
			*at = in.text
		}
	}, func() string { return *at }}
}

// TicketPlace stands for the reference of a ticket.
const TicketPlace = "{ticket}"

// ticketURL is an address that holds [TicketPlace] behind its host, so that no
// reference leads to another one.
func ticketURL(at *string) value {
	return value{"URL", func(in input) {
		u, err := url.Parse(in.text)
		switch {
		case err != nil || u.Hostname() == "" || (u.Scheme != "http" && u.Scheme != "https") || !isPort(u.Port()):
			in.wrong("%s is %q, which is not an address; write it like https://desk.example.com/browse/%s.", in.variable, displayURL(in.text), TicketPlace)
		case u.User != nil:
			in.wrong("%s must not hold a user name or password; leave them out.", in.variable)
		case !strings.Contains(u.Path+" "+u.RawQuery+" "+u.Fragment, TicketPlace) || strings.Contains(u.Host, TicketPlace):
			in.wrong("%s is %q and must have %s behind the host name, in the place of the reference; write it like https://desk.example.com/browse/%s.", in.variable, in.text, TicketPlace, TicketPlace)
		default:
			*at = in.text
		}
	}, func() string { return *at }}
}

// isPort reports whether a URL may hold it; empty is the scheme's own.
func isPort(port string) bool {
	n, err := strconv.ParseUint(port, 10, 16)
	return port == "" || err == nil && n > 0
}

// origin writes scheme, host and port as browsers do, in lower case and without the
// default port: what browsers send is compared with it.
func origin(scheme, host, port string) string {
	host = strings.ToLower(host)
	port = strings.TrimLeft(port, "0")
	if port == "" || scheme == "http" && port == "80" || scheme == "https" && port == "443" {
		if strings.Contains(host, ":") {
			host = "[" + host + "]"
		}
		return scheme + "://" + host
	}
	return scheme + "://" + net.JoinHostPort(host, port)
}

// DevBaseURL is the base URL of a development server that was told to listen on
// listen and got port. It keeps the host name of listen.
func DevBaseURL(listen string, port int) string {
	host, _, err := net.SplitHostPort(listen)
	if err != nil || host == "" {
		host = "127.0.0.1"
	}
	return origin("http", host, strconv.Itoa(port))
}

// IsLoopbackHost reports whether a host name, without port, means this
// machine only. Names other than localhost are not looked up.
func IsLoopbackHost(host string) bool {
	host = strings.ToLower(strings.Trim(host, "[]"))
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// displayURL is v as problems show it, without a password.
func displayURL(v string) string {
	u, err := url.Parse(v)
	if err != nil || u.User != nil {
		return "…"
	}
	return v
}
