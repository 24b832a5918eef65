package lists

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"muster/models"
)

// Column is a column of a list, as it was read.
type Column struct {
	// Key tells it from others in [Choices].
	Key string
	// Heading is empty for a list without one.
	Heading string
	// Samples are the first of its cells.
	Samples []string
	Role    Role
	// Noted is how many cells of people or computers became notes, because another
	// cell of their row tells more.
	Noted int
}

// mostColumns is how many columns a list can have, in all its parts together.
const mostColumns = 100

// samples is how many cells of a column are shown.
const samples = 3

// Choices are what people say about a list, against what was guessed.
type Choices struct {
	// Columns are the roles of columns, by key.
	Columns map[string]Role
	// Guessed says what entries are whose kind was guessed to be another.
	Guessed map[models.ExpectationKind]models.ExpectationKind
}

// KindOf is what an entry is that looks like a kind.
func (c Choices) KindOf(looks models.ExpectationKind) models.ExpectationKind {
	if kind := c.Guessed[looks]; kind == models.ExpectPerson || kind == models.ExpectHost {
		return kind
	}
	return looks
}

// sheet is a block whose columns have roles.
type sheet struct {
	block
	columns []Column
}

// sheets gives the columns of each block their roles. Lines with more columns than
// a list can have are marked as such.
func sheets(blocks []block, c Choices, allowed []Role, guess func(of []concept) []Role) []sheet {
	var all []sheet
	known := map[string]bool{}
	for _, b := range blocks {
		s := sheet{block: b}
		s.refuseWide()
		s.columns = make([]Column, s.block.columns())
		s.giveRoles(c, allowed, guess)
		if s.shown() && !s.fits(known) {
			s.refuse(fmt.Sprintf("The list has too many columns in all its parts; at most %d are read. %s", mostColumns, fewerColumns))
		}
		all = append(all, s)
	}
	return all
}

const fewerColumns = "Keep only those that say who it is."

// refuseWide marks the lines that are too wide, and all below a heading that is.
func (s *sheet) refuseWide() {
	tooWide := func(what string, n int) string {
		return fmt.Sprintf("The %s has %d columns; at most %d are read. %s", what, n, mostColumns, fewerColumns)
	}
	if n := len(s.heading); n > mostColumns {
		s.heading = nil
		s.refuse(tooWide("heading", n))
	}
	for i := range s.records {
		if r := &s.records[i]; r.problem == "" && len(r.cells) > mostColumns {
			r.problem = tooWide("line", len(r.cells))
		}
	}
}

// refuse marks every line that could be read.
func (s *sheet) refuse(problem string) {
	s.columns = nil
	for i := range s.records {
		s.records[i].problem = cmp.Or(s.records[i].problem, problem)
	}
}

// fits adds the columns to the known ones, unless those are too many then.
func (s *sheet) fits(known map[string]bool) bool {
	more := map[string]bool{}
	for _, column := range s.columns {
		if !known[column.Key] {
			more[column.Key] = true
		}
	}
	if len(known)+len(more) > mostColumns {
		return false
	}
	maps.Copy(known, more)
	return true
}

func (s *sheet) giveRoles(c Choices, allowed []Role, guess func(of []concept) []Role) {
	guessed := slices.Repeat([]Role{Guess}, len(s.columns))
	if s.heading != nil {
		of := make([]concept, len(s.columns))
		for i, heading := range s.heading {
			of[i] = conceptOf(heading)
		}
		guessed = guess(of)
	}
	times := map[string]int{}
	for i := range s.columns {
		column := &s.columns[i]
		column.Role, column.Key = guessed[i], "#"+strconv.Itoa(i+1)
		if i < len(s.heading) && s.heading[i] != "" {
			column.Heading, column.Key = s.heading[i], strings.ToLower(s.heading[i])
			if times[column.Key]++; times[column.Key] > 1 {
				column.Key += " (" + strconv.Itoa(times[column.Key]) + ")"
			}
		}
		if role, ok := c.Columns[column.Key]; ok && slices.Contains(allowed, role) {
			column.Role = role
		}
	}
	for i := range s.records {
		s.addSamples(&s.records[i])
	}
}

func (s *sheet) addSamples(r *record) {
	if r.problem != "" {
		return
	}
	for i, cell := range r.cells {
		if found := &s.columns[i].Samples; cell != "" && len(*found) < samples && !slices.Contains(*found, cell) {
			*found = append(*found, cell)
		}
	}
}

// shown reports whether there is something to choose: a heading, or more than one
// column.
func (s *sheet) shown() bool {
	return s.heading != nil || len(s.columns) > 1
}

// columnsOf are those of the sheets that have something to choose. Typed parts share
// theirs. The sheets have been read.
func columnsOf(all []sheet) []Column {
	var columns []Column
	known := map[string]int{}
	for i := range all {
		s := &all[i]
		if !s.shown() {
			continue
		}
		for _, c := range s.columns {
			if at, ok := known[c.Key]; ok {
				columns[at].Noted += c.Noted
				continue
			}
			known[c.Key] = len(columns)
			columns = append(columns, c)
		}
	}
	return columns
}

// Problem is a line of a list that is not used, and why.
type Problem struct {
	Line    int // the first is 1
	Text    string
	Message string
}

const unmatchedQuotes = "The quotation marks do not match."

// eachRecord calls use for every line that can be read, and collects the others and
// those that use finds something wrong with.
func eachRecord(all []sheet, use func(s *sheet, r *record) string) []Problem {
	var left []Problem
	for i := range all {
		s := &all[i]
		for j := range s.records {
			r := &s.records[j]
			message := r.problem
			if message == "" {
				message = use(s, r)
			}
			if message != "" {
				left = append(left, Problem{Line: r.line, Text: r.text, Message: message})
			}
		}
	}
	return left
}

// shortened is as much of a text as a message quotes.
func shortened(text string) string {
	const most = 60
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}
