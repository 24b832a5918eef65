package ui

import (
	"strings"
	"unicode"
)

// piece is a part of a sentence: a name that stays whole, or what stands around it.
type piece struct {
	text string
	name bool
}

// prose divides a sentence into names and the rest.
func prose(text string) []piece {
	var all []piece
	add := func(text string, name bool) {
		if last := len(all) - 1; last >= 0 && !name && !all[last].name {
			all[last].text += text
		} else if text != "" {
			all = append(all, piece{text, name})
		}
	}
	for word := range strings.SplitAfterSeq(text, " ") {
		bare := strings.TrimSuffix(word, " ")
		add(bare, isName(bare))
		add(word[len(bare):], false)
	}
	return all
}

// isName says whether a word could be broken where no reader would: at a hyphen, dot or
// at sign inside.
func isName(word string) bool {
	inner := strings.TrimFunc(word, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return strings.ContainsAny(inner, "-.@")
}
