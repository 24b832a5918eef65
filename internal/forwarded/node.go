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

// parseEntry reads an address as proxies write it into X-Forwarded-For and similar
// headers: a node, sometimes in quotes.
func parseEntry(entry string) (netip.Addr, error) {
	if inner, ok := strings.CutPrefix(entry, `"`); ok {
		if inner, ok = strings.CutSuffix(inner, `"`); ok {
			entry = trimSpace(inner)
		}
	}
	return parseNode(entry)
}

// parseNode reads a node (RFC 7239 section 6): an address, IPv6 in brackets,
// with or without a port. IPv6 without brackets, as most proxies write it, is
// accepted too; it has no port, which could not be told from the address. A zone is
// dropped: it names an interface of the proxy, or an F5 route domain.
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

// isPort reports a port of RFC 7239 section 6.2: up to five digits, or an obfuscated
// one.
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

// trimSpace removes the optional white space of RFC 9110.
func trimSpace(text string) string { return strings.Trim(text, " \t") }
