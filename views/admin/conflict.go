package admin

import "muster/views/ui"

// Conflict is what somebody else saved while a form was open.
type Conflict struct {
	// Who saved last, and what: "changed the note". Both are empty when nobody knows.
	Who, What string
	At        ui.Moment
	// Fields are those that differ: From is what is saved, To what the form holds.
	Fields []ui.Difference
}

// confirm is the label of the button that saves over it.
func (c *Conflict) confirm(usual string) string {
	if c == nil {
		return usual
	}
	return "Save mine over it"
}
