package lists

import (
	"bufio"
	"cmp"
	"encoding/csv"
	"errors"
	"regexp"
	"strings"
	"sync"
)

// record is a line of a list, or several that a quoted cell holds together.
type record struct {
	line  int    // the first, counted from 1
	text  string // as it was given
	cells []string
	// problem says why it cannot be read; empty when it can.
	problem string
}

// block is a part of a list: a sheet below its heading, or what was typed.
type block struct {
	// heading is nil for a part without one.
	heading []string
	// declared is true when its delimiter is.
	declared bool
	records  []record
}

// columns is how many there are.
func (b *block) columns() int {
	n := len(b.heading)
	for i := range b.records {
		if b.records[i].problem == "" {
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
	// goesOn is true after an address line that ends with a separator.
	goesOn bool
}

// split reads blocks and lines. Blank lines, and rows of blank cells, are skipped.
func (r *reader) split(text string) []block {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.TrimPrefix(text, "\ufeff"))
	r.lines = strings.Split(text, "\n")
	sure, gap := true, false
	for r.at < len(r.lines) {
		line := strings.Trim(r.lines[r.at], " ")
		switch delimiter, declared := declaration(line); {
		case trim(line) == "":
			gap = true
			r.at++
			continue
		case declared:
			r.delimiter, sure = delimiter, true
			r.blocks = append(r.blocks, block{declared: true})
			r.at++
			continue
		}
		rec := r.next()
		if isBlank(rec.text) {
			gap = true
			continue
		}
		heads := r.readHeading(&rec, sure, gap)
		if sure, gap = false, false; !heads {
			r.add(rec)
		}
	}
	for i := range r.blocks {
		r.blocks[i].splitPlain()
	}
	return r.blocks
}

func (r *reader) add(rec record) {
	if len(r.blocks) == 0 {
		r.blocks = append(r.blocks, block{})
	}
	b := &r.blocks[len(r.blocks)-1]
	goesOn := r.goesOn
	r.goesOn = false
	if len(b.heading) < 2 && (!b.declared || !goesOn) {
		if parts := splitAddressLine(rec.text, goesOn); len(parts) > 0 {
			b.records = append(b.records, rec.split(parts)...)
			r.goesOn = endsOpen(rec.text)
			return
		}
	}
	b.records = append(b.records, rec)
}

// split makes a record of each part.
func (r *record) split(parts []string) []record {
	records := make([]record, len(parts))
	for i, part := range parts {
		records[i] = record{line: r.line, text: part, cells: []string{unquoted(part)}}
	}
	return records
}

// isBlank reports whether a row has nothing in any cell.
func isBlank(text string) bool {
	return strings.Trim(strings.ReplaceAll(text, `""`, ""), " \t;,|") == ""
}

// endsOpen reports whether more follows a line.
func endsOpen(text string) bool {
	return strings.HasSuffix(text, ";") || strings.HasSuffix(text, ",")
}

// readHeading begins a block if the line heads one. After a gap, a line of several
// cells is as sure as a first one: files are added below a blank line.
func (r *reader) readHeading(rec *record, sure, gap bool) bool {
	delimiter := likeliestDelimiter(rec.text)
	cells, err := parse(rec.text, delimiter)
	if err != nil || !r.isHeading(cells, sure || gap && len(cells) > 1) {
		return false
	}
	r.delimiter, r.goesOn = delimiter, false
	if n := len(r.blocks); n > 0 && r.blocks[n-1].heading == nil && len(r.blocks[n-1].records) == 0 {
		r.blocks = r.blocks[:n-1]
	}
	b := block{heading: cells}
	if len(cells) > mostColumns {
		b.records = append(b.records, *rec) // so that it is named
	}
	r.blocks = append(r.blocks, b)
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
	rec := record{line: r.at + 1, text: trim(strings.Join(r.lines[r.at:r.at+joined], "\n"))}
	cells, err := r.cells(rec.text)
	if joined > 1 && (err != nil || len(cells) < 2) { // a typed line with a stray quotation mark
		joined, rec.text = 1, trim(r.lines[r.at])
		cells, err = r.cells(rec.text)
	}
	if rec.cells = cells; err != nil {
		rec.problem = unmatchedQuotes
	}
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

// buffers spares each line one of its own: lists have many.
var buffers = sync.Pool{New: func() any { return bufio.NewReader(nil) }}

// parse splits a line; 0 stands for no delimiter. Quotation marks within a cell are
// text.
func parse(text string, delimiter rune) ([]string, error) {
	if !strings.Contains(text, `"`) && delimiter != 0 {
		cells := strings.Split(text, string(delimiter))
		for i := range cells {
			cells[i] = trim(cells[i])
		}
		return cells, nil
	}
	if delimiter == 0 && !strings.HasPrefix(text, `"`) {
		return []string{text}, nil
	}
	read := func(lazy bool) ([]string, error) {
		buffer := buffers.Get().(*bufio.Reader) //nolint:forcetypeassert // holds nothing else
		defer buffers.Put(buffer)
		buffer.Reset(strings.NewReader(text))
		c := csv.NewReader(buffer)
		c.TrimLeadingSpace, c.LazyQuotes, c.Comma = true, lazy, cmp.Or(delimiter, ',')
		return c.Read()
	}
	cells, err := read(false)
	if errors.Is(err, csv.ErrBareQuote) {
		cells, err = read(true)
	}
	for i := range cells {
		cells[i] = trim(strings.ReplaceAll(cells[i], "\n", " "))
	}
	return cells, err
}
