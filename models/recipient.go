package models

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"unicode"

	"muster/models/names"
)

// MaxRecipients is how many registration tokens one list may make at once.
const MaxRecipients = 5_000

// Recipient is somebody who gets a registration token of their own. At least
// one of the two is set.
type Recipient struct {
	Name  string
	Email string
	// Line is the line of the list, counted from 1.
	Line int
}

// Label is the identifier of the recipient's registration token.
func (r Recipient) Label() string {
	switch {
	case r.Email == "":
		return r.Name
	case r.Name == "":
		return r.Email
	}
	return r.Name + " <" + r.Email + ">"
}

// RecipientOf is the recipient whose label a registration token has; any label is
// somebody's name.
func RecipientOf(label string) Recipient {
	name, address, ok := strings.Cut(strings.TrimSuffix(label, ">"), " <")
	switch {
	case ok && strings.HasSuffix(label, ">") && strings.Contains(address, "@"):
		return Recipient{Name: name, Email: address}
	case !strings.Contains(label, " ") && strings.Contains(label, "@"):
		return Recipient{Email: label}
	}
	return Recipient{Name: label}
}

// key identifies a person: by e-mail address, else by name.
func (r Recipient) key() string {
	if r.Email != "" {
		return "@" + names.ParseEmail(r.Email).String()
	}
	return names.Fold(r.Name)
}

// RecipientProblem is a line of a list that was not used, and why.
type RecipientProblem struct {
	Line    int
	Text    string
	Message string
}

// RecipientList is a list as it was read.
type RecipientList struct {
	Recipients []Recipient
	// Duplicates are repeated; Bad cannot be used.
	Duplicates []RecipientProblem
	Bad        []RecipientProblem
}

// ParseRecipients reads a list of people, one a line: a name, an e-mail
// address, both as "Name <address>", or columns separated by comma, semicolon
// or tab, with or without a heading line, which may also begin a second part.
// Blank lines are skipped. It never fails: a line that cannot be used is in Bad.
func ParseRecipients(text string) RecipientList {
	var list RecipientList
	var columns recipientColumns
	seen := map[string]int{}
	list.Bad = readList(text, func(fields []string, first bool) bool {
		heading, ok := readHeading(fields)
		if ok = ok && (first || heading.name > 0 && heading.email > 0); ok {
			columns = heading
		}
		return ok
	}, func(number int, line string, fields []string) string {
		r, message := columns.recipient(fields)
		r.Line = number
		if message = cmp.Or(message, r.problem()); message != "" {
			return message
		}
		if before, ok := seen[r.key()]; ok {
			message = fmt.Sprintf("The same as line %d.", before)
			list.Duplicates = append(list.Duplicates, RecipientProblem{Line: number, Text: line, Message: message})
			return ""
		}
		seen[r.key()] = number
		list.Recipients = append(list.Recipients, r)
		return ""
	})
	return list
}

// readList reads a list line by line and returns the lines that cannot be
// used. isHeading takes a heading line: a file added below a typed list has
// its own. entry takes any other line, and says what is wrong with it.
func readList(text string, isHeading func(fields []string, first bool) bool, entry func(number int, line string, fields []string) string) []RecipientProblem {
	var bad []RecipientProblem
	first, number := true, 0
	for line := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		number++
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		fields, err := splitRecipient(line)
		heading := isHeading(fields, first)
		first = false
		if heading {
			continue
		}
		message := "The quotation marks do not match."
		if err == nil {
			message = entry(number, line, fields)
		}
		if message != "" {
			bad = append(bad, RecipientProblem{Line: number, Text: line, Message: message})
		}
	}
	return bad
}

// column is the nth of the fields, counted from 1; empty where there is none.
func column(fields []string, n int) string {
	if n == 0 || n > len(fields) {
		return ""
	}
	return fields[n-1]
}

// splitRecipient splits a line at the delimiter it seems to use.
func splitRecipient(line string) ([]string, error) {
	reader := csv.NewReader(strings.NewReader(line))
	reader.TrimLeadingSpace = true
	for _, delimiter := range []rune{'\t', ';', ','} {
		if strings.ContainsRune(line, delimiter) {
			reader.Comma = delimiter
			break
		}
	}
	fields, err := reader.Read()
	for i := range fields {
		fields[i] = strings.TrimSpace(fields[i])
	}
	return fields, err
}

// recipientColumns says which column holds what, counted from 1; zero means
// that the list has no heading.
type recipientColumns struct{ name, email int }

var (
	nameHeadings  = []string{"name", "full name", "display name", "recipient", "person", "user", "label"}
	emailHeadings = []string{"email", "e-mail", "mail", "email address", "e-mail address"}
)

func readHeading(fields []string) (recipientColumns, bool) {
	var c recipientColumns
	for i, field := range fields {
		field = strings.ToLower(field)
		switch {
		case c.name == 0 && slices.Contains(nameHeadings, field):
			c.name = i + 1
		case c.email == 0 && slices.Contains(emailHeadings, field):
			c.email = i + 1
		}
	}
	return c, c.name+c.email > 0
}

// recipient picks name and address out of a line's columns.
func (c recipientColumns) recipient(fields []string) (Recipient, string) {
	var r Recipient
	if c.name+c.email > 0 {
		r.Name, r.Email = column(fields, c.name), column(fields, c.email)
	} else {
		for _, field := range fields {
			switch {
			case r.Email == "" && strings.Contains(field, "@"):
				r.Email = field
			case r.Name == "":
				r.Name = field
			}
		}
	}
	if r.Email == "" {
		return r, ""
	}
	address, err := mail.ParseAddress(r.Email)
	if err != nil {
		return r, fmt.Sprintf("“%s” is not an e-mail address.", r.Email)
	}
	r.Email = address.Address
	if r.Name == "" {
		r.Name = address.Name
	}
	return r, ""
}

// problem says what is wrong with a recipient that could be read.
func (r Recipient) problem() string {
	named := func(c rune) bool { return unicode.IsLetter(c) || unicode.IsNumber(c) }
	if !strings.ContainsFunc(r.Label(), named) {
		return "There is neither a name nor an e-mail address."
	}
	if f := CheckText("The label", r.Label(), MaxIdentifierLength, false); f != nil {
		return f.Message
	}
	return ""
}
