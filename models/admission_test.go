package models_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"muster/models"
	"muster/models/lists"
)

// entry is the one entry of a list of one line.
func entry(t *testing.T, line string) models.Expectation {
	t.Helper()
	list := lists.ReadExpected(line, lists.Choices{})
	if len(list.Entries) != 1 || len(list.Bad) != 0 {
		t.Fatalf("%q is read as %+v", line, list)
	}
	return list.Entries[0]
}

func TestMatch_FindsWhoIsMeantAndNobodyElse(t *testing.T) {
	t.Parallel()
	ana := models.VerifiedIdentity{Issuer: "https://idp.example", Subject: "1", Email: "Ana@Contoso.example"}
	for name, c := range map[string]struct {
		line string
		p    models.Presented
		want bool
	}{
		"a verified e-mail, whatever its case":  {"ana@contoso.example", models.Presented{Verified: ana}, true},
		"somebody else's e-mail":                {"bob@contoso.example", models.Presented{Verified: ana}, false},
		"an e-mail as reported":                 {"ana@contoso.example", models.Presented{Claimed: models.ClaimedIdentity{SystemUserName: "ANA@contoso.example"}}, false},
		"a user name that looks like an e-mail": {"person:ana@contoso.example", models.Presented{Claimed: models.ClaimedIdentity{SystemUserName: "ANA@contoso.example"}}, true},
		"a reported e-mail beside another verified one": {
			"bob@contoso.example", models.Presented{Verified: ana, Claimed: models.ClaimedIdentity{SystemUserName: "bob@contoso.example"}}, false,
		},
		"a reported e-mail of who is signed in without one": {
			"bob@contoso.example", models.Presented{
				Verified: models.VerifiedIdentity{Issuer: "i", Subject: "1"}, Claimed: models.ClaimedIdentity{SystemUserName: "bob@contoso.example"},
			}, false,
		},
		"a user name":                     {"Ana.Berg", models.Presented{Claimed: models.ClaimedIdentity{SystemUserName: "ana.berg"}}, true},
		"a user name in a domain":         {"ana", models.Presented{Claimed: models.ClaimedIdentity{SystemUserName: `CONTOSO\ana`}}, true},
		"a user name of another domain":   {`CONTOSO\ana`, models.Presented{Claimed: models.ClaimedIdentity{SystemUserName: `FABRIKAM\ana`}}, false},
		"the beginning of a user name":    {"ana", models.Presented{Claimed: models.ClaimedIdentity{SystemUserName: "anabel"}}, false},
		"a user name that is a host name": {"host:ana", models.Presented{Claimed: models.ClaimedIdentity{SystemUserName: "ana"}}, false},
		"a host name with a last dot":     {"PC-7.contoso.example", models.Presented{Claimed: models.ClaimedIdentity{FQDN: "pc-7.CONTOSO.example."}}, true},
		"a host pattern":                  {"*.contoso.example", models.Presented{Claimed: models.ClaimedIdentity{FQDN: "PC-7.contoso.example"}}, true},
		"a host pattern with two stars":   {"pc-*.*.example", models.Presented{Claimed: models.ClaimedIdentity{FQDN: "pc-7.contoso.example"}}, true},
		"the domain of a host pattern":    {"*.contoso.example", models.Presented{Claimed: models.ClaimedIdentity{FQDN: "contoso.example"}}, false},
		"a longer domain":                 {"*.contoso.example", models.Presented{Claimed: models.ClaimedIdentity{FQDN: "pc.contoso.example.evil.test"}}, false},
		"a domain that ends so":           {"*.contoso.example", models.Presented{Claimed: models.ClaimedIdentity{FQDN: "pc.evilcontoso.example"}}, false},
		"overlapping ends of a pattern":   {"host:aba*ba", models.Presented{Claimed: models.ClaimedIdentity{FQDN: "aba"}}, false},
		"a dot is no wildcard":            {"pc-7.contoso.example", models.Presented{Claimed: models.ClaimedIdentity{FQDN: "pc-7xcontoso.example"}}, false},
		"nothing presented":               {"*.contoso.example", models.Presented{}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			list := []models.Expectation{entry(t, c.line)}
			if got := models.Match(c.p, list) != nil; got != c.want {
				t.Errorf("%+v matches %q: %v", c.p, c.line, got)
			}
		})
	}
}

