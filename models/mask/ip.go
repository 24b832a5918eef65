package mask

import (
	"net/netip"
	"regexp"
	"strconv"
	"strings"
)

// IP keeps the network of an address: 10.1.*.* for IPv4, the first 32 bits
// for IPv6, 2001:db8:*. Anything that is not an address is hidden completely.
func IP(ip string) string {
	if ip == "" {
		return ""
	}
	address, err := netip.ParseAddr(ip)
	if err != nil {
		return "*"
	}
	return maskAddress(address)
}

// The bits of an address that its mask shows.
const shownOf4, shownOf6 = 16, 32

// Shows reports whether masks tell which addresses are in a network.
func Shows(network netip.Prefix) bool {
	if network.Addr().Is4() {
		return network.Bits() <= shownOf4
	}
	return network.Bits() <= shownOf6
}

func maskAddress(address netip.Addr) string {
	address = address.Unmap().WithZone("")
	if address.Is4() {
		octets := address.As4()
		return strconv.Itoa(int(octets[0])) + "." + strconv.Itoa(int(octets[1])) + ".*.*"
	}
	groups := address.As16()
	network := netip.AddrFrom16([16]byte{groups[0], groups[1], groups[2], groups[3]})
	return strings.TrimSuffix(network.String(), "::") + ":*"
}

var (
	// colonRun may be an IPv6 address and text that touches it.
	colonRun = regexp.MustCompile(`[0-9A-Fa-f]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*`)
	// dashRun may be an IPv6 address in the name of a host, as Windows and providers
	// write it: 2001-db8--77.
	dashRun = regexp.MustCompile(`[0-9A-Fa-f]{1,4}(?:--?[0-9A-Fa-f]{1,4}){2,}`)
	// digitRuns may be IPv4 addresses, with dots or, as providers name their
	// customers' hosts, with dashes or underscores.
	digitRuns = regexp.MustCompile(`[0-9]+(?:\.+[0-9]+){3,}|[0-9]+(?:-+[0-9]+){3,}|[0-9]+(?:_+[0-9]+){3,}`)
	// macDashes is a hardware address that happens to have only digits.
	macDashes = regexp.MustCompile(`^[0-9]{2}(?:-[0-9]{2}){5}$`)
)

// maskIPs hides the IP addresses in a word.
func maskIPs(word string) string {
	if lower := strings.ToLower(word); strings.Contains(lower, ".in-addr.arpa") || strings.Contains(lower, ".ip6.arpa") {
		return "*" + lower[strings.LastIndex(lower, ".i"):] // written backwards: the host first
	}
	word = colonRun.ReplaceAllStringFunc(word, maskIPv6)
	word = dashRun.ReplaceAllStringFunc(word, func(run string) string {
		return strings.ReplaceAll(maskIPv6(strings.ReplaceAll(run, "-", ":")), ":", "-")
	})
	return digitRuns.ReplaceAllStringFunc(word, maskIPv4)
}

// longestIPv6 is the longest text that netip reads, without a zone.
const longestIPv6 = len("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255")

// maskIPv6 masks the address in a run of groups and the rest of the run; a label
// ("ip:…") and the full stop of a sentence may touch it.
func maskIPv6(run string) string {
	for at := 0; at < len(run); {
		if address, ok := leadingIPv6(run[at:]); ok {
			return run[:at] + maskAddress(address) + run[len(strings.TrimRight(run, ".:")):]
		}
		next := strings.IndexByte(run[at:], ':') + 1
		if next == 0 {
			break
		}
		at += next
	}
	return run
}

// leadingIPv6 finds the longest address that a text begins with.
func leadingIPv6(text string) (address netip.Addr, ok bool) {
	for end := min(len(text), longestIPv6); end > len("::"); end-- {
		if address, err := netip.ParseAddr(text[:end]); err == nil && !address.Is4() {
			return address, true
		}
	}
	return netip.Addr{}, false
}

// maskIPv4 keeps the first two groups of a run in which four groups could be
// an address, whatever else touches it.
func maskIPv4(run string) string {
	if macDashes.MatchString(run) {
		return run
	}
	groups := strings.FieldsFunc(run, func(r rune) bool { return r < '0' || r > '9' })
	separator := run[len(groups[0]) : len(groups[0])+1]
	const octets = 4
	for i := range len(groups) - octets + 1 {
		if areOctets(groups[i : i+octets]) {
			for hidden := 2; hidden < len(groups); hidden++ {
				groups[hidden] = "*"
			}
			return strings.Join(groups, separator)
		}
	}
	return run
}

// areOctets reads leading zeros as people do: 010 is 10.
func areOctets(groups []string) bool {
	for _, group := range groups {
		if n, err := strconv.Atoi("0" + strings.TrimLeft(group, "0")); err != nil || n > 255 {
			return false
		}
	}
	return true
}
