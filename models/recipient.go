package models

import (
	"encoding/csv"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"unicode"
)

// MaxRecipients is how many registration tokens one list may make at once.
const MaxRecipients = 5_000

// Recipient is somebody who gets a registration token of their own. At least
// one of the two is set.
type Recipient struct {
	Name  string
	Email string
	// Line is where in the list they stand, counted from 1.
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

// key tells who is the same person: the e-mail address decides, else the name.
func (r Recipient) key() string {
	if r.Email != "" {
		return "@" + strings.ToLower(r.Email)
	}
	return strings.ToLower(r.Name)
}

// RecipientProblem is a line of a list that cannot be used, and why.
type RecipientProblem struct {
	Line    int
	Text    string
	Message string
}

// RecipientList is a list as it was read.
type RecipientList struct {
	Recipients []Recipient
	// Duplicates stand in the list a second time; Bad cannot be read.
	Duplicates []RecipientProblem
	Bad        []RecipientProblem
}

// ParseRecipients reads a list of people, one a line: a name, an e-mail
// address, both as "Name <address>", or columns parted by comma, semicolon or
// tab, with or without a heading line, which may also begin a second part.
// Blank lines are passed over. It never fails: what cannot be used is told by
// line.
func ParseRecipients(text string) RecipientList {
	text = strings.TrimPrefix(text, "\ufeff")
	var list RecipientList
	var columns recipientColumns
	seen := map[string]int{}
	first := true
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		fields, err := splitRecipient(line)
		// A file added below a typed list brings its heading along.
		if heading, ok := readHeading(fields); ok && (first || heading.name > 0 && heading.email > 0) {
			columns, first = heading, false
			continue
		}
		first = false
		r, message := columns.recipient(fields)
		if err != nil {
			message = "The quotation marks do not fit together."
		}
		r.Line = number
		if message == "" {
			message = r.problem()
		}
		if message != "" {
			list.Bad = append(list.Bad, RecipientProblem{Line: number, Text: line, Message: message})
			continue
		}
		if before, ok := seen[r.key()]; ok {
			list.Duplicates = append(list.Duplicates, RecipientProblem{
				Line: number, Text: line, Message: fmt.Sprintf("The same as line %d.", before),
			})
			continue
		}
		seen[r.key()] = number
		list.Recipients = append(list.Recipients, r)
	}
	return list
}

// splitRecipient parts a line at the delimiter it seems to use.
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
		column := func(n int) string {
			if n == 0 || n > len(fields) {
				return ""
			}
			return fields[n-1]
		}
		r.Name, r.Email = column(c.name), column(c.email)
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
		return r, fmt.Sprintf("“%s” is no e-mail address.", r.Email)
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
