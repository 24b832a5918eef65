package names

import (
	"slices"
	"strings"
)

// MAC is a hardware address as it is compared: its 12 hexadecimal digits, or the
// 16 of an EUI-64, whatever stood between them. It is empty for none, and for the
// addresses that stand for none (all zeros, all ones). What cannot be read stays,
// folded: a device may report anything.
func MAC(text string) string {
	digits, ok := macDigits(text)
	switch {
	case !ok:
		return Fold(text)
	case strings.Trim(digits, "0") == "", strings.Trim(digits, "f") == "":
		return ""
	}
	return digits
}

// MACPart is a part of a hardware address as [MAC] has the whole: its digits, whatever
// stood between them. Anything else is folded.
func MACPart(text string) string {
	if digits, ok := macDigits(text); ok {
		return digits
	}
	folded := Fold(text)
	if digits := ungrouped.Replace(folded); digits != "" && strings.Trim(digits, "0123456789abcdef") == "" {
		return digits
	}
	return folded
}

// macDigits are the digits of an address; false if it is none.
func macDigits(text string) (string, bool) {
	text = Fold(text)
	// Some systems leave out a leading zero: 0:1b:44:11:3a:b7.
	if groups := strings.FieldsFunc(text, func(r rune) bool { return r == ':' || r == '-' }); len(groups) == 6 || len(groups) == 8 {
		for i, group := range groups {
			if len(group) == 1 {
				groups[i] = "0" + group
			}
		}
		text = strings.Join(groups, "")
	}
	digits := ungrouped.Replace(text)
	return digits, isAddress(digits)
}

var ungrouped = strings.NewReplacer(":", "", "-", "", ".", "", " ", "")

func isAddress(digits string) bool {
	return (len(digits) == 12 || len(digits) == 16) && strings.Trim(digits, "0123456789abcdef") == ""
}

// sharedMACs begin addresses that many machines have, so that they tell none
// from another: those of drivers that use one address everywhere.
var sharedMACs = []string{
	"0242",             // containers, from their own IP address
	"020000000000",     // Android and iOS, instead of the real one
	"02004c4f4f50",     // Microsoft's loopback adapter
	"00059a3c7a00",     // Cisco AnyConnect
	"025041000001",     // GlobalProtect
	"00090ffe0001",     // FortiClient
	"005056c00001",     // VMware's host-only network
	"005056c00008",     // VMware's NAT
	"0a0027000000",     // VirtualBox's host-only network
	"00000000000000e0", // Windows' tunnels
}

// tellsMachines reports whether a canonical address can tell one machine from
// another: it was read, is not a group address, and is not one of many.
func tellsMachines(mac string) bool {
	if !isAddress(mac) || strings.IndexByte("13579bdf", mac[1]) >= 0 {
		return false
	}
	return !slices.ContainsFunc(sharedMACs, func(shared string) bool { return strings.HasPrefix(mac, shared) })
}

// MACSpellings are the ways in which devices write a 48-bit hardware address:
// with colons, dashes, dots or no separators, in lower and upper case; nil for
// anything else.
func MACSpellings(text string) []string {
	digits, ok := macDigits(text)
	if !ok || len(digits) != 12 {
		return nil
	}
	grouped := func(size int, separator string) string {
		var groups []string
		for group := range slices.Chunk([]byte(digits), size) {
			groups = append(groups, string(group))
		}
		return strings.Join(groups, separator)
	}
	small := []string{grouped(2, ":"), grouped(2, "-"), grouped(4, "."), digits}
	spellings := small
	for _, spelling := range small {
		if capital := strings.ToUpper(spelling); capital != spelling {
			spellings = append(spellings, capital)
		}
	}
	return spellings
}
