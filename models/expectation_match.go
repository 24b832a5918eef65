package models

import (
	"slices"
	"strings"

	"muster/models/names"
)

// foldExpected is the canonical text of an entry.
func foldExpected(kind ExpectationKind, pattern string) string {
	switch {
	case kind != ExpectHost:
		return expectedUser(kind, pattern).String()
	case strings.Contains(pattern, "*"):
		return names.Fold(pattern)
	}
	return names.FoldHost(pattern)
}

func expectedUser(kind ExpectationKind, pattern string) names.User {
	if kind == ExpectEmail {
		return names.ParseEmail(pattern)
	}
	return names.ParseUser(pattern, "")
}

// users are the names by which a redemption can match: the user name as reported,
// and the e-mail address of who signed in. The first never stands for the second.
func (p Presented) users() (reported, email names.User) {
	return names.ParseUser(p.Claimed.SystemUserName, p.Claimed.FQDN), names.ParseEmail(p.Verified.Email)
}

// Whereabouts are the places of all entries that may match, in a list sorted by
// Folded: Texts are whole, Beginnings are followed by something.
type Whereabouts struct{ Texts, Beginnings []string }

// Whereabouts says where to look. Patterns with * are not there: they have to be
// compared one by one.
func (p Presented) Whereabouts() Whereabouts {
	var w Whereabouts
	reported, email := p.users()
	for _, u := range []names.User{reported, email} {
		if u.Local == "" {
			continue
		}
		short, _, _ := strings.Cut(u.Domain, ".")
		// Lists were once stored with DOMAIN\user.
		w.Texts = append(w.Texts, u.Local, u.Domain+`\`+u.Local, short+`\`+u.Local)
		w.Beginnings = append(w.Beginnings, u.Local+"@")
	}
	for _, text := range []string{p.Claimed.SystemUserName, p.Verified.Email, p.Claimed.FQDN} {
		if folded := names.Fold(text); folded != "" {
			w.Texts = append(w.Texts, folded)
		}
	}
	if host := names.ParseHost(p.Claimed.FQDN); host.Label != "" {
		w.Texts = append(w.Texts, names.FoldHost(p.Claimed.FQDN), host.Label)
		w.Beginnings = append(w.Beginnings, host.Label+".")
	}
	for _, list := range []*[]string{&w.Texts, &w.Beginnings} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	return w
}

// Name is the first part of an entry that is not a pattern: all entries that a
// redemption may match have one of its [Presented.Names].
func (e *Expectation) Name() string {
	if e.Kind == ExpectHost {
		return names.ParseHost(e.Pattern).Label
	}
	return expectedUser(e.Kind, e.Pattern).Local
}

// Names are the names by which a redemption may match.
func (p Presented) Names() []string {
	reported, email := p.users()
	all := []string{reported.Local, email.Local, names.ParseHost(p.Claimed.FQDN).Label}
	slices.Sort(all)
	return slices.Compact(all)
}

// The ways in which an entry matches, the most specific first.
const (
	matchesEmail    = iota // the e-mail
	matchesUser            // the user name with its domain
	matchesBareUser        // the user name without its domain
	matchesPerson          // another name of the person
	matchesHost            // the whole host name
	matchesMachine         // the host name, short or qualified
	matchesPattern
	matchesNot
)

// Match finds the most specific entry of a list that matches a redemption: exact
// entries before patterns, e-mail before person before host; nil for none. Two
// names are one as in package names, as far as the list leaves no doubt: it must
// hold all entries with the names of the redemption.
func Match(p Presented, list []Expectation) *Expectation {
	m := newMatcher(p, list)
	var best *Expectation
	rank := matchesNot
	for i := range list {
		e := &list[i]
		at := m.rank(e)
		if at < rank || best != nil && at == rank && e.Folded < best.Folded {
			best, rank = e, at
		}
	}
	return best
}

// matcher has what entries are compared with, and what is on the list.
type matcher struct {
	signedIn        bool
	reported, email names.User
	wholeHost       string
	host            names.Host
	spellings       []string // of the whole host
	users           []names.User
	hosts           []names.Host
}

func newMatcher(p Presented, list []Expectation) *matcher {
	fqdn := p.Claimed.FQDN
	m := &matcher{wholeHost: names.FoldHost(fqdn), host: names.ParseHost(fqdn), spellings: names.HostSpellings(fqdn)}
	m.signedIn = !p.Verified.IsZero()
	m.reported, m.email = p.users()
	for i := range list {
		switch e := &list[i]; {
		case e.Glob:
		case e.Kind == ExpectHost:
			m.hosts = append(m.hosts, names.ParseHost(e.Pattern))
		default:
			m.users = append(m.users, expectedUser(e.Kind, e.Pattern))
		}
	}
	return m
}

func (m *matcher) rank(e *Expectation) int {
	switch {
	case e.Kind == ExpectHost:
		return m.rankHost(e)
	case e.Glob:
		return matchesNot
	}
	user := expectedUser(e.Kind, e.Pattern)
	same := func(u names.User) bool { return names.SameUser(u, user, m.users) }
	switch {
	case user.Local == "":
		return matchesNot
	case e.Kind == ExpectEmail && m.email == user, e.ByClaim && !m.signedIn && m.reported == user:
		return matchesEmail
	case e.ByClaim && !m.signedIn && same(m.reported):
		return matchesPerson
	case e.Kind == ExpectEmail:
		return matchesNot
	case m.reported == user:
		return matchesUser
	case user.Domain == "" && m.reported.Local == user.Local:
		// CONTOSO\ana is also ana; an entry with a domain matches that domain only.
		return matchesBareUser
	case same(m.reported) || same(m.email):
		return matchesPerson
	}
	return matchesNot
}

func (m *matcher) rankHost(e *Expectation) int {
	switch {
	case m.wholeHost == "":
		return matchesNot
	case e.Glob && slices.ContainsFunc(m.spellings, func(host string) bool { return globMatches(e.Folded, host) }):
		return matchesPattern
	case e.Glob:
		return matchesNot
	case m.wholeHost == names.FoldHost(e.Pattern):
		return matchesHost
	case names.SameHost(m.host, names.ParseHost(e.Pattern), m.hosts):
		return matchesMachine
	}
	return matchesNot
}

// globMatches compares with a pattern in which * stands for any text, even none.
// It looks at each character of the text at most once for each *.
func globMatches(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	rest, ok := strings.CutPrefix(text, parts[0])
	if !ok {
		return false
	}
	last := len(parts) - 1
	for _, part := range parts[1:last] {
		at := strings.Index(rest, part)
		if at < 0 {
			return false
		}
		rest = rest[at+len(part):]
	}
	return strings.HasSuffix(rest, parts[last])
}
