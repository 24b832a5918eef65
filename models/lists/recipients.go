package lists

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"muster/models"
	"muster/models/names"
)

// RecipientRoles are the roles that a column of a list of recipients can have.
var RecipientRoles = []Role{Guess, Name, Given, Family, Email, None}

// Recipients is a list of recipients as it was read.
type Recipients struct {
	People []models.Recipient
	// Duplicates are repeated; Bad cannot be used.
	Duplicates []Problem
	Bad        []Problem
	Columns    []Column
	// Unused is how many cells became nothing.
	Unused int
	// Aside is how many e-mail addresses became nothing.
	Aside int
}

// WithAddress is how many people have an e-mail address.
func (l *Recipients) WithAddress() int {
	n := 0
	for _, r := range l.People {
		if r.Email != "" {
			n++
		}
	}
	return n
}

// ReadRecipients reads a list of people, each with a name, an e-mail address or
// both. It never fails: a line that cannot be used is in Bad.
func ReadRecipients(text string, choices Choices) Recipients {
	r := reader{commaInNames: true, isHeading: func(cells []string, sure bool) bool {
		if !sure && len(cells) > 1 && !isSheet(cells, true, email, loginName) {
			return false
		}
		return isSheet(cells, sure, email, loginName, user, name, fullName, given, family)
	}}
	all := sheets(r.split(text), choices, RecipientRoles, recipientRoles)
	list := Recipients{Columns: columnsOf(all)}
	seen := map[string]int{}
	list.Bad = eachRecord(all, func(s *sheet, r *record) string {
		var row recipientRow
		for i, cell := range r.cells {
			if cell != "" {
				row.add(s.columns[i].Role, cell)
			}
		}
		person, message := row.recipient()
		person.Line = r.line
		if message = cmp.Or(message, person.Problem()); message != "" {
			return message
		}
		list.Aside += others(row.addresses, person.Email)
		if before, ok := seen[keyOf(person)]; ok {
			list.Duplicates = append(list.Duplicates, Problem{Line: r.line, Text: r.text, Message: fmt.Sprintf("The same as line %d.", before)})
			return ""
		}
		seen[keyOf(person)] = r.line
		list.People = append(list.People, person)
		list.Unused += row.unused
		return ""
	})
	return list
}

// keyOf identifies a person: by e-mail address, else by name.
func keyOf(r models.Recipient) string {
	if r.Email != "" {
		return "@" + names.ParseEmail(r.Email).String()
	}
	return names.Fold(r.Name)
}

var partsOfName = map[concept]Role{given: Given, family: Family}

// recipientRoles guesses what the columns of a sheet are. Each is used once: the
// best column for the address, and the best for the name.
func recipientRoles(of []concept) []Role {
	roles := slices.Repeat([]Role{None}, len(of))
	take := func(role Role, some ...concept) bool {
		for _, c := range some {
			if i := slices.Index(of, c); i >= 0 {
				roles[i] = role
				return true
			}
		}
		return false
	}
	take(Email, email, loginName, otherEmail)
	if take(Name, fullName) {
		return roles
	}
	if !slices.Contains(of, family) && take(Name, name, given, user, account) {
		return roles
	}
	for i, c := range of {
		if role, ok := partsOfName[c]; ok {
			roles[i] = role
		}
	}
	if !slices.Contains(of, given) {
		take(Given, name)
	}
	return roles
}

// recipientRow is one line on its way to a recipient.
type recipientRow struct {
	name, given, family, email string
	unused                     int
	addresses                  []string
}

// add takes a cell.
func (r *recipientRow) add(role Role, text string) {
	if box, ok := readMailbox(text); ok {
		r.addresses = append(r.addresses, box.address)
	}
	into := map[Role]*string{Name: &r.name, Email: &r.email}[role]
	switch {
	case role == Given:
		r.given = strings.TrimSpace(r.given + " " + text)
		return
	case role == Family:
		r.family = strings.TrimSpace(r.family + " " + text)
		return
	case role == Guess && strings.Contains(text, "@"):
		into = &r.email
	case role == Guess:
		into = &r.name
	}
	if into == nil || *into != "" {
		r.unused++
		return
	}
	*into = text
}

func (r *recipientRow) recipient() (models.Recipient, string) {
	person := models.Recipient{Name: cmp.Or(r.name, strings.TrimSpace(r.given+" "+r.family))}
	for _, text := range []string{person.Name, r.email} {
		if kind, _, said := named(text); said && kind == models.ExpectHost || strings.Contains(text, "*") {
			return person, fmt.Sprintf("“%s” is no recipient: each is one person, with a name or an e-mail address.", shortened(text))
		}
		if isInsideExchange(text) {
			return person, insideExchange
		}
	}
	if r.email == "" {
		return person, ""
	}
	box, ok := readMailbox(r.email)
	if !ok {
		return person, fmt.Sprintf("“%s” is not an e-mail address.", shortened(r.email))
	}
	person.Email, person.Name = box.address, cmp.Or(person.Name, box.name)
	return person, ""
}
