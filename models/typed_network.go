package models

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// TypedNetwork reads a network as people write one: 10.77.0.0/16, 10.77. or
// 10.77.*, 2001:db8::/32, 2001:db8: or 2001:db8:*. A whole address is none.
func TypedNetwork(text string) (netip.Prefix, bool) {
	if prefix, err := netip.ParsePrefix(text); err == nil && prefix.Bits() < prefix.Addr().BitLen() && !prefix.Addr().Is4In6() {
		return prefix.Masked(), true
	}
	if parts, ok := begun(text, "."); ok && len(parts) < 4 && !strings.Contains(text, ":") {
		return begunNetwork(parts, 4, ".", "0", 8)
	}
	if parts, ok := begun(text, ":"); ok && len(parts) < 8 {
		return begunNetwork(parts, 8, ":", "0", 16)
	}
	return netip.Prefix{}, false
}

// begun cuts the beginning of an address into its parts: what follows them is a
// separator, or stars for the rest.
func begun(text, separator string) ([]string, bool) {
	parts := strings.Split(text, separator)
	last := len(parts) - 1
	if last < 1 || parts[last] != "" && parts[last] != "*" {
		return nil, false
	}
	for last > 0 && parts[last-1] == "*" && parts[last] == "*" {
		last--
	}
	return parts[:last], !slices.Contains(parts[:last], "") && last > 0
}

func begunNetwork(parts []string, all int, separator, rest string, bits int) (netip.Prefix, bool) {
	filled := slices.Concat(parts, slices.Repeat([]string{rest}, all-len(parts)))
	prefix, err := netip.ParsePrefix(strings.Join(filled, separator) + "/" + strconv.Itoa(len(parts)*bits))
	return prefix, err == nil
}
