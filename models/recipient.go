package models

import (
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

// Problem says what is wrong with a recipient, in a sentence; empty when nothing
// is.
func (r Recipient) Problem() string {
	named := func(c rune) bool { return unicode.IsLetter(c) || unicode.IsNumber(c) }
	if !strings.ContainsFunc(r.Label(), named) {
		return "There is neither a name nor an e-mail address."
	}
	if f := CheckText("The label", r.Label(), MaxIdentifierLength, false); f != nil {
		return f.Message
	}
	return ""
}
