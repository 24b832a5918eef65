package lists

import (
	"net/mail"
	"strings"
)

// mailbox is an e-mail address with the name that a mail program puts before it.
type mailbox struct{ name, address string }

// readMailbox reads a@example.com, Name <a@example.com> and what mail programs make
// of them: Last, First <a@example.com>, 'a@example.com', mailto:a@example.com.
func readMailbox(text string) (mailbox, bool) {
	text = strings.TrimSpace(text)
	before, rest, angled := strings.Cut(text, "<")
	if !angled {
		address, ok := readAddress(text)
		return mailbox{address: address}, ok
	}
	inside, after, closed := strings.Cut(rest, ">")
	address, ok := readAddress(inside)
	if !closed || !ok || strings.TrimSpace(after) != "" {
		return mailbox{}, false
	}
	name := unquoted(before)
	if strings.EqualFold(name, address) {
		name = ""
	}
	return mailbox{name, address}, true
}

func readAddress(text string) (string, bool) {
	text = unquoted(text)
	if rest, ok := strings.CutPrefix(strings.ToLower(text), "mailto:"); ok {
		text = text[len(text)-len(rest):]
	}
	if strings.ContainsAny(text, "\"<>(),;: \t") {
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
	text = strings.TrimSpace(text)
	for _, quote := range []string{`"`, "'"} {
		if inner, ok := strings.CutPrefix(text, quote); ok {
			if inner, ok = strings.CutSuffix(inner, quote); ok {
				return strings.TrimSpace(strings.ReplaceAll(inner, `\"`, `"`))
			}
		}
	}
	return text
}

// splitMailboxes splits the address line of a mail program: one mailbox with a
// name, or several, with nothing else on the line. It returns nil for any other
// line.
func splitMailboxes(line string) []string {
	var found []string
	named := false
	for rest := strings.Trim(line, ",; \t"); rest != ""; {
		piece, after := nextMailbox(rest)
		box, ok := readMailbox(piece)
		if !ok {
			return nil
		}
		named = named || box.name != "" || strings.Contains(piece, "<")
		found = append(found, piece)
		rest = strings.TrimLeft(after, ",; \t")
	}
	if len(found) < 2 && !named {
		return nil
	}
	return found
}

// nextMailbox cuts the first mailbox off an address line: an address that ends at
// a separator, or all up to the address in angle brackets.
func nextMailbox(rest string) (piece, after string) {
	if end := strings.IndexAny(rest, ",;"); end < 0 {
		return rest, ""
	} else if _, ok := readAddress(rest[:end]); ok {
		return rest[:end], rest[end:]
	}
	end := strings.Index(rest, ">")
	if end < 0 {
		return rest, ""
	}
	// A name holds commas, but a semicolon only in quotation marks.
	if semicolon := strings.Index(rest[:end], ";"); semicolon >= 0 && !strings.HasPrefix(rest, `"`) {
		return rest[:semicolon], rest[semicolon:]
	}
	return rest[:end+1], rest[end+1:]
}
