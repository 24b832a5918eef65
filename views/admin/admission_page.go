package admin

import (
	"muster/models"
	"muster/seen"
	"muster/views/layout"
	"muster/views/ui"
)

// AdmissionForm is what was typed about who may redeem, raw.
type AdmissionForm struct {
	// Mode is what is done with the list: "add", "replace", "remove", "clear",
	// or empty to leave it.
	Mode string `form:"mode"`
	// Expected is the list, one entry a line; a file is added to it.
	Expected string `form:"expected"`
	// OnlyExpected and SignInRequired are "true" or empty.
	OnlyExpected   string `form:"onlyExpected"`
	SignInRequired string `form:"signInRequired"`
	// EmailDomains and Networks are parted by white space or comma.
	EmailDomains string `form:"emailDomains"`
	Networks     string `form:"networks"`
	// Version is the one the form was made from.
	Version string `form:"version"`
}

// AdmissionPage edits who may redeem a registration token. In mode "replace"
// the form holds the whole list.
type AdmissionPage struct {
	layout.Page
	Token  seen.RegistrationToken
	Form   AdmissionForm
	Errors ui.FieldErrors
}

// ListModes are what can be done with a list.
var ListModes = []ui.Option{
	{Value: string(models.ListAdd), Label: "Add these to the list"},
	{Value: string(models.ListReplace), Label: "Make these the whole list"},
	{Value: string(models.ListRemove), Label: "Take these off the list"},
	{Value: string(models.ListClear), Label: "Empty the list"},
}
