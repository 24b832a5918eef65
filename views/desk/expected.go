package desk

import (
	"muster/models"
	"muster/seen"
	"muster/views/layout"
	"muster/views/telling"
	"muster/views/ui"
)

// ShowUnexpected is the part of the tab that is not of the list; the others are
// the states of an entry (parameter show).
const ShowUnexpected = "unexpected"

// Expected is "expected"; also a fragment of its own.
type Expected struct {
	Section
	// Show is the part that is shown, one of the Tabs.
	Show string
	Tabs []ui.Tab
	// Rows are those of the list, Strangers those of ShowUnexpected.
	Rows      []seen.Expectation
	Strangers []seen.AuthToken
	// MayEdit tells that this person may change rules and list; SelectURL leads
	// to the strangers' auth tokens to be selected, empty when they may not.
	MayEdit   bool
	SelectURL string
}

// expectedHeadings head the list: only who arrived has uses.
func expectedHeadings(show string) []string {
	headings := []string{"Expected", "Kind", "Note"}
	if show == string(models.ExpectationArrived) {
		headings = append(headings, "First arrived", "Uses")
	}
	return headings
}

// kindName is what an entry is compared with, in words.
func kindName(k models.ExpectationKind) string {
	switch k {
	case models.ExpectEmail:
		return "E-mail"
	case models.ExpectHost:
		return "Computer"
	default:
		return "Person"
	}
}

// TesterForm asks whether somebody would be let in, raw.
type TesterForm struct {
	SystemUserName string `form:"systemUserName"`
	FQDN           string `form:"fqdn"`
	// Email is the verified address they are signed in with; empty for
	// nobody.
	Email string `form:"email"`
	IP    string `form:"ip"`
}

// Tester is the form, and the answer to it.
type Tester struct {
	RegistrationTokenID string
	Form                TesterForm
	Errors              ui.FieldErrors
	Answer              *telling.Admission
}

// TesterPage is the tester on a page of its own.
type TesterPage struct {
	layout.Page
	Tester
}