// An entry is met by every name of the same person or machine, where the list
// leaves no doubt who is meant.
func TestMatch_KnowsEverySpellingOfAName(t *testing.T) {
	t.Parallel()
	ana := models.VerifiedIdentity{Issuer: "https://idp.example", Subject: "1", Email: "Ana@Contoso.example"}
	for _, c := range []struct {
		lines, user, host string
		verified          models.VerifiedIdentity
		want              string
	}{
		{lines: `CONTOSO\ana`, user: "ana@contoso.example", want: `CONTOSO\ana`},
		{lines: `CONTOSO\ana`, user: "ana", want: `CONTOSO\ana`},
		{lines: `CONTOSO\ana`, verified: ana, want: `CONTOSO\ana`},
		{lines: "ana", verified: ana, want: "ana"},
		{lines: "person:ana@contoso.example", user: `CONTOSO\ANA`, want: "ana@contoso.example"},
		{lines: "ana@contoso.example", user: `CONTOSO\ANA`},
		{lines: "person:ana@contoso.example", user: `FABRIKAM\ana`},
		{lines: "ana@contoso.example", user: `CONTOSO\ana`, verified: models.VerifiedIdentity{Issuer: "i", Subject: "2", Email: "eve@contoso.example"}},
		{lines: "ana@contoso.example", verified: models.VerifiedIdentity{Issuer: "i", Subject: "2", Email: "ana@contoso"}},
		{lines: "ana@contoso.example", verified: models.VerifiedIdentity{Issuer: "i", Subject: "2", Email: "ana@localhost"}},
		{lines: "ana@contoso.example", verified: models.VerifiedIdentity{Issuer: "i", Subject: "2", Email: `contoso.example\ana@contoso`}},
		{lines: "person:ana@contoso.example\nperson:ana@contoso.test", user: `CONTOSO\ana`},
		{lines: "person:ana@contoso.example\nperson:ana@contoso.test", user: "ana"},
		{lines: "person:ana@contoso.example\nperson:ana@contoso.test", user: "ana@contoso.test", want: "ana@contoso.test"},
		{lines: `CONTOSO\ana` + "\nana@contoso.test", user: "ana@contoso.example"},
		{lines: "person:jürgen@müller.example", user: "JU\u0308RGEN@xn--mller-kva.example", want: "jürgen@müller.example"},
		{lines: `LAPTOP-7\ana`, user: `LAPTOP-7\ana`, host: "laptop-7.corp.example", want: `LAPTOP-7\ana`},
		{lines: "host:LAPTOP-7", host: "laptop-7.corp.example", want: "LAPTOP-7"},
		{lines: "host:LAPTOP-7", host: "laptop-7.fritz.box", want: "LAPTOP-7"},
		{lines: "laptop-7.corp.example", host: "LAPTOP-7", want: "laptop-7.corp.example"},
		{lines: "laptop-7.corp.example", host: "laptop-7.emea.example"},
		{lines: "laptop-7.corp.example\nlaptop-7.emea.example", host: "LAPTOP-7"},
		{lines: "host:LAPTOP-7\nlaptop-7.emea.example", host: "laptop-7.corp.example"},
		{lines: "host:LAPTOP-7\nlaptop-7.emea.example", host: "laptop-7", want: "LAPTOP-7"},
		{lines: "host:localhost", host: "localhost.localdomain"},
		{lines: "*.müller.example", host: "pc-1.xn--mller-kva.example", want: "*.müller.example"},
	} {
		p := models.Presented{Claimed: models.ClaimedIdentity{SystemUserName: c.user, FQDN: c.host}, Verified: c.verified}
		got := ""
		if match := models.Match(p, lists.ReadExpected(c.lines, lists.Choices{}).Entries); match != nil {
			got = match.Pattern
		}
		if got != c.want {
			t.Errorf("%+v meets %q of %q, want %q", p, got, c.lines, c.want)
		}
	}
}

