package names

// User is a user name, or an e-mail address, in canonical form.
type User struct{ Local, Domain string }

// ParseUser reads every spelling of a user name. The domain is empty where it
// says nothing; host is the name of the machine that reported it, or empty.
func ParseUser(text, host string) User {
	label, full := splitHost(host)
	local, domain := splitUser(text, label, full)
	return User{local, domain}
}

// ParseEmail reads an e-mail address.
func ParseEmail(text string) User {
	local, domain := splitEmail(text)
	return User{local, domain}
}

// String is local@domain, or the local name alone.
func (u User) String() string {
	if u.Domain == "" {
		return u.Local
	}
	return u.Local + "@" + u.Domain
}

// SameUser reports whether two names are one person's where the others are known
// as well: their domains agree, and no other domain could be meant.
func SameUser(a, b User, others []User) bool {
	if a.Local != b.Local || a.Local == "" {
		return false
	}
	known := []Name{{Domain: a.Domain}, {Domain: b.Domain}}
	for _, u := range others {
		if u.Local == a.Local {
			known = append(known, Name{Domain: u.Domain})
		}
	}
	return settleDomain(a.Domain, known) == settleDomain(b.Domain, known)
}

// Host is a host name in canonical form: its first label and, when it is
// qualified, the whole.
type Host struct{ Label, Full string }

// ParseHost reads a host name.
func ParseHost(text string) Host {
	label, full := splitHost(text)
	return Host{label, full}
}

// SameHost reports whether two names are one host's where the others are known as
// well: a bare label is the qualified host, unless another could be meant.
func SameHost(a, b Host, others []Host) bool {
	if a.Label != b.Label || isNoHost(a.Label) {
		return false
	}
	seen := []Parsed{{Host: a.Full}, {Host: b.Full}}
	for _, h := range others {
		if h.Label == a.Label {
			seen = append(seen, Parsed{Host: h.Full})
		}
	}
	settled := func(h Host) string { return settleHost(Parsed{Label: h.Label, Host: h.Full}, seen) }
	return settled(a) == settled(b)
}

// FoldHost is a whole host name as it is compared: in its ASCII form, or folded
// when it is an IP address.
func FoldHost(text string) string {
	if host := canonicalDomain(visible(text)); host != "" {
		return host
	}
	return Fold(text)
}

// HostSpellings are the ways to write a whole host name, folded.
func HostSpellings(text string) []string {
	host := FoldHost(text)
	if shown := displayedDomain(host); shown != host {
		return []string{host, shown}
	}
	return []string{host}
}
