package ui

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/a-h/templ"
)

// Columns are the names of the columns that a person chose.
type Columns []string

// Has reports whether a column is chosen.
func (c Columns) Has(name string) bool { return slices.Contains(c, name) }

// Chosen are those to show, in the order of all.
func (c Columns) Chosen(all []Option) []Option {
	return slices.DeleteFunc(slices.Clone(all), func(o Option) bool { return !c.Has(o.Value) })
}

const (
	// cutFrom is how many characters have room in the narrowest column.
	cutFrom = 14
	// keptAtEnd is how many are kept at the end; the style sheet leaves room for them.
	keptAtEnd = 8
	// hoverCutFrom is how many mostly have room of what is cut at its end; of a shorter
	// text that has none, the script says the whole.
	hoverCutFrom = 36
)

// cut divides a word, such as a host or an e-mail address, into what may be shortened and
// its end. The end of anything else is empty.
func cut(text string) (head, tail string) {
	characters := []rune(text)
	if len(characters) <= cutFrom || strings.ContainsFunc(text, isPlain) {
		return text, ""
	}
	at := len(characters) - keptAtEnd
	for at > 0 && unicode.IsMark(characters[at]) {
		at--
	}
	return string(characters[:at]), string(characters[at:])
}

// isPlain reports whether no word that is cut has the character, or it is written from
// the right.
func isPlain(r rune) bool {
	return unicode.IsSpace(r) || unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Thaana, unicode.Nko)
}

// hoverCut shows in full what [Cut] mostly cuts off.
func hoverCut(text string) templ.Attributes {
	if _, tail := cut(text); tail == "" && utf8.RuneCountInString(text) < hoverCutFrom {
		return nil
	}
	return templ.Attributes{"title": text}
}
