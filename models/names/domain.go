package names

import (
	"net/netip"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
)

// Names are compared as in DNS, and stored and shown as people write them.
// Machines often have names that are not valid host names, so those are accepted
// as far as they can be read.
var (
	toDNS    = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(false))
	fromDNS  = idna.New(idna.Transitional(false), idna.StrictDomainName(false))
	spelling = strings.NewReplacer("。", ".", "．", ".", "｡", ".")
)

// canonicalDomain is a domain in lower case and in its ASCII form, without
// surrounding dots and spaces; empty for an IP address.
func canonicalDomain(text string) string {
	bare := func(text string) string {
		return strings.TrimFunc(text, func(r rune) bool { return r == '.' || unicode.IsSpace(r) })
	}
	text = bare(spelling.Replace(text))
	if _, err := netip.ParseAddr(text); err == nil {
		return ""
	}
	if ascii, err := toDNS.ToASCII(text); err == nil {
		return bare(ascii)
	}
	return bare(fold(text))
}

// displayedDomain reverses the ASCII form.
func displayedDomain(domain string) string {
	if !strings.Contains(domain, "xn--") {
		return domain
	}
	if text, err := fromDNS.ToUnicode(domain); err == nil {
		return text
	}
	return domain
}

// isDomain tells a domain from an IP address, with or without a port, prefix or
// zone, and from a part of one: it ends in a label with a letter in it, and not
// in a number, not even a hexadecimal one.
func isDomain(name string) bool {
	name = displayedDomain(name)
	if strings.ContainsAny(name, ":/%[]") || strings.Contains(name, "..") {
		return false
	}
	label, letter := name[strings.LastIndexByte(name, '.')+1:], false
	for _, r := range label {
		switch {
		case unicode.IsLetter(r):
			letter = true
		case r != '_' && r != '-' && !unicode.In(r, unicode.Number, unicode.Mark):
			return false
		}
	}
	digits, hexadecimal := strings.CutPrefix(label, "0x")
	return letter && (!hexadecimal || strings.Trim(digits, "0123456789abcdef") != "")
}
