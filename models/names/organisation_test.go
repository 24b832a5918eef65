package names_test

import (
	"slices"
	"strings"
	"testing"

	"muster/models/names"
)

// What a support engineer would call one organisation, by the names that
// machines report and by e-mail addresses.
func TestDomains_AreOrganisations(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]string{
		// Registered below a country or a generic domain, however deep.
		"pc1.emea.sap.de":           "sap.de",
		"pc2.apj.sap.de":            "sap.de",
		"sap.de":                    "sap.de",
		"pc1.eu.hp.de":              "hp.de",
		"pc1.paris.ibm.fr":          "ibm.fr",
		"pc1.lab.abc.co":            "abc.co",
		"PC1.Emea.Contoso.COM.":     "contoso.com",
		"a.b.contoso.co.uk":         "contoso.co.uk",
		"pc1.ward3.royal.nhs.uk":    "royal.nhs.uk",
		"pc1.cs.uni-graz.ac.at":     "uni-graz.ac.at",
		"pc1.contoso.com.au":        "contoso.com.au",
		"pc1.works.contoso.kobe.jp": "works.contoso.kobe.jp",
		"pc1.city.kobe.jp":          "city.kobe.jp",
		// A cloud's customers are organisations of their own.
		"www.ann.blogspot.com":         "ann.blogspot.com",
		"pc1.contoso.onmicrosoft.com":  "contoso.onmicrosoft.com",
		"pc1.fabrikam.onmicrosoft.com": "fabrikam.onmicrosoft.com",
		"x.azurewebsites.net":          "x.azurewebsites.net",
		"scm.x.azurewebsites.net":      "x.azurewebsites.net",
		"ann.dyndns.org":               "ann.dyndns.org",
		"nas.ann.dyndns.org":           "ann.dyndns.org",
		"dyndns.org":                   "dyndns.org",
		"pc1.tail1234.ts.net":          "tail1234.ts.net",
		// Below a domain that nobody registers, as many companies name their
		// directory.
		"pc1.corp":                       "corp",
		"pc1.contoso":                    "contoso",
		"pc1.emea.contoso.corp":          "contoso.corp",
		"pc1.contoso.local":              "contoso.local",
		"pc1.ad.contoso.local":           "contoso.local",
		"pc1.office.lan":                 "office.lan",
		"lt-1.contoso.example":           "contoso.example",
		"lt-1.example":                   "example",
		"vm1.west4-a.c.billing.internal": "billing.internal",
		// A router's or a cloud's name for any machine tells of nobody.
		"anns-macbook.local":                     "",
		"pc1.localdomain":                        "",
		"localhost.localdomain":                  "",
		"pc1.lan":                                "",
		"pc1.home":                               "",
		"pc1.internal":                           "",
		"pc1.home.arpa":                          "",
		"pc1.workgroup":                          "",
		"pc1.speedport.ip":                       "",
		"pc1.mshome.net":                         "",
		"pc1.fritz.box":                          "",
		"ip-10-1-2-3.ec2.internal":               "",
		"ip-10-1-2-3.eu-west-1.compute.internal": "",
		"vm1.abcd.bx.internal.cloudapp.net":      "",
		"ec2-1-2-3-4.eu-west-1.compute.amazonaws.com": "",
		// No domain.
		"lt-1": "",
		"":     "",
		" . ":  "",
		"..":   "",
		"a..b": "",
		// An IP address, however it is written, or a name that ends in a number
		// like one.
		"10.1.2.3":                 "",
		"010.1.2.3.":               "",
		"10.77.*.*":                "",
		"10.77.66.١":               "",
		"0xa.0x4d.0x42.0x1":        "",
		"10.1.2.3:8443":            "",
		"10.1.2.3/24":              "",
		"10.1.2.3%eth0":            "",
		"10.1.2.3 (wifi)":          "",
		"::ffff:10.1.2.3":          "",
		"[::ffff:10.1.2.3]":        "",
		"[::ffff:10.1.2.3]:8443":   "",
		"::ffff:10.1.2.3/96":       "",
		"fe80::10.1.2.3%eth0.5":    "",
		"fe80::1%eth0.lan":         "",
		"2001:db8::1":              "",
		"2001:db8::1.":             "",
		"[2001:db8::1]":            "",
		"pc1.contoso.20":           "",
		"pc1.20":                   "",
		"10-1-2-3.contoso.example": "contoso.example",
		"10.1.2.3.contoso.example": "contoso.example",
		"pc1.3com":                 "3com",
		// One domain, however it is spelled.
		"pc1.büro.müller.de":         "müller.de",
		"pc1.MÜLLER.de":              "müller.de",
		"pc1.mu\u0308ller.de":        "müller.de",
		"pc1.xn--mller-kva.de":       "müller.de",
		"pc1.XN--MLLER-KVA.DE":       "müller.de",
		"pc1.müller。de":              "müller.de",
		"pc1.网络.xn--fiqs8s":          "网络.中国",
		"pc1.xn--zz zz--.contoso.de": "contoso.de",
		"pc_1.under_score.de":        "under_score.de",
	} {
		if got := strings.Join(names.Domains(host, ""), " "); got != want {
			t.Errorf("the host %q is of %q, want %q", host, got, want)
		}
	}
	for email, want := range map[string]string{
		"ann@emea.sap.de":             "sap.de",
		"ann@sap.de":                  "sap.de",
		"Ann@Mail.Contoso.example":    "contoso.example",
		"ann@contoso.onmicrosoft.com": "contoso.onmicrosoft.com",
		"ann@corp":                    "corp",
		"ann@contoso.local":           "contoso.local",
		"ann@localhost":               "",
		"ann@gov.uk":                  "gov.uk",
		"ann@dyndns.org":              "dyndns.org",
		"ann@[192.0.2.1]":             "",
		"ann@192.0.2.1":               "",
		"ann@müller.de":               "müller.de",
		"ann@xn--mller-kva.de":        "müller.de",
		`"a@b"@contoso.com`:           "contoso.com",
		"ann@":                        "",
		"ann":                         "",
		"":                            "",
	} {
		if got := strings.Join(names.Domains("lt-1", email), " "); got != want {
			t.Errorf("the address %q is of %q, want %q", email, got, want)
		}
	}
	both := names.Domains("lt-1.ann.dyndns.org", "ann@emea.sap.de")
	if !slices.Equal(both, []string{"ann.dyndns.org", "sap.de"}) {
		t.Errorf("host and address are of %q", both)
	}
}
