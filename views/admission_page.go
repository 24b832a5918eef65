package views

import (
	"muster/models"
	"muster/views/layout"
	"muster/views/ui"
)

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
