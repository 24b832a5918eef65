package models

import (
	"net/netip"
	"strings"
)

// PersonKey tells people apart: the verified identity, else the user name as
// the device reported it, whatever its case; empty when neither is known.
func PersonKey(v VerifiedIdentity, c ClaimedIdentity) string {
	if v.Subject != "" {
		return v.Issuer + " " + v.Subject
	}
	return strings.ToLower(strings.TrimSpace(c.SystemUserName))
}

// DeviceKey tells devices apart: the MAC address however it is written, else
// the host name whatever its case; empty when neither is known. Both are as
// the device reported them, so they never prove anything.
func DeviceKey(c ClaimedIdentity) string {
	hex := strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9', r >= 'a' && r <= 'f':
			return r
		case r >= 'A' && r <= 'F':
			return r + 'a' - 'A'
		case r == ':' || r == '-' || r == '.':
			return -1
		default:
			return '?'
		}
	}, strings.TrimSpace(c.MACAddress))
	if len(hex) == 12 && !strings.Contains(hex, "?") {
		return hex
	}
	return strings.ToLower(strings.TrimSuffix(strings.TrimSpace(c.FQDN), "."))
}

// DomainOf is the organisation that an identity seems to belong to: the
// domain of the verified e-mail, else of the host name without its subdomains
// ("emea.contoso.example" is "contoso.example"); empty when there is none.
func DomainOf(v VerifiedIdentity, c ClaimedIdentity) string {
	if _, domain, ok := strings.Cut(v.Email, "@"); ok {
		return registrable(domain)
	}
	_, domain, ok := strings.Cut(c.FQDN, ".")
	if !ok {
		return ""
	}
	return registrable(domain)
}

// registrable is the part of a domain that is registered, near enough to tell
// organisations apart: two labels, three below a country's short second level
// ("co.uk").
func registrable(domain string) string {
	labels := strings.Split(strings.ToLower(strings.Trim(domain, ".")), ".")
	keep := 2
	if n := len(labels); n > 2 && len(labels[n-1]) == 2 && len(labels[n-2]) <= 3 {
		keep = 3
	}
	return strings.Join(labels[max(0, len(labels)-keep):], ".")
}

// NetworkOf is the larger network that an address belongs to: its /16, or its
// /48 for IPv6; empty when it is no address.
func NetworkOf(ip string) string {
	address, err := netip.ParseAddr(ip)
	if err != nil {
		return ""
	}
	bits := 16
	if address = address.Unmap(); address.Is6() {
		bits = 48
	}
	return netip.PrefixFrom(address.WithZone(""), bits).Masked().String()
}
