package names

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Fold is a text as names are compared: NFC, without differences of case,
// invisible characters, surrounding spaces and trailing dots.
func Fold(text string) string {
	return trim(fold(text))
}

func fold(text string) string {
	if isASCII(text) {
		return strings.ToLower(text)
	}
	// Case folding can undo NFC, and works on decomposed text alone for all of
	// Unicode (its chapter 3.13, canonical caseless matching). It makes Cherokee
	// capital, unless it was.
	return norm.NFC.String(strings.ToLower(cases.Fold().String(norm.NFD.String(visible(text)))))
}

func trim(text string) string {
	return strings.TrimRightFunc(strings.TrimLeftFunc(text, unicode.IsSpace), func(r rune) bool { return r == '.' || unicode.IsSpace(r) })
}

// visible leaves out what cannot be seen, such as zero-width spaces.
func visible(text string) string {
	if isASCII(text) {
		return text
	}
	return strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point) {
			return -1
		}
		return r
	}, text)
}

func isASCII(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r > unicode.MaxASCII }) < 0
}
