package lists

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"muster/models"
	"muster/models/names"
)

// ExpectedRoles are the roles that a column of an expected list can have.
var ExpectedRoles = []Role{Guess, Email, User, Host, Note, None}

// Expected is an expected list as it was read.
type Expected struct {
	// Entries has everybody once, in the order of the list.
	Entries []models.Expectation
	// Read says of each entry what it was read as.
	Read []Entry
	// Bad are the lines that cannot be used; Repeated is how many entries were
	// there before.
	Bad      []Problem
	Repeated int
	Columns  []Column
	// Notes is how many cells, and names before addresses, became notes; Unused how
	// many cells became nothing.
	Notes, Unused int
	// Aside is how many e-mail addresses are no entry: they became a note, or nothing.
	Aside int
}

// Entry is what an entry was read as. Looks is the kind that it looks like; empty
// when its kind was said.
type Entry struct {
	Kind, Looks   models.ExpectationKind
	Pattern, Note string
}

// Fingerprint tells this reading from any other: it covers the entries, and how much
// is left out.
func (e *Expected) Fingerprint() string {
	sum := sha256.New()
	for _, entry := range e.Read {
		fmt.Fprintf(sum, "%q %q %q\n", entry.Kind, entry.Pattern, entry.Note)
	}
	fmt.Fprintf(sum, "%d left out", len(e.Bad))
	const enough = 12
	return hex.EncodeToString(sum.Sum(nil)[:enough])
}

// Count is how many entries are of a kind.
func (e *Expected) Count(kind models.ExpectationKind) int {
	n := 0
	for i := range e.Entries {
		if e.Entries[i].Kind == kind {
			n++
		}
	}
	return n
}

// ReadExpected reads an expected list: e-mail addresses, user names and host names,
// in which * stands for any text. A line makes one entry, of its most specific
// cell; "person:", "host:" or "email:" before a text says what it is. It never
// fails: a line that cannot be used is in Bad.
func ReadExpected(text string, choices Choices) Expected {
	r := reader{isHeading: func(cells []string, sure bool) bool {
		return isSheet(cells, sure, email, loginName, user, account, host, qualifiedHost, name, fullName)
	}}
	all := sheets(r.split(text), choices, ExpectedRoles, expectedRoles)
	var list Expected
	seen := map[models.ExpectationKey]bool{}
	list.Bad = eachRecord(all, func(s *sheet, r *record) string {
		row := expectedRow{choices: choices}
		for i, cell := range r.cells {
			if cell != "" {
				row.add(i, s.columns[i].Role, cell)
			}
		}
		entry, message := row.entry()
		if message = cmp.Or(message, entry.Problem()); message != "" {
			return message
		}
		list.Aside += others(row.addresses, entry.Pattern)
		if seen[entry.Key()] {
			list.Repeated++
			return ""
		}
		seen[entry.Key()] = true
		list.Entries = append(list.Entries, entry)
		list.Read = append(list.Read, Entry{Kind: entry.Kind, Looks: row.guessed, Pattern: entry.Pattern, Note: entry.Note})
		list.Notes += row.noted
		list.Unused += row.unused
		for _, column := range row.besides {
			s.columns[column].Noted++
		}
		return ""
	})
	list.Columns = columnsOf(all)
	return list
}

// expectedRoles guesses what the columns of a sheet are.
func expectedRoles(of []concept) []Role {
	has := func(some ...concept) bool {
		return slices.ContainsFunc(of, func(c concept) bool { return slices.Contains(some, c) })
	}
	computers := has(qualifiedHost)
	people := !computers && has(email, loginName, user, account)
	roles := make([]Role, len(of))
	for i, c := range of {
		switch c {
		case nothing:
			roles[i] = None
		case email:
			roles[i] = Email
		case loginName, account:
			roles[i] = User
			if computers {
				roles[i] = None
			}
		case user:
			roles[i] = User
		case host, qualifiedHost:
			roles[i] = Host
		case name:
			switch {
			case computers:
				roles[i] = Host
			case people:
				roles[i] = Note
			default:
				roles[i] = User
			}
		case fullName:
			roles[i] = Note
			if !people && !computers && !has(host, name) {
				roles[i] = User
			}
		case given, family:
			roles[i] = Note
			if has(name, fullName) {
				roles[i] = None
			}
		case note, owner, otherEmail:
			roles[i] = Note
		}
	}
	return roles
}

