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

// DeviceKey tells devices apart: the host name whatever its case, else the MAC
// address however it is written; empty when neither is known. The host name
// comes first because docking stations and cloned machines share their MAC
// address. Both are as the device reported them, so they never prove anything.
func DeviceKey(c ClaimedIdentity) string {
	if host := strings.ToLower(strings.Trim(c.FQDN, ". ")); host != "" {
		return host
	}
	return strings.ToLower(strings.NewReplacer(":", "", "-", "", ".", "", " ", "").Replace(c.MACAddress))
}

// Domains are the organisations that an identity seems to belong to: the
// domain of the host name without its subdomains ("emea.contoso.example" is
// "contoso.example"), then that of the verified e-mail; none when neither has
// one.
func Domains(v VerifiedIdentity, c ClaimedIdentity) []string {
	var domains []string
	if _, domain, ok := strings.Cut(strings.Trim(c.FQDN, ". "), "."); ok {
		domains = append(domains, registrable(domain))
	}
	if _, domain, ok := strings.Cut(v.Email, "@"); ok {
		domains = append(domains, registrable(domain))
	}
	return domains
}

// DomainOf is the first of [Domains]; empty when there is none.
func DomainOf(v VerifiedIdentity, c ClaimedIdentity) string {
	for _, domain := range Domains(v, c) {
		return domain
	}
	return ""
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
