package models

import (
	"cmp"
	"fmt"
	"net/mail"
	"slices"
	"strings"
)

// ExpectedList is an expected list as it was read.
type ExpectedList struct {
	Entries []Expectation
	// Bad are the lines that cannot be used. Repeated entries are taken once.
	Bad []RecipientProblem
}

// ParseExpected reads an expected list, one a line: an e-mail address
// (with a name, as in "Name <address>"), a user name, or a host name, in which
// * stands for any text. A line with a * or two dots is a host name, unless
// "person:" or "host:" before it says otherwise. Columns separated by comma,
// semicolon or tab are read too, with a heading line or without. Blank lines
// are skipped. It never fails: a line that cannot be used is in Bad.
func ParseExpected(text string) ExpectedList {
	var list ExpectedList
	var columns expectedColumns
	seen := map[ExpectationKey]bool{}
	list.Bad = readList(text, func(fields []string, first bool) bool {
		heading, n := readExpectedHeading(fields)
		ok := n > 1 || n == 1 && first
		if ok {
			columns = heading
		}
		return ok
	}, func(_ int, _ string, fields []string) string {
		e, message := columns.entry(fields)
		message = cmp.Or(message, e.problem())
		if message == "" && !seen[e.Key()] {
			seen[e.Key()] = true
			list.Entries = append(list.Entries, e)
		}
		return message
	})
	return list
}

// expectedColumns says which column holds what, counted from 1; zero values
// mean that the list has no such column.
type expectedColumns struct{ name, email, host, note int }

var hostHeadings = []string{"host", "hostname", "host name", "fqdn", "computer", "device", "machine"}

// readExpectedHeading also returns how many columns were recognised: none if
// they hold nothing but notes.
func readExpectedHeading(fields []string) (expectedColumns, int) {
	var c expectedColumns
	recognised := 0
	for i, field := range fields {
		field = strings.ToLower(field)
		switch {
		case c.name == 0 && (slices.Contains(nameHeadings, field) || field == "user name" || field == "username"):
			c.name = i + 1
		case c.email == 0 && slices.Contains(emailHeadings, field):
			c.email = i + 1
		case c.host == 0 && slices.Contains(hostHeadings, field):
			c.host = i + 1
		case c.note == 0 && (field == "note" || field == "comment"):
			c.note = i + 1
		default:
			continue
		}
		recognised++
	}
	if c.name+c.email+c.host == 0 {
		return c, 0
	}
	return c, recognised
}

// entry takes the most specific of a line's columns; the others are its note.
func (c expectedColumns) entry(fields []string) (Expectation, string) {
	var found Expectation
	var notes []string
	take := func(kind ExpectationKind, text string) {
		switch {
		case text == "":
		case found.Pattern == "" && kind != "":
			found.Kind, found.Pattern = kind, text
		default:
			notes = append(notes, text)
		}
	}
	if c.name+c.email+c.host > 0 {
		take(ExpectEmail, column(fields, c.email))
		take(ExpectHost, column(fields, c.host))
		take(ExpectPerson, column(fields, c.name))
		take("", column(fields, c.note))
	} else {
		slices.SortStableFunc(fields, func(a, b string) int { return kindRank(a) - kindRank(b) })
		for _, field := range fields {
			take(expectedKind(field))
		}
	}
	found.Note = strings.Join(notes, ", ")
	if found.Kind == ExpectEmail {
		address, err := mail.ParseAddress(found.Pattern)
		if err != nil {
			return found, fmt.Sprintf("“%s” is not an e-mail address.", found.Pattern)
		}
		found.Pattern = address.Address
		if address.Name != "" {
			found.Note = strings.TrimSuffix(address.Name+", "+found.Note, ", ")
		}
	}
	found.Folded = foldExpected(found.Kind, found.Pattern)
	found.Glob = strings.Contains(found.Folded, "*")
	return found, ""
}

// expectedKind guesses what a text without a heading is.
func expectedKind(text string) (kind ExpectationKind, pattern string) {
	for _, kind := range []ExpectationKind{ExpectEmail, ExpectPerson, ExpectHost} {
		if rest, ok := strings.CutPrefix(strings.ToLower(text), string(kind)+":"); ok {
			return kind, strings.TrimSpace(text[len(text)-len(rest):])
		}
	}
	switch {
	case strings.Contains(text, "@"):
		return ExpectEmail, text
	case !strings.ContainsAny(text, " \\") && (strings.Contains(text, "*") || strings.Count(text, ".") > 1):
		return ExpectHost, text
	default:
		return ExpectPerson, text
	}
}

