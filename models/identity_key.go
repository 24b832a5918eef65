package models

import (
	"net/netip"
	"strings"
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
