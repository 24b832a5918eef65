package desk

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// tidy is a pasted text on one line, composed, without what nobody sees. A dash
// inside a word is the plain one, whichever a phone or a word processor made of it.
func tidy(pasted string) string {
	text := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) && r != zeroWidthNonJoiner && r != zeroWidthJoiner {
			return -1
		}
		return r
	}, norm.NFC.String(pasted))
	return inWord.ReplaceAllString(strings.Join(strings.Fields(text), " "), "$1-$2")
}

// These belong to the spelling of words in some scripts.
const zeroWidthNonJoiner, zeroWidthJoiner = '\u200c', '\u200d'

// dashes are those of keyboards and word processors: U+30FC is what a Japanese one
// has for a dash.
const dashes = `\p{Pd}\x{2212}\x{2043}\x{30fc}`

var (
	inWord  = regexp.MustCompile(`([0-9A-Za-z])[` + dashes + `]([0-9A-Za-z])`)
	anyDash = regexp.MustCompile(`[` + dashes + `]`)
	escape  = regexp.MustCompile(`(?:%[0-9A-Fa-f]{2})+`)
)

var straight = strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "‟", `"`, "«", `"`, "»", `"`, "「", `"`, "」", `"`,
	"‘", "'", "’", "'", "‚", "'", "‛", "'", "‹", "'", "›", "'", "`", "'", "´", "'")

// plainly is a tidy text in the characters that codes, secrets and addresses are
// written in: no full width, curly quotes, long dashes or escapes.
func plainly(text string) string {
	text = strings.Map(func(r rune) rune {
		if r == zeroWidthNonJoiner || r == zeroWidthJoiner {
			return -1
		}
		return r
	}, straight.Replace(text))
	text = escape.ReplaceAllStringFunc(text, func(escaped string) string {
		if decoded, err := url.PathUnescape(escaped); err == nil && utf8.ValidString(decoded) {
			return decoded
		}
		return escaped
	})
	return anyDash.ReplaceAllString(norm.NFKC.String(text), "-")
}

// around is what may stand around a code or an address without being part of it.
const around = " \"'()[]<>{}*_#.,;:!?"

const quotes = "\"'`´“”„‟‘’‚‛«»‹›「」"

// unquoted is a name without quotes and without brackets around all of it.
func unquoted(text string) string {
	for {
		// A name with nothing behind its @ is not yet an address.
		inner := strings.TrimRight(strings.Trim(text, " "+quotes), "@＠")
		for _, pair := range []string{"()", "[]", "<>", "**"} {
			if len(inner) > 1 && inner[0] == pair[0] && inner[len(inner)-1] == pair[1] {
				inner = inner[1 : len(inner)-1]
			}
		}
		if inner == text {
			return strings.TrimLeft(text, `\`) // of a UNC path
		}
		text = inner
	}
}

var (
	// subject is what mail programs put before a subject, in several languages.
	subject = regexp.MustCompile(`(?i)^(?:\[[^\]]*\]\s*)*(?:(?:re|aw|antw|fwd?|wg|tr|rv|rif|sv|vs|enc|subject|betreff|objet|asunto|oggetto|件名|返信|転送)(?:\s?\[\d+\])?\s?[:：]\s*(?:\[[^\]]*\]\s*)*)+`)
	// field is what a form, a ticket or a caller puts before a value.
	field = regexp.MustCompile(`(?i)^(?:user(?: ?name)?|benutzer(?:name)?|utilisateur|usuario|login|account|name|nom|nombre|host(?: ?name)?|computer(?: ?name)?|pc|rechner(?:name)?|ordinateur|equipo|device|gerät|machine|label|ref(?:erence|erenz)?(?: ?[12])?|e-?mail|mail|ip(?:[ -]?address| ?adresse)?|mac(?:[ -]?address| ?adresse)?|subnet|network|netz(?:werk)?|from|von|to|an)\s?[:=：]\s*`)
)

// valueOf is a text without quotes, and without what says what it is.
func valueOf(text string) string {
	for {
		value := unquoted(field.ReplaceAllString(subject.ReplaceAllString(text, ""), ""))
		if value == text {
			return value
		}
		text = value
	}
}
