package lists

import (
	"regexp"
	"strings"

	"muster/models"
)

// label is what mail programs write before those whom a message goes to.
var label = regexp.MustCompile(`^(?i:to|cc|bcc|from|an|von|à|de|para|da|宛先|差出人)\s*[:：]\s*`)

// splitAddressLine splits a line of a mail program: two or more addresses, with
// whatever stands between, or one with its name or a label and nothing else. A line
// that goes on with such a one has none of its own. It returns nil for any other.
func splitAddressLine(text string, goesOn bool) []string {
	line := label.ReplaceAllString(trim(text), "")
	var parts []string
	sections := splitOutsideQuotes(line, ";\t")
	for _, section := range sections {
		parts = append(parts, splitSection(section, len(sections) > 1)...)
	}
	if len(parts) == 0 {
		return nil
	}
	if _, _, said := named(parts[0]); said { // an entry and its note, as [Line] writes it
		return nil
	}
	addresses := 0
	for _, part := range parts {
		if isAddress(part) || isNamedAddress(part) {
			addresses++
		}
	}
	switch {
	case strings.Contains(line, "\t") && addresses < len(parts): // a row of a sheet
		return nil
	case goesOn, addresses > 1, addresses == 1 && line != trim(text):
		return parts
	case len(parts) == 1 && isAddress(parts[0]) && isNamedAddress(parts[0]):
		return parts
	}
	return nil
}

// splitSection splits what stands between semicolons at its commas, but for those
// of a name: "Last, First <a@example.com>".
func splitSection(section string, semicolons bool) []string {
	var parts, before []string // before the next address
	for _, part := range splitOutsideQuotes(section, ",") {
		if part = trim(strings.ReplaceAll(part, "\n", " ")); part == "" {
			continue
		}
		switch {
		case isNamedAddress(part):
			of := len(before)
			if semicolons {
				of = 0
			} else if of > 0 && looksLike(before[of-1]) == models.ExpectPerson {
				of--
			}
			parts = append(parts, before[:of]...)
			parts = append(parts, strings.Join(append(before[of:], part), ", "))
			before = nil
		case isAddress(part):
			parts = append(append(parts, before...), part)
			before = nil
		default:
			before = append(before, part)
		}
	}
	if semicolons && len(before) == 2 { // Last, First
		before = []string{strings.Join(before, ", ")}
	}
	return append(parts, before...)
}

func isAddress(text string) bool {
	_, ok := readMailbox(text)
	return ok
}

// isNamedAddress reports whether a text ends in angle brackets, whatever is inside.
func isNamedAddress(text string) bool {
	return strings.HasSuffix(text, ">") && strings.Contains(text, "<")
}

// isInsideExchange reports whether a text is how Exchange calls somebody whose
// e-mail address it does not tell.
func isInsideExchange(text string) bool {
	text = strings.ToLower(text)
	return strings.HasPrefix(text, "/o=") || strings.HasPrefix(text, "ex:/o=") || strings.Contains(text, "</o=")
}

const insideExchange = "This name counts only inside Exchange: write the e-mail address instead."

// splitOutsideQuotes splits at any of the separators that stands outside quotation
// marks; marks that do not match are text.
func splitOutsideQuotes(text, separators string) []string {
	matching, quoted := strings.Count(text, `"`)%2 == 0, false
	return strings.FieldsFunc(text, func(r rune) bool {
		if r == '"' && matching {
			quoted = !quoted
		}
		return !quoted && strings.ContainsRune(separators, r)
	})
}
