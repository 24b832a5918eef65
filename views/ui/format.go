package ui

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Number shows n with its digits grouped: 1,000,000.
func Number(n int) string {
	s := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, s = "-", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return sign + s
}

// Plural shows n with the word that goes with it: "1 person", "9 people".
func Plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Number(n) + " " + many
}

// Percent is the used part of the count, 0 to 100; anything used shows as at
// least 1 and only a full count as 100.
func (u Usage) Percent() int {
	switch {
	case u.Count <= 0 || u.Used <= 0:
		return 0
	case u.Used >= u.Count:
		return 100
	default:
		return min(max(u.Used*100/u.Count, 1), 99)
	}
}

// width is the meter's fill as an SVG length.
func (u Usage) width() string { return strconv.Itoa(u.Percent()) + "%" }

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
