package views

import (
	"strings"

	"muster/views/layout"
)

// UnsentPage holds a form that was sent after its session had ended.
type UnsentPage struct {
	layout.Page
	// Action is where it was sent.
	Action string
	Fields []UnsentField
}

// UnsentField is one value that was sent. People do not know its name, so only long
// ones, which are worth copying, are shown.
type UnsentField struct{ Name, Value string }

// shown reports whether somebody typed it, as far as that can be told.
func (f UnsentField) shown() bool { return strings.ContainsAny(strings.TrimSpace(f.Value), " \r\n") }
