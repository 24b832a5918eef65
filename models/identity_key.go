package models

import (
	"net/netip"
	"strings"

	"muster/models/names"
)

// PersonKey identifies a person: by the verified identity, else by the reported
// user name, ignoring case; empty when neither is known.
func PersonKey(v VerifiedIdentity, c ClaimedIdentity) string {
	if v.Subject != "" {
		return v.Issuer + " " + v.Subject
	}
	return strings.ToLower(strings.TrimSpace(c.SystemUserName))
}

// DeviceKey identifies a device: by its host name, ignoring case, else by its MAC
// address in any notation; empty when neither is known. The host name comes
// first because docking stations and cloned machines share a MAC address. The
// device reported both, so they prove nothing.
func DeviceKey(c ClaimedIdentity) string {
	if host := strings.ToLower(strings.Trim(c.FQDN, ". ")); host != "" {
		return host
	}
	return strings.ToLower(strings.NewReplacer(":", "", "-", "", ".", "", " ", "").Replace(c.MACAddress))
}

// NetworkOf is the network of an address: its /16, or its /48 for IPv6; empty
// for anything else.
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

// Domains are the organisations an identity seems to belong to, as in
// [names.Domains].
func Domains(v VerifiedIdentity, c ClaimedIdentity) []string {
	return names.Domains(c.FQDN, v.Email)
}

// DomainOf is the first of [Domains]; empty when there is none.
func DomainOf(v VerifiedIdentity, c ClaimedIdentity) string {
	for _, domain := range Domains(v, c) {
		return domain
	}
	return ""
}

// SightingOf is what an identity says about who and where.
func SightingOf(v VerifiedIdentity, c ClaimedIdentity) names.Sighting {
	return names.Sighting{User: c.SystemUserName, Host: c.FQDN, MAC: c.MACAddress, Issuer: v.Issuer, Subject: v.Subject, Email: v.Email}
}
