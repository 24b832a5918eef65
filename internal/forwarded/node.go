package forwarded

import (
	"errors"
	"net/netip"
	"strings"
)

var (
	errNoAddress   = errors.New("not an address")
	errUndisclosed = errors.New("the proxy does not tell the address")
)

// parseEntry reads an address as proxies write it into X-Forwarded-For and
// its like: a node, some put it in quotes.
func parseEntry(entry string) (netip.Addr, error) {
	if inner, ok := strings.CutPrefix(entry, `"`); ok {
		if inner, ok = strings.CutSuffix(inner, `"`); ok {
			entry = trimSpace(inner)
		}
	}
	return parseNode(entry)
}

// parseNode reads a node (RFC 7239 section 6): an address, IPv6 in brackets,
// with a port or without. IPv6 without brackets is read as well, which most
// proxies write; then a port cannot be told from the address, so it has none.
// A zone is dropped: it names an interface, or with F5 a route domain, of the
// proxy.
func parseNode(node string) (netip.Addr, error) {
	if name, _, _ := strings.Cut(node, ":"); strings.HasPrefix(name, "_") || strings.EqualFold(name, "unknown") {
		return netip.Addr{}, errUndisclosed
	}
	host, port, hasPort := node, "", false
	inner, bracketed := strings.CutPrefix(node, "[")
	if bracketed {
		var closed bool
		if host, port, closed = strings.Cut(inner, "]"); !closed {
			return netip.Addr{}, errNoAddress
		}
		if port != "" {
			if port, hasPort = strings.CutPrefix(port, ":"); !hasPort {
				return netip.Addr{}, errNoAddress
			}
		}
	} else if strings.Count(node, ":") == 1 {
		host, port, hasPort = strings.Cut(node, ":")
	}
	if hasPort && !isPort(port) {
		return netip.Addr{}, errNoAddress
	}
	host, zone, hasZone := strings.Cut(host, "%")
	address, err := netip.ParseAddr(host)
	if err != nil || bracketed && address.Is4() || hasZone && zone == "" {
		return netip.Addr{}, errNoAddress
	}
	if address = address.Unmap(); address.IsUnspecified() {
		return netip.Addr{}, errNoAddress
	}
	return address, nil
}

// isPort reports whether it is a port of RFC 7239 section 6.2: up to five
// digits, or an obfuscated one.
func isPort(port string) bool {
	if name, ok := strings.CutPrefix(port, "_"); ok {
		return name != "" && strings.Trim(name, obfuscated) == ""
	}
	return port != "" && len(port) <= 5 && strings.Trim(port, digits) == ""
}

const (
	digits     = "0123456789"
	letters    = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	obfuscated = letters + digits + "._-"
)

// trimSpace drops what RFC 9110 calls optional white space.
func trimSpace(text string) string { return strings.Trim(text, " \t") }
