package views

import (
	"muster/models"
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

// AdmissionPage edits who may redeem a registration token.
type AdmissionPage struct {
	layout.Page
	Identifier string
	Form       AdmissionForm
	Errors     ui.FieldErrors
	// Listed is how many are on the list; Shown tells that the form shows them
	// all, to be edited in place.
	Listed            int
	Shown             bool
	Action, CancelURL string
}

// ListModes are what can be done with a list.
var ListModes = []ui.Option{
	{Value: string(models.ListAdd), Label: "Add these to the list"},
	{Value: string(models.ListReplace), Label: "Make these the whole list"},
	{Value: string(models.ListRemove), Label: "Take these off the list"},
	{Value: string(models.ListClear), Label: "Empty the list"},
}

// AdmissionTryForm asks whether somebody would be let in, raw.
type AdmissionTryForm struct {
	SystemUserName string `form:"systemUserName"`
	FQDN           string `form:"fqdn"`
	// Email is the verified address they are signed in with; empty for
	// nobody.
	Email string `form:"email"`
	IP    string `form:"ip"`
}

// AdmissionTry is the tester: the form, and the answer to it.
type AdmissionTry struct {
	Form   AdmissionTryForm
	Errors ui.FieldErrors
	Action string
	Answer *AdmissionAnswer
}

// AdmissionAnswer says whether somebody would be let in, and why.
type AdmissionAnswer struct {
	Admitted bool
	Heading  string
	Text     string
}

// AdmissionTryPage is the tester on a page of its own.
type AdmissionTryPage struct {
	layout.Page
	Try     AdmissionTry
	BackURL string
}

// RegistrationTokenExpectedSection is "expected"; also a fragment of its own.
type RegistrationTokenExpectedSection struct {
	RegistrationTokenID string
	URL                 string
	// Rules say in a sentence each who may redeem.
	Rules []string
	// Listed is how many are on the list.
	Listed int
	// Show is the part that is shown: "missing", "arrived" or "unexpected".
	Show string
	Tabs []ui.Tab
	// Rows are those of the list, Strangers those of "unexpected".
	Rows      []ExpectedRow
	Strangers []UseRow
	Paging    ui.Paging
	// EditURL changes rules and list, and SelectURL leads to the strangers'
	// auth tokens to be selected; each is empty when the actor may not.
	EditURL   string
	SelectURL string
}

// ExpectedRow is one entry of the list.
type ExpectedRow struct {
	ID      string
	Pattern string
	Kind    models.ExpectationKind
	Note    string
	// Arrivals counts their uses; First is when, URL the first auth token.
	Arrivals int
	First    ui.Moment
	URL      string
}

// KindName is what the entry is compared with, in words.
func (r ExpectedRow) KindName() string {
	switch r.Kind {
	case models.ExpectEmail:
		return "E-mail"
	case models.ExpectHost:
		return "Computer"
	default:
		return "Person"
	}
}
