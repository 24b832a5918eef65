package handlers

import "strings"

// What pages that have not moved yet still use of the rooms that have.

const sectionExpected = "expected"

// narrowedBy lists the parameters of a list; addresses that the actor sees
// masked are masked here too.
func narrowedBy(values map[string][]string, mask func(string) string) []string {
	var narrowed []string
	for name, list := range values {
		narrowed = append(narrowed, name+"="+mask(strings.Join(list, " ")))
	}
	return narrowed
}
