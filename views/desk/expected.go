package desk

import (
	"muster/models"
	"muster/seen"
	"muster/views/layout"
	"muster/views/telling"
	"muster/views/ui"
)

// ShowUnexpected is the part about people who are not on the list; the other
// parts are the states of an entry (parameter show).
const ShowUnexpected = "unexpected"

// Expected is the tab "Expected"; also a fragment of its own.
type Expected struct {
	Section
	// Show is the part that is shown, one of the Tabs.
	Show string
	Tabs []ui.Tab
	// Building means that who has arrived is still being put together.
	Building bool
	// Rows are those of the list, Strangers those of ShowUnexpected.
	Rows      []seen.Expectation
	Strangers []seen.AuthToken
	// Filter says that the list proves nothing; empty where it does. ByClaim is how
	// many e-mail entries claims still meet.
	Filter  string
	ByClaim int
	// MayEdit tells whether this person may change rules and list; SelectURL
	// lists the strangers' auth tokens for selection, empty for those who may
	// not delete.
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

// TesterForm is the form of the tester, raw.
type TesterForm struct {
	SystemUserName string `form:"systemUserName"`
	FQDN           string `form:"fqdn"`
	// Email is the verified address they are signed in with; empty when they
	// are not signed in.
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

// strangerColumns tell who came without being expected.
var strangerColumns = ui.Columns{"mac", "address", "redeemed", "seen"}
