package names

// personOf is the key of a sighting's person; empty for nobody and when unknown.
func personOf(p Parsed, around Neighbours) string {
	switch {
	case p.Subject != "":
		return verifiedKey(p.Subject)
	case p.Local == "":
		return ""
	}
	known := around.Names(p.Local)
	if isMany(known) {
		return claimedKey(p.Local, p.Domain)
	}
	domain := settleDomain(p.Domain, known)
	if subject, ok := only(subjectsIn(domain, known)); ok {
		return verifiedKey(subject)
	}
	return claimedKey(p.Local, domain)
}

// A claimed name can be any text, so the two kinds of keys begin differently. No
// domain holds a backslash.
func verifiedKey(subject string) string      { return "v:" + subject }
func claimedKey(local, domain string) string { return "c:" + domain + `\` + local }

// settleDomain is the domain that a name with this one belongs to. A short domain
// is the full one that begins with it, no domain the only one that is known.
func settleDomain(domain string, known []Name) string {
	var candidates []string
	switch {
	case isFull(domain):
		return domain
	case domain != "":
		for _, name := range known {
			if isFull(name.Domain) && agree(domain, name.Domain) {
				candidates = with(candidates, name.Domain)
			}
		}
	default:
		for _, name := range known {
			if name.Domain != "" {
				candidates = with(candidates, settleDomain(name.Domain, known))
			}
		}
	}
	if settled, ok := only(candidates); ok {
		return settled
	}
	return domain
}

// subjectsIn are those who signed in with an e-mail of the domain.
func subjectsIn(domain string, known []Name) []string {
	var subjects []string
	for _, name := range known {
		if domain != "" && name.Domain == domain && name.Subject != "" {
			subjects = with(subjects, name.Subject)
		}
	}
	return subjects
}
