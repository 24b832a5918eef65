package models

import (
	"net/netip"
	"slices"
	"strings"

	"muster/models/names"
)

// Admission says who may redeem a registration token, besides having its
// secret. The zero value admits everybody.
type Admission struct {
	// OnlyExpected admits only people on the expected list.
	OnlyExpected bool
	// SignInRequired admits only signed-in people, so that every use has a
	// verified identity.
	SignInRequired bool
	// EmailDomains are the domains allowed for the verified e-mail; empty allows
	// all. What a device reports proves no domain, so they require a sign-in too.
	EmailDomains []string `gorm:"column:allowed_email_domains;serializer:json"`
	// Networks are those allowed for the observed address, as CIDR; empty allows
	// all.
	Networks []string `gorm:"column:allowed_networks;serializer:json"`
	// ExpectedCount is the length of the list.
	ExpectedCount int
	// AdmissionVersion counts the edits of list and rules.
	AdmissionVersion int
}

// AdmissionRule names the rule that turned a redemption away.
type AdmissionRule string

// The rules, in the order in which they are judged.
const (
	// AdmissionAddressUnknown is AdmissionNetwork for an address that no proxy
	// reported in a readable way: it may be in an allowed network or not.
	AdmissionAddressUnknown AdmissionRule = "address_unknown"
	AdmissionNetwork        AdmissionRule = "network"
	AdmissionSignIn         AdmissionRule = "sign_in"
	AdmissionEmailDomain    AdmissionRule = "email_domain"
	// AdmissionExpectedSignIn is AdmissionExpected for somebody who is not
	// signed in, where a sign-in may be enough: the list contains e-mail
	// addresses.
	AdmissionExpectedSignIn AdmissionRule = "expected_sign_in"
	AdmissionExpected       AdmissionRule = "expected_only"
)

// AdmissionRules lists every rule.
var AdmissionRules = []AdmissionRule{
	AdmissionAddressUnknown, AdmissionNetwork, AdmissionSignIn, AdmissionEmailDomain, AdmissionExpectedSignIn, AdmissionExpected,
}

// Bounds of list and rules. Patterns with * are compared one by one at each
// redemption, so only a few are allowed.
const (
	MaxExpected         = 5_000
	MaxExpectedPatterns = 200
	MaxAdmissionEntries = 50 // e-mail domains, and networks
)

// Presented is what a redemption is judged by.
type Presented struct {
	Claimed  ClaimedIdentity
	Verified VerifiedIdentity
	// IP is the address as the server observed it.
	IP string
}

// Judged is the outcome of applying list and rules to a redemption.
type Judged struct {
	// Refused is the rule that turns it away; empty when it is admitted.
	Refused AdmissionRule
	// Expected is the entry of the list that matches; nil for none.
	Expected *Expectation
	// Unexpected is true when there is a list and no entry matches.
	Unexpected bool
}

// Listed is what a list says about a redemption.
type Listed struct {
	Match *Expectation
	// HasEmails is true when a sign-in might have matched.
	HasEmails bool
}

// Judge decides whether a redemption is admitted. It is the only place that
// does, for redemptions as well as for the tester.
func (a Admission) Judge(p Presented, list Listed) Judged {
	j := Judged{Expected: list.Match, Unexpected: a.ExpectedCount > 0 && list.Match == nil}
	signedIn := !p.Verified.IsZero()
	switch {
	case len(a.Networks) > 0 && p.IP == "":
		j.Refused = AdmissionAddressUnknown
	case len(a.Networks) > 0 && !inNetworks(p.IP, a.Networks):
		j.Refused = AdmissionNetwork
	case !signedIn && (a.SignInRequired || len(a.EmailDomains) > 0):
		j.Refused = AdmissionSignIn
	case len(a.EmailDomains) > 0 && !inEmailDomains(p.Verified.Email, a.EmailDomains):
		j.Refused = AdmissionEmailDomain
	case !a.OnlyExpected || list.Match != nil:
	case !signedIn && list.HasEmails:
		j.Refused = AdmissionExpectedSignIn
	default:
		j.Refused = AdmissionExpected
	}
	return j
}

// Open reports whether there is neither a rule nor a list.
func (a Admission) Open() bool {
	return !a.OnlyExpected && !a.SignInRequired && len(a.EmailDomains) == 0 && len(a.Networks) == 0 && a.ExpectedCount == 0
}

func inNetworks(ip string, networks []string) bool {
	address, err := netip.ParseAddr(ip)
	if err != nil {
		return false
	}
	address = address.Unmap().WithZone("")
	return slices.ContainsFunc(networks, func(network string) bool {
		prefix, err := netip.ParsePrefix(network)
		return err == nil && prefix.Contains(address)
	})
}

func inEmailDomains(email string, domains []string) bool {
	at := strings.LastIndexByte(email, '@')
	if at < 0 {
		return false
	}
	domain := names.FoldHost(email[at+1:])
	return slices.ContainsFunc(domains, func(allowed string) bool { return names.FoldHost(allowed) == domain })
}

// ParseNetwork reads a network as CIDR, or a single address; the result is as
// it is stored. False for anything else.
func ParseNetwork(text string) (string, bool) {
	prefix, err := netip.ParsePrefix(text)
	if err != nil {
		address, err := netip.ParseAddr(text)
		if err != nil || address.Zone() != "" {
			return "", false
		}
		prefix = netip.PrefixFrom(address, address.BitLen())
	}
	if address := prefix.Addr(); address.Is4In6() {
		const mapped = 96
		if prefix.Bits() < mapped {
			return "", false
		}
		prefix = netip.PrefixFrom(address.Unmap(), prefix.Bits()-mapped)
	}
	return prefix.Masked().String(), true
}

// ParseEmailDomain reads the domain of e-mail addresses, with or without a
// leading @; the result is as it is stored. False for anything else.
func ParseEmailDomain(text string) (string, bool) {
	domain := names.Fold(strings.TrimPrefix(text, "@"))
	if domain == "" || len(domain) > 253 || strings.ContainsAny(domain, "@*/\\ ,;:") || CheckText("", text, MaxNameLength, false) != nil {
		return "", false
	}
	labels := strings.Split(domain, ".")
	return domain, len(labels) > 1 && !slices.Contains(labels, "")
}

// CheckAdmission says what is wrong with rules, by field of the form. The rules
// it returns are those to store.
func CheckAdmission(a Admission) (Admission, []FieldError) {
	var fields []FieldError
	read := func(field, thing string, texts []string, parse func(string) (string, bool)) []string {
		var all []string
		for _, text := range texts {
			switch value, ok := parse(text); {
			case !ok:
				fields = append(fields, FieldError{Field: field, Message: "“" + text + "” is not " + thing + "."})
				return nil
			case !slices.Contains(all, value):
				all = append(all, value)
			}
		}
		if len(all) > MaxAdmissionEntries {
			fields = append(fields, FieldError{Field: field, Message: "At most 50 can be given."})
		}
		return all
	}
	a.EmailDomains = read("emailDomains", "an e-mail domain, like contoso.example", a.EmailDomains, ParseEmailDomain)
	a.Networks = read("networks", "a network or address, like 192.0.2.0/24", a.Networks, ParseNetwork)
	return a, fields
}
