package words

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// maxLength is how many characters of a word count.
const maxLength = 32

// Of are the words of a text as the index has them, each once: runs of letters and
// digits without differences of case, width and accents. Where letters and digits
// touch, what follows is a word too: lt0417 is also found by 0417.
func Of(text string) []string {
	var all []string
	for _, run := range runs(text) {
		for _, word := range spellings(run) {
			all = append(all, cut(word))
			all = append(all, afterBorders(word)...)
		}
	}
	return once(all)
}

// shortestEnd is how many characters the shortest end of a word has.
const shortestEnd = 3

// WithEnds adds the ends of words to them: whoever looks for a beginning then also
// finds the middle of a word.
func WithEnds(words []string) []string {
	var all []string
	for _, word := range words {
		runes := []rune(word)
		all = append(all, word)
		for at := 1; at <= len(runes)-shortestEnd; at++ {
			all = append(all, string(runes[at:]))
		}
	}
	return once(all)
}

// Word is a word that somebody typed, in each way that the index may have it.
type Word []string

// Query are the words of what somebody typed, in its order, each once.
func Query(text string) []Word {
	var all []Word
	for _, run := range runs(text) {
		var word Word
		for _, spelling := range spellings(run) {
			word = append(word, cut(spelling))
		}
		if len(word) > 0 && !slices.ContainsFunc(all, func(other Word) bool { return slices.Equal(word, other) }) {
			all = append(all, word)
		}
	}
	return all
}

// runs are the words of a text before they are spelled.
func runs(text string) []string {
	return strings.FieldsFunc(fold(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) })
}

func fold(text string) string {
	if isASCII(text) {
		return strings.ToLower(text)
	}
	visible := strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point) {
			return -1
		}
		return r
	}, text)
	return norm.NFC.String(cases.Fold().String(norm.NFKC.String(visible)))
}

// letters are those that are written otherwise where they are missing, without being
// a letter with a mark.
var letters = strings.NewReplacer("ø", "o", "æ", "ae", "œ", "oe", "đ", "d", "ð", "d", "ł", "l", "ı", "i", "þ", "th", "ħ", "h")

// expanded are letters for which many write two.
var expanded = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ø", "oe", "å", "aa")

// spellings are a word without accents and, where that is another, with the letters
// that stand for them: müller is muller and mueller. A run of accents alone is none.
func spellings(run string) []string {
	if isASCII(run) {
		return []string{run}
	}
	return slices.DeleteFunc(once([]string{plain(run), plain(expanded.Replace(run))}), func(word string) bool { return word == "" })
}

func plain(word string) string {
	return norm.NFC.String(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(letters.Replace(word))))
}

// shortestPart is how long both sides of a border have to be.
const shortestPart = 2

// afterBorders are the ends of a word that begin where letters and digits touch.
func afterBorders(word string) []string {
	var ends []string
	runes := []rune(word)
	part := 0 // where the part before the border begins
	for at := 1; at < len(runes); at++ {
		if unicode.IsNumber(runes[at-1]) == unicode.IsNumber(runes[at]) {
			continue
		}
		after := at
		for after < len(runes) && unicode.IsNumber(runes[after]) == unicode.IsNumber(runes[at]) {
			after++
		}
		if at-part >= shortestPart && after-at >= shortestPart {
			ends = append(ends, cut(string(runes[at:])))
		}
		part = at
	}
	return ends
}

func cut(word string) string {
	if len(word) <= maxLength {
		return word
	}
	runes := []rune(word)
	return string(runes[:min(len(runes), maxLength)])
}

func once(all []string) []string {
	seen := make(map[string]bool, len(all))
	return slices.DeleteFunc(all, func(word string) bool {
		twice := seen[word]
		seen[word] = true
		return twice
	})
}

func isASCII(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r > unicode.MaxASCII }) < 0
}
