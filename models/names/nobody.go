package names

import (
	"slices"
	"strings"
)

// Rules decide what is one name. The zero value knows the service accounts that
// systems come with.
type Rules struct{ extra []account }

// account is a name of the setting; a * at its end stands for any text.
type account struct{ local, domain string }

// New makes rules that know further service accounts: names as users are
// reported, with or without a domain, * at the end standing for any text. Blank
// ones, and a * alone, are left out.
func New(serviceAccounts ...string) Rules {
	var r Rules
	for _, name := range serviceAccounts {
		if local, domain := splitUser(name, "", ""); strings.Trim(local, "*") != "" {
			r.extra = append(r.extra, account{local, domain})
		}
	}
	return r
}

// isNobody reports whether a user name is a service account. Who signed in is a
// person, unless the setting names them.
func (r Rules) isNobody(local, domain string, signedIn bool) bool {
	if local == "" {
		return false
	}
	named := func(a account) bool {
		return fits(a.local, local) && (a.domain == "" || agree(a.domain, domain))
	}
	if slices.ContainsFunc(r.extra, named) {
		return true
	}
	return !signedIn && (serviceAccounts[local] || domain == "" && localAccounts[local] || serviceDomains[domain] ||
		strings.HasSuffix(local, "$") || slices.ContainsFunc(servicePrefixes, func(p string) bool { return strings.HasPrefix(local, p) }))
}

func fits(pattern, text string) bool {
	if beginning, ok := strings.CutSuffix(pattern, "*"); ok {
		return strings.HasPrefix(text, beginning)
	}
	return pattern == text
}