// kindRank sorts the most specific column first: one that names its kind.
func kindRank(text string) int {
	kind, pattern := expectedKind(text)
	if pattern != text {
		return -1
	}
	return slices.Index([]ExpectationKind{ExpectEmail, ExpectHost, ExpectPerson}, kind)
}

// problem says what is wrong with an entry that could be read.
func (e *Expectation) problem() string {
	if strings.Trim(e.Folded, "*. ") == "" {
		return "There is no person, e-mail address or host name."
	}
	if e.Glob && e.Kind != ExpectHost {
		return "Only a host name can contain a *; to allow all addresses of a domain, allow that e-mail domain."
	}
	if f := CheckText("The entry", e.Pattern, MaxNameLength, false); f != nil {
		return f.Message
	}
	if f := CheckText("The note", e.Note, MaxIdentifierLength, false); f != nil {
		return f.Message
	}
	return ""
}

// ListMode is what an edit does with a list.
type ListMode string

// The modes; the zero value leaves the list as it is.
const (
	ListAdd     ListMode = "add"
	ListReplace ListMode = "replace"
	ListRemove  ListMode = "remove"
	ListClear   ListMode = "clear"
)

// AdmissionSettings is an edit of rules and list.
type AdmissionSettings struct {
	// Rules replace the present ones; only what [CheckAdmission] reads counts.
	Rules Admission
	Mode  ListMode
	// Entries are added, removed or the new list, depending on Mode.
	Entries []Expectation
	// Version must be the AdmissionVersion the edit started from; nil accepts
	// any.
	Version *int
}

// AdmissionChange is a checked edit, ready to be stored.
type AdmissionChange struct {
	Rules   Admission
	Added   []Expectation
	Removed []string // ids
	// List is the whole list afterwards.
	List []Expectation
}

// Edit applies the settings to a list. KindInvalid with the field expected when
// the result is too long, or would admit nobody.
func (s AdmissionSettings) Edit(list []Expectation) (AdmissionChange, error) {
	change := AdmissionChange{Rules: s.Rules}
	given, had := keysOf(s.Entries), keysOf(list)
	for i := range list {
		e := &list[i]
		if s.Mode == ListClear || s.Mode == ListRemove && given[e.Key()] || s.Mode == ListReplace && !given[e.Key()] {
			change.Removed = append(change.Removed, e.ID)
			continue
		}
		change.List = append(change.List, *e)
	}
	if s.Mode == ListAdd || s.Mode == ListReplace {
		for i := range s.Entries {
			if e := &s.Entries[i]; !had[e.Key()] {
				had[e.Key()] = true
				change.Added = append(change.Added, *e)
			}
		}
	}
	change.List = append(change.List, change.Added...)
	return change, change.check()
}

func keysOf(list []Expectation) map[ExpectationKey]bool {
	keys := make(map[ExpectationKey]bool, len(list))
	for i := range list {
		keys[list[i].Key()] = true
	}
	return keys
}

func (c *AdmissionChange) check() error {
	globs := 0
	for i := range c.List {
		if c.List[i].Glob {
			globs++
		}
	}
	c.Rules.ExpectedCount = len(c.List)
	switch n := len(c.List); {
	case n > MaxExpected:
		return InvalidField("expected", fmt.Sprintf("The list would have %d entries; at most %d can be on it.", n, MaxExpected))
	case globs > MaxExpectedPatterns:
		return InvalidField("expected", fmt.Sprintf("The list would have %d patterns with *; at most %d can be on it. Names without * are not limited.", globs, MaxExpectedPatterns))
	case n == 0 && c.Rules.OnlyExpected:
		return InvalidField("expected", "The list is empty, so nobody would be let in. Add somebody first.")
	}
	return nil
}

// Line is the entry as [ParseExpected] reads it back.
func (e *Expectation) Line() string {
	for _, prefix := range []string{"", string(e.Kind) + ":"} {
		line := prefix + e.Pattern
		if e.Note != "" || strings.ContainsAny(line, ",\t\"") {
			line = quoteColumn(line) + ";" + quoteColumn(e.Note)
		}
		if read := ParseExpected(line).Entries; len(read) == 1 && read[0].Key() == e.Key() && read[0].Note == e.Note {
			return line
		}
	}
	return string(e.Kind) + ":" + e.Pattern
}

func quoteColumn(text string) string {
	if !strings.ContainsAny(text, "\";") {
		return text
	}
	return `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
}
