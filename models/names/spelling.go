package names

// Spellings are the ways to write the name, folded as [Fold] folds whole texts.
func (u User) Spellings() []string {
	if u.Domain == "" {
		return []string{u.Local, `.\` + u.Local}
	}
	var all []string
	for _, domain := range HostSpellings(u.Domain) {
		all = append(all, u.Local+"@"+domain, domain+`\`+u.Local, domain+"/"+u.Local)
	}
	return all
}

// Meant are the names that u, which somebody asks for, may mean when its local name
// is known under these domains: with any of them when it has none, else with those
// that agree, and without one where no other could be meant.
func (u User) Meant(domains []string) []User {
	meant := []User{u}
	bare := u.Domain == ""
	known := []Name{{Domain: u.Domain}}
	for _, domain := range domains {
		known = append(known, Name{Domain: domain})
		if bare || agree(u.Domain, domain) {
			meant = with(meant, User{u.Local, domain})
		}
	}
	if !bare && settleDomain("", known) == settleDomain(u.Domain, known) {
		meant = with(meant, User{u.Local, ""})
	}
	return meant
}

// Spellings are the ways to write the name.
func (h Host) Spellings() []string {
	if h.Full == "" {
		return []string{h.Label}
	}
	return HostSpellings(h.Full)
}

// Meant are the hosts that h, which somebody asks for, may mean when its label is
// known with these whole names: with any of them when it is bare, else the bare
// label as well where no other could be meant.
func (h Host) Meant(full []string) []Host {
	meant := []Host{h}
	if isNoHost(h.Label) {
		return meant
	}
	others := false
	for _, name := range full {
		if h.Full == "" {
			meant = with(meant, Host{h.Label, name})
		}
		others = others || name != h.Full
	}
	if h.Full != "" && !others {
		meant = with(meant, Host{h.Label, ""})
	}
	return meant
}
