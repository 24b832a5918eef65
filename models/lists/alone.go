package lists

import (
	"slices"
	"strings"
)

// Alone are the entries that only this list has, and those that only another list with
// these patterns has, each in its order.
func (e *Expected) Alone(other []string) (mine, theirs []string) {
	theirs = slices.Clone(other)
	for i := range e.Entries {
		pattern := e.Entries[i].Pattern
		if at := slices.IndexFunc(theirs, func(p string) bool { return strings.EqualFold(p, pattern) }); at >= 0 {
			theirs = slices.Delete(theirs, at, at+1)
		} else {
			mine = append(mine, pattern)
		}
	}
	return mine, theirs
}
