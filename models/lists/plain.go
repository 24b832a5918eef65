package lists

import (
	"slices"
	"strings"

	"muster/models"
	"muster/models/names"
)

// shape is what plain parts of a list have in common.
type shape int

const (
	noPlain shape = iota
	aWord
	aNumber
	aMachine
	lastFirst
	severalWords
)

func shapeOf(text string) shape {
	_, _, said := named(text)
	switch {
	case said || strings.ContainsAny(text, "@<>"):
		return noPlain
	case isName(text):
		return lastFirst
	case looksLike(text) == models.ExpectHost:
		return aMachine
	case strings.Contains(text, " "):
		return severalWords
	case strings.Trim(text, "0123456789") == "":
		return aNumber
	}
	return aWord
}

// splitPlain makes an entry of each part when a block without a heading is a plain
// list: anna;bob;carl. Other lines of several cells are a table, or an entry with
// its note.
func (b *block) splitPlain() {
	if b.heading != nil || b.declared || !b.isPlain() {
		return
	}
	var split []record
	for i := range b.records {
		r := &b.records[i]
		split = append(split, r.split(r.filled())...)
	}
	b.records = split
}

// isPlain reports whether all parts are of one shape, and stand on the only line, or
// on lines that are no table: of computers, each going on to the next, or with
// several parts on one of them.
func (b *block) isPlain() bool {
	var all shape
	wide, widest, open := 0, 0, 0
	for i := range b.records {
		r := &b.records[i]
		if r.problem != "" {
			return false
		}
		cells := r.filled()
		for _, cell := range cells {
			s := shapeOf(cell)
			if s == noPlain || all != noPlain && s != all {
				return false
			}
			all = s
		}
		if len(cells) > 1 {
			if strings.Count(r.text, ",") == 1 && isName(r.text) || all == aMachine && sameMachine(cells) {
				return false
			}
			wide++
		}
		if widest = max(widest, len(cells)); endsOpen(r.text) && i < len(b.records)-1 {
			open++
		}
	}
	const several = 3
	return wide > 0 && (len(b.records) == 1 || all == aMachine || open == len(b.records)-1 || wide == 1 && widest >= several)
}

// sameMachine reports whether two of the names are one machine's.
func sameMachine(hosts []string) bool {
	known := map[string]bool{}
	for _, host := range hosts {
		label := names.ParseHost(host).Label
		if known[label] {
			return true
		}
		known[label] = true
	}
	return false
}

// filled are the cells that hold something.
func (r *record) filled() []string {
	return slices.DeleteFunc(slices.Clone(r.cells), func(cell string) bool { return cell == "" })
}