// expectedRow is one line on its way to an entry.
type expectedRow struct {
	choices Choices
	// cells are those that name somebody, and notes, in the order of the columns.
	cells         []expectedCell
	noted, unused int
	// besides are the columns of those that name somebody and became notes.
	besides   []int
	addresses []string
	// guessed is the kind that the entry looks like; empty when it was said.
	guessed models.ExpectationKind
}

// expectedCell is one that names somebody, or a note; the lowest rank tells most.
type expectedCell struct {
	column  int
	kind    models.ExpectationKind
	pattern string
	guessed bool
	rank    int
}

// The ranks. What is said outright comes first, then the most specific kind; a
// qualified host name before a short one.
const (
	saidOutright = iota
	anEmail
	aQualifiedHost
	aHost
	aUser
	aNote
)

func rankOf(kind models.ExpectationKind, pattern string) int {
	switch {
	case kind == models.ExpectEmail:
		return anEmail
	case kind == models.ExpectHost && strings.Contains(pattern, "."):
		return aQualifiedHost
	case kind == models.ExpectHost:
		return aHost
	}
	return aUser
}

var kindOf = map[Role]models.ExpectationKind{Email: models.ExpectEmail, User: models.ExpectPerson, Host: models.ExpectHost}

// add takes a cell.
func (r *expectedRow) add(column int, role Role, text string) {
	if box, ok := readMailbox(text); ok {
		r.addresses = append(r.addresses, box.address)
	}
	cell := expectedCell{column: column, kind: kindOf[role], pattern: text}
	switch role {
	case Guess:
		var said bool
		if cell.kind, cell.pattern, said = named(text); said {
			r.cells = append(r.cells, cell)
			return
		}
		cell.kind, cell.guessed = looksLike(text), true
	case Email, User, Host:
	case Note:
		cell.rank = aNote
		r.cells = append(r.cells, cell)
		return
	default:
		r.unused++
		return
	}
	cell.rank = rankOf(cell.kind, cell.pattern)
	r.cells = append(r.cells, cell)
}

// others is how many of the addresses are not one.
func others(addresses []string, one string) int {
	n := 0
	for _, address := range addresses {
		if !strings.EqualFold(address, one) {
			n++
		}
	}
	return n
}

// entry makes the entry of what tells most; the rest is its note.
func (r *expectedRow) entry() (models.Expectation, string) {
	byRank := func(a, b expectedCell) int { return a.rank - b.rank }
	if len(r.cells) == 0 || slices.MinFunc(r.cells, byRank).rank == aNote {
		return models.NewExpectation(models.ExpectPerson, "", ""), ""
	}
	best := slices.MinFunc(r.cells, byRank)
	if isInsideExchange(best.pattern) {
		return models.Expectation{}, insideExchange
	}
	var notes []string
	if best.kind == models.ExpectEmail {
		box, ok := readMailbox(best.pattern)
		if !ok {
			return models.Expectation{}, fmt.Sprintf("“%s” is not an e-mail address.", shortened(best.pattern))
		}
		if best.pattern = box.address; box.name != "" {
			notes = append(notes, box.name)
		}
	}
	kind := best.kind
	if best.guessed {
		kind, r.guessed = r.choices.KindOf(best.kind), best.kind
	}
	for _, cell := range r.cells {
		if cell.column == best.column {
			continue
		}
		if cell.rank != aNote && kind == models.ExpectHost && cell.kind == kind && names.ParseHost(cell.pattern).Label == names.ParseHost(best.pattern).Label {
			continue // the same machine, with less of its name
		}
		if cell.rank != aNote {
			r.besides = append(r.besides, cell.column)
		}
		notes = append(notes, cell.pattern)
	}
	r.noted = len(notes)
	return models.NewExpectation(kind, best.pattern, strings.Join(notes, ", ")), ""
}

// Line writes an entry as [ReadExpected] reads it back.
func Line(kind models.ExpectationKind, pattern, note string) string {
	want := models.NewExpectation(kind, pattern, note)
	for _, prefix := range []string{"", string(kind) + ":"} {
		line := prefix + pattern
		if note != "" || strings.ContainsAny(line, ",\t\"") {
			line = quoteCell(line) + ";" + quoteCell(note)
		}
		if read := ReadExpected(line, Choices{}).Entries; len(read) == 1 && read[0].Key() == want.Key() && read[0].Note == note {
			return line
		}
	}
	return string(kind) + ":" + pattern
}

func quoteCell(text string) string {
	if !strings.ContainsAny(text, "\";") {
		return text
	}
	return `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
}
