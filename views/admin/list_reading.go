package admin

import (
	"strings"

	"muster/models"
	"muster/models/lists"
	"muster/views/telling"
	"muster/views/ui"
)

// ListChoices are what people say about a list against what was guessed, as the
// form was sent.
type ListChoices struct {
	// Columns are keys and roles, Guessed kinds and kinds, both as "key=value".
	Columns []string `form:"column"`
	Guessed []string `form:"guessed"`
}

// Choices reads them; what no form of ours says is left out by who uses it.
func (f ListChoices) Choices() lists.Choices {
	c := lists.Choices{Columns: map[string]lists.Role{}, Guessed: map[models.ExpectationKind]models.ExpectationKind{}}
	for _, text := range f.Columns {
		if at := strings.LastIndexByte(text, '='); at >= 0 {
			c.Columns[text[:at]] = lists.Role(text[at+1:])
		}
	}
	for _, text := range f.Guessed {
		if from, to, ok := strings.Cut(text, "="); ok {
			c.Guessed[models.ExpectationKind(from)] = models.ExpectationKind(to)
		}
	}
	return c
}

// ListReading shows how a list was read, so that nothing of it goes lost in
// silence.
type ListReading struct {
	// Form is the id of the form that the choices belong to; empty inside it.
	Form   string
	Counts []ListCount
	// Columns are those of a list that has some.
	Columns []ListColumn
	Guesses []ListGuess
	LeftOut []lists.Problem
	// LeftOutNumber is how many lines are left out, shown or not.
	LeftOutNumber int
	// Entries are the first of an expected list, More how many follow.
	Entries []ListEntry
	More    int
	// Aside says how many e-mail addresses are nobody; empty when none are.
	Aside string
	// Hints say what kinds of entries prove.
	Hints []string
	// Checked identifies what was read: sent back, it confirms it.
	Checked string
}

// ListCount is how much was understood as one thing.
type ListCount struct{ Label, Text string }

// ListColumn is a column with the choice of what it is.
type ListColumn struct {
	Label, Samples string
	Options        []ui.Option
	Value          string
	// Besides says how many of its cells became notes all the same; empty for none.
	Besides string
}

// ListGuess is what entries are whose kind was guessed.
type ListGuess struct {
	Label   string
	Options []ui.Option
	Value   string
}

// ListEntry is an entry of an expected list.
type ListEntry struct{ Pattern, Kind, Note string }

// shownLines is how much of a long list the reading shows.
const shownLines = 50

var roleNames = map[lists.Role]string{
	lists.Guess: "As each cell looks", lists.Email: "E-mail address", lists.User: "User name", lists.Host: "Computer", lists.Note: "Note",
	lists.Name: "Name", lists.Given: "First name", lists.Family: "Last name", lists.None: "Not used",
}

// confirm is the button that goes on with what was read.
func (r *ListReading) confirm(action string) string {
	if r == nil || r.LeftOutNumber == 0 {
		return action
	}
	return action + " without " + ui.Plural(r.LeftOutNumber, "line", "lines")
}

// columnsOf lists the columns and what each can be.
func columnsOf(columns []lists.Column, roles []lists.Role) []ListColumn {
	var shown []ListColumn
	for _, c := range columns {
		column := ListColumn{Label: c.Heading, Samples: strings.Join(c.Samples, " · "), Value: c.Key + "=" + string(c.Role)}
		if c.Noted > 0 {
			column.Besides = "A note in " + ui.Plural(c.Noted, "row", "rows") + ", where another column says more."
		}
		if c.Heading == "" {
			column.Label = "Column " + strings.TrimPrefix(c.Key, "#")
		}
		for _, role := range roles {
			if role == lists.Guess && c.Heading != "" && c.Role != role {
				continue
			}
			column.Options = append(column.Options, ui.Option{Value: c.Key + "=" + string(role), Label: roleNames[role]})
		}
		shown = append(shown, column)
	}
	return shown
}

// leftOut is the first of the lines that are left out.
func (r *ListReading) leftOut(problems []lists.Problem) {
	r.LeftOut, r.LeftOutNumber = problems[:min(len(problems), shownLines)], len(problems)
}

// WrittenAs says how a file was written, where that had to be found out.
func (r *ListReading) WrittenAs(e lists.Encoding) {
	if e != "" && e != lists.UTF8 {
		r.Hints = append(r.Hints, "The file was read as "+string(e)+" text. If letters look wrong, save it as CSV UTF-8 and choose it again.")
	}
}

