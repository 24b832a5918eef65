package handlers

import (
	"strconv"
	"strings"

	"muster/views/ui"
)

// What the trail's pages left here is for the handlers that have not moved into
// a room yet: the changes of an object's own page, the bar over masked
// addresses and the exports of lists.

// The kinds of object whose addresses can be shown.
const (
	objectRegistrationToken = "registration_token"
	objectAuthToken         = "auth_token"
	objectRefusedAttempt    = "refused_attempt"
)

// listEdit says how the list of the expected was edited; empty when it was not.
func listEdit(plain map[string]any) string {
	var words []string
	for _, f := range []struct{ name, word string }{{"added", "added"}, {"removed", "taken off"}} {
		if plain[f.name] != nil {
			words = append(words, countText(plain[f.name])+" "+f.word)
		}
	}
	if len(words) == 0 {
		return ""
	}
	return ": " + strings.Join(words, " and ")
}

// countText shows a number with its digits grouped.
func countText(value any) string {
	if n, err := strconv.Atoi(auditText(value)); err == nil {
		return ui.Number(n)
	}
	return auditText(value)
}

// narrowedBy lists the parameters of a list; addresses that the actor sees
// masked are masked here too.
func narrowedBy(values map[string][]string, mask func(string) string) []string {
	var narrowed []string
	for name, list := range values {
		narrowed = append(narrowed, name+"="+mask(strings.Join(list, " ")))
	}
	return narrowed
}
