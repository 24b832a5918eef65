package secrets

import (
	"html"
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxPasted is how much of a pasted text is searched, in bytes.
const maxPasted = 8 << 10

// broken is what programs put into a long word: line breaks, the marks of quoted lines and
// of quoted-printable, the backslashes of Markdown, hyphens of every length.
const broken = ` \t\r\n\x{2028}\x{2029}>|=\\\p{Pd}`

// begins matches the prefix of each kind, however it is broken.
var begins = map[Kind]*regexp.Regexp{
	RegistrationToken: beginning(RegistrationToken), RefreshToken: beginning(RefreshToken), APIKey: beginning(APIKey),
}

func beginning(kind Kind) *regexp.Regexp {
	return regexp.MustCompile(`(?i)` + strings.Join(strings.Split(string(kind), ""), `[`+broken+`]*`))
}

// proofpoint is an escape in an address of URL Defense, version 2.
var proofpoint = regexp.MustCompile(`-([0-9A-F]{2})`)

// Find reads the first whole secret of a kind in what somebody pasted: the secret
// alone, as [Parse] reads it, in a link or a sentence, in an address that mail software
// wrapped, escaped or broken over lines. Characters that nobody sees are no part of it.
// The checksum tells that what was put together is right. It fails as Parse does on the
// whole text, with ErrMistyped where only the beginning of one is found.
func Find(kind Kind, pasted string) (Parsed, error) {
	p, err := Parse(kind, pasted)
	if err == nil || len(pasted) > maxPasted {
		return p, err
	}
	text := visible(pasted)
	const rounds = 3 // a wrapped address may be in a wrapped address
	for range rounds {
		for _, at := range begins[kind].FindAllStringIndex(text, -1) {
			whole, onwards := joined(text[at[0]:], kind.Length())
			if wellFormed(kind, whole) && !goesOn(kind, onwards) {
				return Parse(kind, whole)
			}
			err = ErrMistyped
		}
		text = html.UnescapeString(percentDecode(text))
		if strings.Contains(text, "urldefense") {
			text = percentDecode(proofpoint.ReplaceAllString(text, "%$1"))
		}
	}
	return Parsed{}, err
}

// visible is a text without the characters that nobody sees, in their usual width.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point) {
			return -1
		}
		return r
	}, norm.NFKC.String(text))
}

// joined are the first n characters of a broken word, as they are spelled, and the text
// behind them; empty where it ends before.
func joined(text string, n int) (whole, onwards string) {
	var word strings.Builder
	for i, r := range text {
		switch {
		case word.Len() == n:
			return canonical(word.String()), text[i:]
		case r == '_' || isLetter(r):
			word.WriteRune(r)
		case !strings.ContainsRune(">|=\\", r) && !unicode.IsSpace(r) && !unicode.Is(unicode.Pd, r):
			return "", ""
		}
	}
	if word.Len() == n {
		return canonical(word.String()), ""
	}
	return "", ""
}

// goesOn reports whether the word is longer than a secret: a character too many, not
// the next secret.
func goesOn(kind Kind, onwards string) bool {
	if onwards == "" || !isLetter(rune(onwards[0])) {
		return false
	}
	next := begins[kind].FindStringIndex(onwards)
	return next == nil || next[0] > 0
}

func isLetter(r rune) bool {
	return r <= unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r))
}
