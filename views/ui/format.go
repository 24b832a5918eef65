package ui

import (
	"context"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"muster/views/words"
)

// Number shows n in English, its digits grouped: 1,000,000.
func Number(n int) string { return words.Number(context.Background(), n) }

// Plural shows n with the word that goes with it: "1 person", "9 people".
func Plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Number(n) + " " + many
}

// Extent says which rows of a list a page has: "51–100 of 1,000+", where more says that
// there are more than total. Empty without rows.
func Extent(before, rows, total int, more bool) string {
	if rows == 0 {
		return ""
	}
	text := Number(before+1) + "–" + Number(before+rows) + " of " + Number(total)
	if more {
		text += "+"
	}
	return text
}

// width is the meter's fill as an SVG length: any use shows as at least 1%, and
// only a full count as 100%.
func (u Usage) width() string {
	percent := 0
	switch {
	case u.Used >= u.Count:
		percent = 100
	case u.Used > 0:
		percent = min(max(u.Used*100/u.Count, 1), 99)
	}
	return strconv.Itoa(percent) + "%"
}

// initials are one or two letters standing for a name, "?" when there is
// none.
func initials(name string) string {
	local, _, _ := strings.Cut(name, "@")
	if _, account, ok := strings.Cut(local, `\`); ok {
		local = account
	}
	parts := strings.FieldsFunc(local, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(parts) == 0 {
		return "?"
	}
	first, _ := utf8.DecodeRuneInString(parts[0])
	if len(parts) == 1 {
		return string(unicode.ToUpper(first))
	}
	last, _ := utf8.DecodeRuneInString(parts[len(parts)-1])
	return string(unicode.ToUpper(first)) + string(unicode.ToUpper(last))
}