func TestMatch_TakesWhatTellsMost(t *testing.T) {
	t.Parallel()
	list := lists.ReadExpected("*.contoso.example\nana\nperson:ana@contoso.example\npc-7.contoso.example", lists.Choices{}).Entries
	p := models.Presented{Claimed: models.ClaimedIdentity{SystemUserName: "ana", FQDN: "pc-7.contoso.example"}}
	for _, want := range []string{"ana", "ana@contoso.example", "pc-7.contoso.example", "*.contoso.example", ""} {
		got := models.Match(p, list)
		if want == "" {
			if got != nil {
				t.Fatalf("matched %+v", got)
			}
			return
		}
		if got == nil || got.Pattern != want {
			t.Fatalf("matched %+v, want %s", got, want)
		}
		list = slices.DeleteFunc(list, func(e models.Expectation) bool { return e.Pattern == want })
	}
}

func TestAdmission_NamesTheRuleThatRefuses(t *testing.T) {
	t.Parallel()
	ana := models.VerifiedIdentity{Issuer: "https://idp.example", Subject: "1", Email: "ana@contoso.example"}
	claimed := models.ClaimedIdentity{SystemUserName: "ana@contoso.example", FQDN: "pc.contoso.example"}
	match := models.Listed{Match: &models.Expectation{}}
	for name, c := range map[string]struct {
		rules models.Admission
		p     models.Presented
		list  models.Listed
		want  models.AdmissionRule
	}{
		"no rules":                   {models.Admission{}, models.Presented{}, models.Listed{}, ""},
		"a list without enforcement": {models.Admission{ExpectedCount: 1}, models.Presented{Claimed: claimed}, models.Listed{}, ""},
		"in a network":               {models.Admission{Networks: []string{"10.0.0.0/8", "192.0.2.0/24"}}, models.Presented{IP: "192.0.2.255"}, models.Listed{}, ""},
		"in a network, mapped":       {models.Admission{Networks: []string{"192.0.2.0/24"}}, models.Presented{IP: "::ffff:192.0.2.1"}, models.Listed{}, ""},
		"in a network, IPv6":         {models.Admission{Networks: []string{"2001:db8::/32"}}, models.Presented{IP: "2001:db8:1::1"}, models.Listed{}, ""},
		"beside a network":           {models.Admission{Networks: []string{"192.0.2.0/24"}}, models.Presented{IP: "192.0.3.0"}, models.Listed{}, models.AdmissionNetwork},
		"without an address":         {models.Admission{Networks: []string{"0.0.0.0/0"}}, models.Presented{}, models.Listed{}, models.AdmissionAddressUnknown},
		"not signed in":              {models.Admission{SignInRequired: true}, models.Presented{Claimed: claimed}, models.Listed{}, models.AdmissionSignIn},
		"signed in":                  {models.Admission{SignInRequired: true}, models.Presented{Verified: ana}, models.Listed{}, ""},
		"of the domain":              {models.Admission{EmailDomains: []string{"contoso.example"}}, models.Presented{Verified: ana}, models.Listed{}, ""},
		"of a domain below":          {models.Admission{EmailDomains: []string{"example"}}, models.Presented{Verified: ana}, models.Listed{}, models.AdmissionEmailDomain},
		"of a domain that ends so":   {models.Admission{EmailDomains: []string{"toso.example"}}, models.Presented{Verified: ana}, models.Listed{}, models.AdmissionEmailDomain},
		"without a verified e-mail": {
			models.Admission{EmailDomains: []string{"contoso.example"}},
			models.Presented{Verified: models.VerifiedIdentity{Issuer: "i", Subject: "s"}, Claimed: claimed}, models.Listed{}, models.AdmissionEmailDomain,
		},
		"a reported domain proves nothing": {
			models.Admission{EmailDomains: []string{"contoso.example"}}, models.Presented{Claimed: claimed}, match, models.AdmissionSignIn,
		},
		"expected":   {models.Admission{OnlyExpected: true, ExpectedCount: 1}, models.Presented{}, match, ""},
		"unexpected": {models.Admission{OnlyExpected: true, ExpectedCount: 1}, models.Presented{}, models.Listed{}, models.AdmissionExpected},
		"perhaps expected": {
			models.Admission{OnlyExpected: true, ExpectedCount: 1}, models.Presented{}, models.Listed{HasEmails: true}, models.AdmissionExpectedSignIn,
		},
		"unexpected, signed in": {
			models.Admission{OnlyExpected: true, ExpectedCount: 1}, models.Presented{Verified: ana}, models.Listed{HasEmails: true}, models.AdmissionExpected,
		},
		"expected, from elsewhere": {
			models.Admission{OnlyExpected: true, ExpectedCount: 1, Networks: []string{"10.0.0.0/8"}}, models.Presented{IP: "192.0.2.1"}, match, models.AdmissionNetwork,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := c.rules.Judge(c.p, c.list)
			if j.Refused != c.want {
				t.Errorf("refused by %q, want %q", j.Refused, c.want)
			}
			if j.Unexpected != (c.rules.ExpectedCount > 0 && c.list.Match == nil) {
				t.Errorf("unexpected: %v", j.Unexpected)
			}
		})
	}
}

