package names_test

import (
	"cmp"
	"strings"
	"testing"
	"unicode/utf8"

	"muster/models/names"
)

func TestParse_ReadsEverySpellingOfAUserName(t *testing.T) {
	t.Parallel()
	for user, want := range map[string][2]string{
		"anna":                          {"anna", ""},
		" \t Anna\u00a0 ":               {"anna", ""},
		"ANNA.":                         {"anna", ""},
		"an\u200bn\u00ada\ufeff":        {"anna", ""},
		`CONTOSO\anna`:                  {"anna", "contoso"},
		`CONTOSO\\anna`:                 {"anna", "contoso"},
		`contoso.example\anna`:          {"anna", "contoso.example"},
		"CONTOSO/anna":                  {"anna", "contoso"},
		"anna@contoso.example":          {"anna", "contoso.example"},
		"Anna@Contoso.Example.":         {"anna", "contoso.example"},
		"anna＠contoso。example":          {"anna", "contoso.example"},
		"anna@CONTOSO":                  {"anna", "contoso"},
		"anna @ contoso.example":        {"anna", "contoso.example"},
		`AzureAD\anna@contoso.example`:  {"anna", "contoso.example"},
		`AzureAD\anna`:                  {"anna", ""},
		`.\anna`:                        {"anna", ""},
		`LAPTOP-7\anna`:                 {"anna", ""},
		"anna@laptop-7":                 {"anna", ""},
		"anna@laptop-7.contoso.example": {"anna", ""},
		"anna@localhost.localdomain":    {"anna", ""},
		`WORKGROUP\anna`:                {"anna", ""},
		`\anna`:                         {"anna", ""},
		"anna@":                         {"anna", ""},
		"@anna":                         {"anna", ""},
		`CONTOSO\`:                      {"contoso", ""},
		"anna/admin@CONTOSO.EXAMPLE":    {"anna/admin", "contoso.example"},
		`"a@b"@contoso.example`:         {`"a@b"`, "contoso.example"},
		"STRAUSS@straße.example":        {"strauss", "xn--strae-oqa.example"},
		"strauß@xn--strae-oqa.example":  {"strauss", "xn--strae-oqa.example"},
		"strauss@strasse.example":       {"strauss", "strasse.example"},
		`MÜLLER\jürgen`:                 {"jürgen", "xn--mller-kva"},
		"JU\u0308RGEN@MU\u0308LLER.de":  {"jürgen", "xn--mller-kva.de"},
		"ΣΊΣΥΦΟΣ":                       {"σίσυφοσ", ""},
		"σίσυφος":                       {"σίσυφοσ", ""},
		"Anna Müller":                   {"anna müller", ""},
		"  ":                            {"", ""},
		`\@/`:                           {"", ""},
	} {
		p := names.Rules{}.Parse(names.Sighting{User: user, Host: "Laptop-7.contoso.example"})
		if p.Local != want[0] || p.Domain != want[1] || p.Nobody || p.Subject != "" {
			t.Errorf("%q is %+v", user, p)
		}
	}
}

func TestParse_ReadsHostNames(t *testing.T) {
	t.Parallel()
	for host, want := range map[string][2]string{
		"LAPTOP-7":                       {"laptop-7", ""},
		" Laptop-7. ":                    {"laptop-7", ""},
		"laptop-7.corp.example.com.":     {"laptop-7", "laptop-7.corp.example.com"},
		"LAPTOP-7.CORP.EXAMPLE.COM":      {"laptop-7", "laptop-7.corp.example.com"},
		"laptop-7.contoso.local":         {"laptop-7", "laptop-7.contoso.local"},
		"büro-1.müller.de":               {"xn--bro-1-kva", "xn--bro-1-kva.xn--mller-kva.de"},
		"xn--bro-1-kva.xn--mller-kva.de": {"xn--bro-1-kva", "xn--bro-1-kva.xn--mller-kva.de"},
		"BÜRO-1":                         {"xn--bro-1-kva", ""},
		"laptop-7.local":                 {"laptop-7", ""},
		"laptop-7.fritz.box":             {"laptop-7", ""},
		"ip-10-0-0-5.ec2.internal":       {"ip-10-0-0-5", ""},
		"localhost":                      {"localhost", ""},
		"localhost.localdomain":          {"localhost", ""},
		"localhost.contoso.example":      {"localhost", ""},
		"192.0.2.17":                     {"192.0.2.17", ""},
		"2001:DB8::1":                    {"2001:db8::1", ""},
		"Anna's MacBook Pro":             {"anna's macbook pro", ""},
		"(none)":                         {"(none)", ""},
		" . ":                            {"", ""},
	} {
		if p := (names.Rules{}).Parse(names.Sighting{Host: host}); p.Label != want[0] || p.Host != want[1] {
			t.Errorf("%q is %+v", host, p)
		}
	}
}

func TestMAC_ReadsEveryNotation(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"00:1b:44:11:3a:b7": "001b44113ab7", "00-1B-44-11-3A-B7": "001b44113ab7", "001b.4411.3ab7": "001b44113ab7", "001B44113AB7": "001b44113ab7",
		"00 1b 44 11 3a b7": "001b44113ab7", " 00:1b:44:11:3a:b7 ": "001b44113ab7", "0:1b:44:11:3a:b7": "001b44113ab7", "001b44-113ab7": "001b44113ab7", "00:1b:44:11:3a:b7.": "001b44113ab7",
		// An EUI-64 is another address.
		"00:1b:44:ff:fe:11:3a:b7": "001b44fffe113ab7", "001B44FFFE113AB7": "001b44fffe113ab7",
		// None.
		"": "", "  ": "", "00:00:00:00:00:00": "", "FF-FF-FF-FF-FF-FF": "", "0000.0000.0000": "", "0:0:0:0:0:0": "", "00-00-00-00-00-00-00-00": "",
		// Kept as it is.
		"unknown": "unknown", " N/A": "n/a", "00:1b:44:11:3a": "00:1b:44:11:3a", "00:1b:44:11:3a:g7": "00:1b:44:11:3a:g7", "Ünknown": "ünknown",
	} {
		if got := names.MAC(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
		for _, spelling := range names.MACSpellings(text) {
			if names.MAC(spelling) != want {
				t.Errorf("%q is a spelling of %q", spelling, text)
			}
		}
	}
}

// canonical is a sighting that says what a parsed one says.
func canonical(p names.Parsed) names.Sighting {
	s := names.Sighting{Host: cmp.Or(p.Host, p.Label), MAC: p.MAC}
	if p.Local != "" {
		s.User = p.Local + "@" + cmp.Or(p.Domain, "localhost")
	}
	if issuer, subject, ok := strings.Cut(p.Subject, " "); ok {
		s.User, s.Email, s.Issuer, s.Subject = "", p.Local+"@"+p.Domain, issuer, subject
	}
	return s
}

func FuzzParse(f *testing.F) {
	for _, h := range histories {
		for _, use := range h.uses[:1] {
			f.Add(use.User, use.Host, use.MAC, use.Subject, use.Email)
		}
	}
	for _, user := range append(serviceSpellings, peopleSpellings...) {
		f.Add(user, "LAPTOP-7.Contoso.example.", "00-1B-44-11-3A-B7", "", "")
	}
	f.Fuzz(func(t *testing.T, user, host, mac, subject, email string) {
		s := names.Sighting{User: user, Host: host, MAC: mac, Subject: subject, Email: email}
		if subject != "" {
			s.Issuer = "https://id.example"
		}
		p := names.Rules{}.Parse(s)
		if !p.Nobody && utf8.ValidString(strings.Join([]string{user, host, mac, subject, email}, " ")) {
			if again := (names.Rules{}).Parse(canonical(p)); again != p {
				t.Errorf("%#v\nis  %#v\nthen %#v", s, p, again)
			}
		}
		if id := (names.Rules{}).Resolve([]names.Sighting{s}); p.Nobody && id[0].Person != "" {
			t.Errorf("%#v is %+v", p, id)
		}
	})
}
