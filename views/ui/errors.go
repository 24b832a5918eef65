package ui

import (
	"maps"
	"slices"
)

// besides returns the messages of fields that the form does not show, in a
// stable order, so that no error is ever lost.
func (e FieldErrors) besides(shown []string) []string {
	var messages []string
	for _, name := range slices.Sorted(maps.Keys(e)) {
		if !slices.Contains(shown, name) {
			messages = append(messages, e[name])
		}
	}
	return messages
}
