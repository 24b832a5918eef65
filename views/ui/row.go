package ui

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// marks are the icons that rows have.
var marks = []IconName{
	IconShieldCheck, IconMonitor, IconCircleCheck, IconGauge, IconHourglass, IconBan, IconTrash, IconIdle, IconUnlink, IconClock, IconUndo, IconChevronRight,
}

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
	// longestTail is how many characters are kept at the end.
	longestTail = 20
)

// cut divides a host or an e-mail address into what may be shortened and the end, which
// tells those of one organisation apart from others. The end of anything else is empty.
func cut(text string) (head, tail string) {
	if utf8.RuneCountInString(text) <= cutFrom || strings.ContainsFunc(text, isPlain) {
		return text, ""
	}
	at := strings.LastIndexByte(text, '@')
	if at < 0 {
		domain := strings.LastIndexByte(text, '.')
		if domain < 0 {
			return text, ""
		}
		at = max(0, strings.LastIndexByte(text[:domain], '.')+1)
	}
	for utf8.RuneCountInString(text[at:]) > longestTail {
		dot := strings.IndexByte(text[at:], '.')
		if dot < 0 {
			return text, ""
		}
		at += dot + 1
	}
	if at == 0 {
		return text, ""
	}
	return text[:at], text[at:]
}

// isPlain reports whether no host or address has the character, or it is written from
// the right.
func isPlain(r rune) bool {
	return unicode.IsSpace(r) || unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Thaana, unicode.Nko)
}

// cutClass leaves room for the tail.
func cutClass(tail string) string {
	return "cut-" + strconv.Itoa(max(4, (utf8.RuneCountInString(tail)+1)/2*2))
}
