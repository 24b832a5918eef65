package models

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// Domains are the organisations an identity seems to belong to: that of the host
// name ("contoso.example" for "lt-1.emea.contoso.example"), then that of the
// verified e-mail; empty when neither has one.
func Domains(v VerifiedIdentity, c ClaimedIdentity) []string {
	var domains []string
	host := canonicalDomain(c.FQDN)
	if _, above, qualified := strings.Cut(host, "."); qualified {
		domains = append(domains, organisation(host, above))
	}
	if at := strings.LastIndexByte(v.Email, '@'); at >= 0 {
		domain := canonicalDomain(v.Email[at+1:])
		domains = append(domains, organisation(domain, domain))
	}
	return slices.DeleteFunc(domains, func(domain string) bool { return domain == "" })
}

// DomainOf is the first of [Domains]; empty when there is none.
func DomainOf(v VerifiedIdentity, c ClaimedIdentity) string {
	for _, domain := range Domains(v, c) {
		return domain
	}
	return ""
}

// tenantSuffixes are domains below which each customer of a cloud has a name, in
// addition to those of the public suffix list.
var tenantSuffixes = []string{"onmicrosoft.com", "onmicrosoft.us"}

// Routers and clouds give these names to anybody's machines.
var (
	// bareDomains alone name no organisation. A company may use a domain below
	// one: "pc1.contoso.local" is Contoso's, "anns-macbook.local" is no one's.
	bareDomains = []string{"local", "localdomain", "localhost", "lan", "home", "internal"}
	// machineDomains name no organisation, whatever is below them.
	machineDomains = []string{
		"home.arpa", "fritz.box", "ec2.internal", "compute.internal", "internal.cloudapp.net",
		"compute.amazonaws.com", "compute-1.amazonaws.com",
	}
)

// organisation is the part of a domain that identifies an organisation: what
// somebody registered below a public suffix. A cloud that gives each customer a
// name is also such a suffix, so that two tenants are two organisations. Below a
// domain that cannot be registered ("corp", "contoso.local"), it is the last two
// labels of directory, the domain above the machine's own label. It is empty if
// the name is not a domain, or if any machine may have it.
func organisation(name, directory string) string {
	if !isDomain(name) {
		return ""
	}
	below := func(suffix string) bool { return name == suffix || strings.HasSuffix(name, "."+suffix) }
	if slices.ContainsFunc(machineDomains, below) {
		return ""
	}
	suffix, registry := publicsuffix.PublicSuffix(name)
	if i := slices.IndexFunc(tenantSuffixes, below); i >= 0 {
		suffix = tenantSuffixes[i]
	}
	domain := name
	switch {
	case !registry && !strings.Contains(suffix, "."):
		domain = lastLabels(directory, 2)
		if slices.Contains(bareDomains, domain) {
			return ""
		}
	case name != suffix:
		domain = lastLabels(name, 2+strings.Count(suffix, "."))
	}
	return displayedDomain(domain)
}

// A domain ends in a label with a letter in it, and not in a number, not even a
// hexadecimal one.
var (
	lastLabel   = regexp.MustCompile(`(?:^|\.)[\pN\pM_-]*\pL[\pL\pM\pN_-]*$`)
	hexadecimal = regexp.MustCompile(`(?:^|\.)0x[0-9a-f]*$`)
)

// isDomain tells a domain from an IP address, with or without a port, prefix or
// zone, and from a part of one.
func isDomain(name string) bool {
	name = displayedDomain(name)
	return lastLabel.MatchString(name) && !hexadecimal.MatchString(name) && !strings.ContainsAny(name, ":/%[]") && !strings.Contains(name, "..")
}

func lastLabels(name string, n int) string {
	labels := strings.Split(name, ".")
	return strings.Join(labels[max(0, len(labels)-n):], ".")
}

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
	text = strings.Trim(spelling.Replace(text), ". ")
	if _, err := netip.ParseAddr(text); err == nil {
		return ""
	}
	if ascii, err := toDNS.ToASCII(text); err == nil {
		return ascii
	}
	return strings.ToLower(text)
}

// DomainSpellings are the ways to write a domain of [Domains] in an e-mail
// address; nil if it is not a domain, but for example an IP address.
func DomainSpellings(domain string) []string {
	switch ascii := canonicalDomain(domain); {
	case !isDomain(ascii):
		return nil
	case ascii != domain:
		return []string{domain, ascii}
	}
	return []string{domain}
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
