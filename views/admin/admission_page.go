package admin

import (
	"strings"

	"muster/models"
	"muster/models/lists"
	"muster/seen"
	"muster/views/layout"
	"muster/views/ui"
)

// AdmissionForm is the form for who may redeem, as it was sent.
type AdmissionForm struct {
	// Mode is one of ListModes, or empty to leave the list alone.
	Mode string `form:"mode"`
	// Expected is the list, one entry a line; a file is appended to it.
	Expected string `form:"expected"`
	// OnlyExpected and SignInRequired are "true" or empty.
	OnlyExpected   string `form:"onlyExpected"`
	SignInRequired string `form:"signInRequired"`
	// EmailDomains and Networks are separated by white space or commas.
	EmailDomains string `form:"emailDomains"`
	Networks     string `form:"networks"`
	// ListChoices say how the list is read; Checked confirms a reading.
	ListChoices
	Checked string `form:"checked"`
	// Do is "check" to see the reading again.
	Do string `form:"do"`
	// Version is the version of the settings that the form was filled from.
	Version string `form:"version"`
}

// ListDifference says what saving the form would do to the list, and what is on it; where
// it replaces the list, with the entries that only one of both has. given are the
// entries of the form, saved the patterns on the list.
func (f AdmissionForm) ListDifference(given *lists.Expected, saved []string) (yours, theirs string) {
	present, number := ui.Plural(len(saved), "entry", "entries"), ui.Plural(len(given.Entries), "entry", "entries")
	switch mode := models.ListMode(f.Mode); {
	case mode == models.ListClear:
		return ui.Plural(0, "entry", "entries"), present
	case mode != models.ListReplace && len(given.Entries) == 0:
		return present, present
	case mode == models.ListRemove:
		return number + " to take off", present
	case mode != models.ListReplace:
		return number + " to add", present
	}
	mine, others := given.Alone(saved)
	if len(mine)+len(others) == 0 {
		return present, present
	}
	return number + onlyHere(mine), present + onlyHere(others)
}

// onlyHere names the first of the entries that one of two lists has alone.
func onlyHere(patterns []string) string {
	const most = 5
	if len(patterns) == 0 {
		return ""
	}
	text := ", only here: " + strings.Join(patterns[:min(most, len(patterns))], ", ")
	if more := len(patterns) - most; more > 0 {
		text += " and " + ui.Number(more) + " more"
	}
	return text
}

// AdmissionPage is the page of the form. Reading is how its list was read, nil when it
// was not yet; Conflict what somebody else saved meanwhile, nil when nobody did.
type AdmissionPage struct {
	layout.Page
	Token    seen.RegistrationToken
	Form     AdmissionForm
	Reading  *ListReading
	Errors   ui.FieldErrors
	Conflict *Conflict
}

// ListModes are the ways to change a list.
var ListModes = []ui.Option{
	{Value: string(models.ListAdd), Label: "Add these to the list"},
	{Value: string(models.ListReplace), Label: "Make these the whole list"},
	{Value: string(models.ListRemove), Label: "Remove these from the list"},
	{Value: string(models.ListClear), Label: "Empty the list"},
}
