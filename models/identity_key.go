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
