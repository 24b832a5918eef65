package lists

import (
	"regexp"
	"strings"

	"muster/models"
)

// named reads a text that says itself what it is: person:ann, host:pc7.
func named(text string) (models.ExpectationKind, string, bool) {
	for _, kind := range []models.ExpectationKind{models.ExpectEmail, models.ExpectPerson, models.ExpectHost} {
		if rest, ok := strings.CutPrefix(strings.ToLower(text), string(kind)+":"); ok {
			return kind, trim(text[len(text)-len(rest):]), true
		}
	}
	return "", text, false
}

// looksLike guesses what a text is.
func looksLike(text string) models.ExpectationKind {
	switch {
	case strings.Contains(text, `\`):
		return models.ExpectPerson
	case strings.Contains(text, "@"):
		return models.ExpectEmail
	case strings.Contains(text, " "):
		return models.ExpectPerson
	case strings.Contains(text, "*") || strings.Count(text, ".") > 1 || machineName.MatchString(text):
		return models.ExpectHost
	}
	return models.ExpectPerson
}

// machineName fits names that networks and people give to computers, and hardly a
// login name: macbook.local, PC-0815, DESKTOP-4F2A9KX, laptop7.
var machineName = regexp.MustCompile(`(?i)^(` +
	`[^.]+\.(local|lan|home|internal|corp|box|localdomain|fritz\.box)` +
	`|[a-z]+(-[a-z]+)*-[0-9]+` +
	`|(desktop|laptop|notebook|workstation|server|client|tablet|kiosk|host|win|pc|nb|lt|ws|srv)(-[a-z0-9-]+|[0-9]+)` +
	`|(macbook|imac|mac-?mini)([-.a-z0-9]*)` +
	`)$`)
