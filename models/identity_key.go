package models

import (
	"net/netip"

	"muster/models/names"
)

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
