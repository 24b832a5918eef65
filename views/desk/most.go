package desk

import (
	"strconv"

	"muster/views/ui"
)

// Most is who or what took most of the counts.
type Most struct {
	// By are the choices, Sum says how many they are in all.
	By  []ui.Tab
	Sum string
	// Rows are the first few; Groups that share a value.
	Groups   []UseGroup
	ByPerson bool
	// Building means that it is still being put together.
	Building bool
}

// bar is the width of n as a share of the longest one.
func (m Most) bar(n int) string {
	return strconv.Itoa(max(1, 100*n/max(1, m.Groups[0].Uses))) + "%"
}
