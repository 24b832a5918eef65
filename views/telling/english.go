package telling

import (
	"strings"

	"muster/views/ui"
)

// plural counts a thing: "1 device", "1,000 devices".
func plural(n int, thing string) string { return ui.Plural(n, thing, thing+"s") }

func people(n int) string { return ui.Plural(n, "person", "people") }

func times(n int) string { return ui.Plural(n, "time", "times") }

// agree is the word that agrees with n.
func agree(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// list joins words: "the label, expiry and note".
func list(texts []string) string {
	if n := len(texts); n > 1 {
		return strings.Join(texts[:n-1], ", ") + " and " + texts[n-1]
	}
	return strings.Join(texts, "")
}

// upperFirst and lowerFirst change the first letter, which is ASCII.
func upperFirst(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

func lowerFirst(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToLower(text[:1]) + text[1:]
}
