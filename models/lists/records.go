package lists

import (
	"cmp"
	"encoding/csv"
	"errors"
	"regexp"
	"strings"
)

// record is a line of a list, or several that a quoted cell holds together.
type record struct {
	line  int    // the first, counted from 1
	text  string // as it was given
	cells []string
	// unread is true when its quotation marks do not match.
	unread bool
}

// block is a part of a list: a sheet below its heading, or what was typed.
type block struct {
	// heading is nil for a part without one.
	heading []string
	records []record
}

// columns is how many there are.
func (b *block) columns() int {
	n := len(b.heading)
	for i := range b.records {
		if !b.records[i].unread {
			n = max(n, len(b.records[i].cells))
		}
	}
	return n
}

// mostJoined is how many lines a quoted cell may hold together.
const mostJoined = 200

// reader splits a text into blocks.
type reader struct {
	lines []string
	at    int // the next line
	// isHeading reports whether a line heads what is below it; a sure one is
	// first of its text, or follows a declaration.
	isHeading func(cells []string, sure bool) bool
	// commaInNames keeps "Last, First" together.
	commaInNames bool
	// delimiter is that of the present block: declared, or that of its heading; 0
	// for none.
	delimiter rune
	blocks    []block
}

// split reads blocks and lines. Blank lines are skipped.
func (r *reader) split(text string) []block {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.TrimPrefix(text, "\ufeff"))
	r.lines = strings.Split(text, "\n")
	sure, gap := true, false
	for r.at < len(r.lines) {
		line := strings.Trim(r.lines[r.at], " ")
		switch delimiter, declared := declaration(line); {
		case strings.TrimSpace(line) == "":
			gap = true
			r.at++
			continue
		case declared:
			r.delimiter, sure = delimiter, true
			r.blocks = append(r.blocks, block{})
			r.at++
			continue
		}
		rec := r.next()
		heads := r.readHeading(&rec, sure, gap)
		if sure, gap = false, false; !heads {
			r.add(rec)
		}
	}
	return r.blocks
}

func (r *reader) add(rec record) {
	if len(r.blocks) == 0 {
		r.blocks = append(r.blocks, block{})
	}
	b := &r.blocks[len(r.blocks)-1]
	if boxes := splitMailboxes(rec.text); len(boxes) > 0 && len(b.heading) < 2 {
		for _, box := range boxes {
			b.records = append(b.records, record{line: rec.line, text: box, cells: []string{box}})
		}
		return
	}
	b.records = append(b.records, rec)
}

// readHeading begins a block if the line heads one. After a gap, a line of several
// cells is as sure as a first one: files are added below a blank line.
func (r *reader) readHeading(rec *record, sure, gap bool) bool {
	delimiter := likeliestDelimiter(rec.text)
	cells, err := parse(rec.text, delimiter)
	if err != nil || !r.isHeading(cells, sure || gap && len(cells) > 1) {
		return false
	}
	r.delimiter = delimiter
	if n := len(r.blocks); n > 0 && r.blocks[n-1].heading == nil && len(r.blocks[n-1].records) == 0 {
		r.blocks = r.blocks[:n-1]
	}
	r.blocks = append(r.blocks, block{heading: cells})
	return true
}

// declaration reads the first line of some files: sep=; of Excel, with the
// delimiter, and #TYPE of PowerShell.
func declaration(line string) (rune, bool) {
	line = strings.Trim(line, `"`)
	if len(line) == 5 && strings.EqualFold(line[:4], "sep=") && strings.ContainsAny(line[4:], ";,\t|") {
		return rune(line[4]), true
	}
	return 0, strings.HasPrefix(line, "#TYPE ")
}

// next takes the next line, with those that a quoted cell holds together with it.
func (r *reader) next() record {
	joined := r.joined()
	rec := record{line: r.at + 1, text: strings.TrimSpace(strings.Join(r.lines[r.at:r.at+joined], "\n"))}
	cells, err := r.cells(rec.text)
	if joined > 1 && (err != nil || len(cells) < 2) { // a typed line with a stray quotation mark
		joined, rec.text = 1, strings.TrimSpace(r.lines[r.at])
		cells, err = r.cells(rec.text)
	}
	rec.cells, rec.unread = cells, err != nil
	r.at += joined
	return rec
}

// joined is how many lines belong together: the quotation marks of the first one
// open a cell, and end in the last.
func (r *reader) joined() int {
	open := 0
	for n := 1; n <= mostJoined && r.at+n <= len(r.lines); n++ {
		line := r.lines[r.at+n-1]
		if n == 1 && !opensCell.MatchString(line) {
			return 1
		}
		if open += strings.Count(line, `"`); open%2 == 0 {
			return n
		}
	}
	return 1
}

// opensCell finds a quotation mark at the beginning of a cell.
var opensCell = regexp.MustCompile(`(^|[;,|\t])\s*"`)

// cells splits a line at the delimiter of its block, or at the one that it seems to
// use. A sheet of one column has none.
func (r *reader) cells(text string) ([]string, error) {
	if n := len(r.blocks); n > 0 && len(r.blocks[n-1].heading) == 1 {
		return parse(text, 0)
	}
	return parse(text, cmp.Or(r.delimiter, r.delimiterOf(text)))
}

func (r *reader) delimiterOf(text string) rune {
	for _, delimiter := range []rune{'\t', ';', ','} {
		if strings.ContainsRune(text, delimiter) {
			if delimiter == ',' && r.commaInNames && isName(text) {
				return 0
			}
			return delimiter
		}
	}
	return 0
}

// isName tells "Last, First" from two cells.
func isName(text string) bool {
	return strings.Count(text, ",") == 1 && strings.Contains(text, ", ") && !strings.ContainsAny(text, `@"`)
}

// likeliestDelimiter is the one that a heading has most of.
func likeliestDelimiter(text string) rune {
	best, most := rune(0), 0
	for _, delimiter := range []rune{'\t', ';', ',', '|'} {
		if n := strings.Count(text, string(delimiter)); n > most {
			best, most = delimiter, n
		}
	}
	return best
}

// parse splits a line; 0 stands for no delimiter. Quotation marks within a cell are
// text.
func parse(text string, delimiter rune) ([]string, error) {
	if delimiter == 0 && !strings.HasPrefix(text, `"`) {
		return []string{text}, nil
	}
	read := func(lazy bool) ([]string, error) {
		c := csv.NewReader(strings.NewReader(text))
		c.TrimLeadingSpace, c.LazyQuotes, c.Comma = true, lazy, cmp.Or(delimiter, ',')
		return c.Read()
	}
	cells, err := read(false)
	if errors.Is(err, csv.ErrBareQuote) {
		cells, err = read(true)
	}
	for i := range cells {
		cells[i] = strings.TrimSpace(strings.ReplaceAll(cells[i], "\n", " "))
	}
	return cells, err
}
