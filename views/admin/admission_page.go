package admin

import (
	"muster/models"
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

// ListModes are the ways to change a list.
var ListModes = []ui.Option{
	{Value: string(models.ListAdd), Label: "Add these to the list"},
	{Value: string(models.ListReplace), Label: "Make these the whole list"},
	{Value: string(models.ListRemove), Label: "Remove these from the list"},
	{Value: string(models.ListClear), Label: "Empty the list"},
}
