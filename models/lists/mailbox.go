package lists

import (
	"net/mail"
	"strings"
	"unicode"

	"muster/models"
)

// mailbox is an e-mail address with the name that a mail program puts before it.
type mailbox struct{ name, address string }

// readMailbox reads a@example.com, Name <a@example.com> and what mail programs make
// of them: Last, First <a@example.com>, 'a@example.com', mailto:a@example.com.
func readMailbox(text string) (mailbox, bool) {
	text = trim(text)
	before, rest, angled := strings.Cut(text, "<")
	if !angled {
		address, ok := readAddress(text)
		return mailbox{address: address}, ok
	}
	inside, after, closed := strings.Cut(rest, ">")
	address, ok := readAddress(inside)
	if !closed || !ok || trim(after) != "" {
		return mailbox{}, false
	}
	name := unquoted(before)
	if strings.EqualFold(name, address) {
		name = ""
	}
	return mailbox{name, address}, true
}

// longest is how many bytes an address may have to be looked at.
const longest = 4 * models.MaxNameLength

func readAddress(text string) (string, bool) {
	text = unquoted(text)
	if rest, ok := strings.CutPrefix(strings.ToLower(text), "mailto:"); ok {
		text = text[len(text)-len(rest):]
	}
	if len(text) > longest || strings.ContainsAny(text, "\"<>(),;: \t") {
		return "", false
	}
	address, err := mail.ParseAddress(text)
	if err != nil {
		return "", false
	}
	return address.Address, true
}

// unquoted is a text without the quotation marks around it.
func unquoted(text string) string {
	text = trim(text)
	for _, quote := range []string{`"`, "'"} {
		if inner, ok := strings.CutPrefix(text, quote); ok {
			if inner, ok = strings.CutSuffix(inner, quote); ok {
				return trim(strings.ReplaceAll(inner, `\"`, `"`))
			}
		}
	}
	return text
}

// trim is a text without the white space around it, and without what cannot be
// seen: byte order marks, soft hyphens, and marks of width and direction.
func trim(text string) string {
	return strings.TrimFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) })
}
