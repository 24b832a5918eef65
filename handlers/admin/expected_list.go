package admin

import (
	"fmt"
	"strings"

	"muster/handlers/web"
	"muster/models"
	"muster/models/lists"
	views "muster/views/admin"
	"muster/views/ui"
)

// expectedList is the expected list of a form, as it was read.
type expectedList struct {
	lists.Expected
	choices lists.Choices
	form    views.AdmissionForm
	written lists.Encoding
}

func readExpected(form views.AdmissionForm, written lists.Encoding) *expectedList {
	choices := form.Choices()
	return &expectedList{lists.ReadExpected(form.Expected, choices), choices, form, written}
}

// given reports whether the form has a list that its mode uses.
func (l *expectedList) given() bool {
	return strings.TrimSpace(l.form.Expected) != "" && models.ListMode(l.form.Mode) != models.ListClear
}

// confirmed reports whether whoever sent the form has seen this reading.
func (l *expectedList) confirmed() bool {
	return l.form.Do != doCheck && l.form.Checked == l.Fingerprint()
}

// doCheck is the button that shows the reading again.
const doCheck = "check"

// reading shows it; nil where there is no list.
func (l *expectedList) reading() *views.ListReading {
	if !l.given() {
		return nil
	}
	r := views.ExpectedReading(&l.Expected, l.choices, l.form.OnlyExpected == "true", l.form.SignInRequired == "true")
	r.WrittenAs(l.written)
	return r
}

// errUnconfirmed shows the form again, with the reading and without an error.
var errUnconfirmed = fmt.Errorf("the reading of the list was not seen yet: %w", web.ErrLookAgain)

// unconfirmed is errUnconfirmed, unless something is wrong with the rules as well.
func unconfirmed(rules models.Admission) error {
	if _, bad := models.CheckAdmission(rules); len(bad) > 0 {
		return models.Invalid(bad...)
	}
	return errUnconfirmed
}

// problem says which lines cannot be used, unless leaving them out was confirmed:
// left out in silence, they would turn somebody away.
func (l *expectedList) problem() string {
	n := len(l.Bad)
	if n == 0 || l.confirmed() || !l.given() {
		return ""
	}
	first := l.Bad[0]
	message := fmt.Sprintf("Line %d (“%s”): %s", first.Line, shortened(first.Text), first.Message)
	if n > 1 {
		message += " " + ui.Plural(n-1, "more line", "more lines") + " cannot be used either."
	}
	if len(l.Entries) > 0 {
		message += " Change the list, or go on without."
	}
	return message
}

func shortened(text string) string {
	const most = 60
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}