func TestCheckAdmission_ReadsWhatPeopleWrite(t *testing.T) {
	t.Parallel()
	a, bad := models.CheckAdmission(models.Admission{
		EmailDomains: []string{"@Contoso.example", "contoso.example."}, Networks: []string{"192.0.2.77/24", "2001:DB8::1", "::ffff:10.0.0.0/104", "192.0.2.0/24"},
	})
	if len(bad) != 0 || !slices.Equal(a.EmailDomains, []string{"contoso.example"}) ||
		!slices.Equal(a.Networks, []string{"192.0.2.0/24", "2001:db8::1/128", "10.0.0.0/8"}) {
		t.Errorf("%+v, %+v", a, bad)
	}
	for _, domain := range []string{"contoso", "*.contoso.example", "a@b.example", "contoso..example", ".example", "", "a b.example", "a\u202eb.example"} {
		if _, bad := models.CheckAdmission(models.Admission{EmailDomains: []string{domain}}); len(bad) != 1 || bad[0].Field != "emailDomains" {
			t.Errorf("%q: %+v", domain, bad)
		}
	}
	for _, network := range []string{"192.0.2", "192.0.2.0/33", "fe80::1%eth0", "::ffff:10.0.0.0/8", "contoso.example", ""} {
		if _, bad := models.CheckAdmission(models.Admission{Networks: []string{network}}); len(bad) != 1 || bad[0].Field != "networks" {
			t.Errorf("%q: %+v", network, bad)
		}
	}
}

