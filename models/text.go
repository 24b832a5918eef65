package models

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// CheckText says what is wrong with a text input; nil when nothing is. It must be
// valid UTF-8 of at most limit characters, without control and
// bidirectional-override characters, which could disguise who redeemed. It may be
// empty, but not invisible. Line breaks and tabs are allowed when multiline is
// true.
func CheckText(field, value string, limit int, multiline bool) *FieldError {
	fail := func(rule Rule, format string, args ...any) *FieldError {
		return &FieldError{Field: field, Message: fmt.Sprintf(format, args...), Rule: rule}
	}
	if value == "" {
		return nil
	}
	if !utf8.ValidString(value) {
		return fail(RuleNotUTF8, "%s is not valid UTF-8 text.", field)
	}
	if n := utf8.RuneCountInString(value); n > limit {
		f := fail(RuleTooLong, "%s has %d characters; at most %d are allowed.", field, n, limit)
		f.Length, f.Limit = n, limit
		return f
	}
	for _, r := range value {
		if multiline && (r == '\n' || r == '\r' || r == '\t') {
			continue
		}
		if unicode.IsControl(r) || isBidiControl(r) || r == '\u2028' || r == '\u2029' {
			return fail(RuleControl, "%s contains a control character (U+%04X); remove it.", field, r)
		}
	}
	if Blank(value) {
		return fail(RuleBlank, "%s must not be blank.", field)
	}
	return nil
}

// Blank reports whether a text is invisible: nothing but spaces, format
// characters, fillers and the empty Braille pattern. Next to something visible
// they are part of many scripts and of emoji.
func Blank(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool {
		return !unicode.IsSpace(r) && r != '\u2800' &&
			!unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
	})
}

// isBidiControl reports the characters that reorder the text around them
// (Unicode TR9; the "Trojan Source" family).
func isBidiControl(r rune) bool {
	return r == '\u061C' || r == '\u200E' || r == '\u200F' ||
		(r >= '\u202A' && r <= '\u202E') || (r >= '\u2066' && r <= '\u2069')
}