func (r *ListReading) count(label string, n int, one, many string) {
	if n > 0 {
		r.Counts = append(r.Counts, ListCount{label, ui.Plural(n, one, many)})
	}
}

// ExpectedReading shows an expected list; the rules say what it is for.
func ExpectedReading(list *lists.Expected, choices lists.Choices, onlyExpected, signInRequired bool) *ListReading {
	r := &ListReading{Columns: columnsOf(list.Columns, lists.ExpectedRoles), Checked: list.Fingerprint(), More: max(0, len(list.Entries)-shownLines)}
	emails, users, hosts := list.Count(models.ExpectEmail), list.Count(models.ExpectPerson), list.Count(models.ExpectHost)
	r.count("People, by sign-in", emails, "e-mail address", "e-mail addresses")
	r.count("People, as reported", users, "user name", "user names")
	r.count("Computers, as reported", hosts, "host name", "host names")
	r.count("Notes", list.Notes, "note", "notes")
	r.count("Nothing", list.Unused, "cell is not used", "cells are not used")
	if list.Aside > 0 {
		r.Aside = ui.Plural(list.Aside, "e-mail address is", "e-mail addresses are") + " not expected: they became notes or nothing"
	}
	r.count("There already", list.Repeated, "line repeats another", "lines repeat others")
	r.leftOut(list.Bad)
	guessed := map[models.ExpectationKind]int{}
	for i, e := range list.Read {
		kind := telling.ExpectationKind(e.Kind)
		if e.Looks != "" {
			guessed[e.Looks]++
			kind += ", guessed"
		}
		if i < shownLines {
			r.Entries = append(r.Entries, ListEntry{Pattern: e.Pattern, Kind: kind, Note: e.Note})
		}
	}
	for _, kind := range expectationKinds {
		if n := guessed[kind]; n > 0 {
			r.Guesses = append(r.Guesses, guessOf(kind, n, choices))
		}
	}
	if emails > 0 {
		r.Hints = append(r.Hints, "An e-mail address matches only somebody who signs in with it, not what a device reports. An application that redeems on its own does not match it.")
	}
	if onlyExpected && users+hosts > 0 {
		hint := telling.FilterNotLock(users+hosts, len(list.Entries))
		if !signInRequired {
			hint += " Switch on “Sign-in required” below, so that every use has a verified identity."
		}
		r.Hints = append(r.Hints, hint)
	}
	return r
}

var expectationKinds = []models.ExpectationKind{models.ExpectEmail, models.ExpectPerson, models.ExpectHost}

// guessOf asks what entries are that look like a kind.
func guessOf(kind models.ExpectationKind, n int, choices lists.Choices) ListGuess {
	looks := map[models.ExpectationKind]string{
		models.ExpectEmail:  ui.Plural(n, "looks like an e-mail address", "look like e-mail addresses"),
		models.ExpectPerson: ui.Plural(n, "looks like a user name", "look like user names"),
		models.ExpectHost:   ui.Plural(n, "looks like a computer", "look like computers"),
	}
	g := ListGuess{Label: looks[kind], Value: string(kind) + "=" + string(choices.KindOf(kind))}
	for _, option := range []struct {
		kind  models.ExpectationKind
		label string
	}{{models.ExpectEmail, "E-mail addresses, matched at sign-in"}, {models.ExpectPerson, "User names, as devices report them"}, {models.ExpectHost, "Computers, as devices report them"}} {
		if option.kind == models.ExpectEmail && kind != models.ExpectEmail {
			continue // what has no @ is no address
		}
		g.Options = append(g.Options, ui.Option{Value: string(kind) + "=" + string(option.kind), Label: option.label})
	}
	return g
}

// RecipientsReading shows a list of recipients.
func RecipientsReading(list *lists.Recipients) *ListReading {
	r := &ListReading{Form: "recipients-form", Columns: columnsOf(list.Columns, lists.RecipientRoles)}
	with := list.WithAddress()
	r.count("With an e-mail address", with, "person", "people")
	r.count("With a name only", len(list.People)-with, "person", "people")
	r.count("Nothing", list.Unused, "cell is not used", "cells are not used")
	if list.Aside > 0 {
		r.Aside = ui.Plural(list.Aside, "e-mail address is", "e-mail addresses are") + " not used: nobody gets a registration token for them"
	}
	return r
}
