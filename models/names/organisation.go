package names

import (
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// Domains are the organisations that a host name and a verified e-mail seem to
// belong to: that of the host ("contoso.example" for "lt-1.emea.contoso.example"),
// then that of the e-mail; empty when neither has one.
func Domains(host, email string) []string {
	var domains []string
	host = canonicalDomain(host)
	if _, above, qualified := strings.Cut(host, "."); qualified {
		domains = append(domains, organisation(host, above))
	}
	if at := strings.LastIndexByte(email, '@'); at >= 0 {
		domain := canonicalDomain(email[at+1:])
		domains = append(domains, organisation(domain, domain))
	}
	return slices.DeleteFunc(domains, func(domain string) bool { return domain == "" })
}

// tenantSuffixes are domains below which each customer of a cloud has a name, in
// addition to those of the public suffix list.
var tenantSuffixes = []string{"onmicrosoft.com", "onmicrosoft.us"}

// Routers and clouds give these names to anybody's machines.
var (
	// bareDomains alone name no organisation. A company may use a domain below
	// one: "pc1.contoso.local" is Contoso's, "anns-macbook.local" is no one's.
	bareDomains = []string{"local", "localdomain", "localhost", "lan", "home", "internal", "workgroup", "mshome", "router", "gateway"}
	// machineDomains name no organisation, whatever is below them.
	machineDomains = []string{
		"home.arpa", "fritz.box", "easy.box", "o2.box", "speedport.ip", "mshome.net", "attlocal.net", "ec2.internal", "compute.internal", "internal.cloudapp.net",
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

func lastLabels(name string, n int) string {
	labels := strings.Split(name, ".")
	return strings.Join(labels[max(0, len(labels)-n):], ".")
}
