package lists

import (
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
}

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

// sheets gives the columns of each block their roles.
func sheets(blocks []block, c Choices, allowed []Role, guess func(of []concept) []Role) []sheet {
	var all []sheet
	for _, b := range blocks {
		s := sheet{block: b, columns: make([]Column, b.columns())}
		guessed := slices.Repeat([]Role{Guess}, len(s.columns))
		if b.heading != nil {
			of := make([]concept, len(s.columns))
			for i, heading := range b.heading {
				of[i] = conceptOf(heading)
			}
			guessed = guess(of)
		}
		times := map[string]int{}
		for i := range s.columns {
			column := &s.columns[i]
			column.Role, column.Key = guessed[i], "#"+strconv.Itoa(i+1)
			if i < len(b.heading) && b.heading[i] != "" {
				column.Heading, column.Key = b.heading[i], strings.ToLower(b.heading[i])
				if times[column.Key]++; times[column.Key] > 1 {
					column.Key += " (" + strconv.Itoa(times[column.Key]) + ")"
				}
			}
			if role, ok := c.Columns[column.Key]; ok && slices.Contains(allowed, role) {
				column.Role = role
			}
			column.Samples = s.samples(i)
		}
		all = append(all, s)
	}
	return all
}

func (s *sheet) samples(i int) []string {
	var found []string
	for j := range s.records {
		if cell := s.records[j].cell(i); cell != "" && !slices.Contains(found, cell) {
			if found = append(found, cell); len(found) == samples {
				break
			}
		}
	}
	return found
}

func (r *record) cell(i int) string {
	if r.unread || i >= len(r.cells) {
		return ""
	}
	return r.cells[i]
}

// columnsOf are those of the sheets that have something to choose: a heading, or
// more than one. Typed parts share theirs.
func columnsOf(all []sheet) []Column {
	var columns []Column
	for _, s := range all {
		if s.heading == nil && len(s.columns) < 2 {
			continue
		}
		for _, c := range s.columns {
			if !slices.ContainsFunc(columns, func(d Column) bool { return d.Key == c.Key }) {
				columns = append(columns, c)
			}
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
			message := unmatchedQuotes
			if !r.unread {
				message = use(s, r)
			}
			if message != "" {
				left = append(left, Problem{Line: r.line, Text: r.text, Message: message})
			}
		}
	}
	return left
}