func TestAdmissionSettings_EditAList(t *testing.T) {
	t.Parallel()
	old := lists.ReadExpected("ann\nbob", lists.Choices{}).Entries
	for i := range old {
		old[i].ID = old[i].Pattern
	}
	for _, c := range []struct {
		mode                 models.ListMode
		given                string
		list, added, removed string
	}{
		{"", "carl", "ann bob", "", ""},
		{models.ListAdd, "BOB\ncarl", "ann bob carl", "carl", ""},
		{models.ListReplace, "bob\ncarl", "bob carl", "carl", "ann"},
		{models.ListRemove, "bob\ncarl", "ann", "", "bob"},
		{models.ListClear, "", "", "", "ann bob"},
	} {
		change, err := models.AdmissionSettings{Mode: c.mode, Entries: lists.ReadExpected(c.given, lists.Choices{}).Entries}.Edit(old)
		names := func(list []models.Expectation) string {
			var all []string
			for _, e := range list {
				all = append(all, e.Pattern)
			}
			return strings.Join(all, " ")
		}
		if err != nil || names(change.List) != c.list || names(change.Added) != c.added || strings.Join(change.Removed, " ") != c.removed ||
			change.Rules.ExpectedCount != len(change.List) {
			t.Errorf("%s: %+v, %v", c.mode, change, err)
		}
	}
	many := func(line string, n int) []models.Expectation {
		var text strings.Builder
		for i := range n {
			text.WriteString(strings.ReplaceAll(line, "#", string(rune('a'+i%26))+string(rune('a'+i/26%26))+string(rune('a'+i/676))) + "\n")
		}
		return lists.ReadExpected(text.String(), lists.Choices{}).Entries
	}
	for name, s := range map[string]models.AdmissionSettings{
		"an empty list that is enforced": {Rules: models.Admission{OnlyExpected: true}, Mode: models.ListClear},
		"too many":                       {Mode: models.ListAdd, Entries: many("user#", models.MaxExpected)},
		"too many patterns":              {Mode: models.ListAdd, Entries: many("*.#.example", models.MaxExpectedPatterns+1)},
	} {
		if _, err := s.Edit(old); models.ErrorKind(err) != models.KindInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Entries from before e-mail addresses needed a sign-in stay as they were until
// they are settled; whoever is signed in never passes for somebody else.
func TestMatch_EarlierEmailEntriesAreMetByAClaim(t *testing.T) {
	t.Parallel()
	earlier := entry(t, "ana@contoso.example")
	earlier.ByClaim = true
	eve := models.VerifiedIdentity{Issuer: "i", Subject: "2", Email: "eve@contoso.example"}
	for _, c := range []struct {
		user     string
		verified models.VerifiedIdentity
		want     bool
	}{
		{"ana@contoso.example", models.VerifiedIdentity{}, true},
		{`CONTOSO\ana`, models.VerifiedIdentity{}, true},
		{"bob@contoso.example", models.VerifiedIdentity{}, false},
		{"ana@contoso.example", eve, false},
	} {
		p := models.Presented{Claimed: models.ClaimedIdentity{SystemUserName: c.user}, Verified: c.verified}
		if got := models.Match(p, []models.Expectation{earlier}) != nil; got != c.want {
			t.Errorf("%+v meets it: %v", p, got)
		}
	}
	if !earlier.Claimable() {
		t.Error("it counts as a lock")
	}
}

func TestAdmissionSettings_SettleEarlierEmailEntries(t *testing.T) {
	t.Parallel()
	list := lists.ReadExpected("ann@example.com;Ann\nperson:bob@example.com\nbob@example.com\ncarl@example.com", lists.Choices{}).Entries
	for i := range list {
		list[i].ID, list[i].ByClaim, list[i].Arrivals = list[i].Pattern, i == 0 || i == 2, 1
	}
	for mode, want := range map[models.ListMode]string{
		models.ListVerify:    "person bob@example.com 1 email carl@example.com 1 email ann@example.com 0 email bob@example.com 0",
		models.ListUserNames: "person bob@example.com 1 email carl@example.com 1 person ann@example.com 0",
	} {
		change, err := models.AdmissionSettings{Mode: mode}.Edit(list)
		var got []string
		for _, e := range change.List {
			got = append(got, string(e.Kind), e.Pattern, strconv.Itoa(e.Arrivals))
			if e.ByClaim {
				t.Errorf("%s leaves %s to claims", mode, e.Pattern)
			}
		}
		if text := strings.Join(got, " "); err != nil || text != want || len(change.Removed) != 2 {
			t.Errorf("%s: %s, %v, want %s", mode, text, err, want)
		}
	}
}
