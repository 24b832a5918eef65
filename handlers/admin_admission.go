package handlers

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"unicode"

	"github.com/labstack/echo/v4"

	"muster/models"
	"muster/views"
	"muster/views/layout"
	"muster/views/ui"
)

const (
	admissionPath = registrationTokensURL + "/:id/admission"

	// expectedShown is the longest list, in bytes, that the form shows to be
	// edited in place; of a longer one, entries are added and taken off.
	expectedShown = 16 << 10
)

func admissionURL(id string) string { return registrationTokenURL(id) + "/admission" }

func expectedURL(id string) string {
	return registrationTokenURL(id) + "?section=" + sectionExpected
}

func (h *adminHandler) editAdmission(c echo.Context) error {
	ctx := c.Request().Context()
	token, err := h.store.RegistrationToken(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	if token.DeletedAt != nil {
		return models.Conflict(models.CodeRegistrationTokenDeleted,
			"This registration token was deleted on "+inSentence(*token.DeletedAt)+"; who may redeem it cannot be changed.")
	}
	list, err := h.store.ExpectedList(ctx, token.ID)
	if err != nil {
		return err
	}
	return h.renderAdmission(c, token, admissionForm(token, list), formFailure{status: http.StatusOK})
}

// admissionForm is the form as it stands before anything is typed.
func admissionForm(t *models.RegistrationToken, list []models.Expectation) views.AdmissionForm {
	form := views.AdmissionForm{
		Mode: string(models.ListAdd), EmailDomains: strings.Join(t.EmailDomains, "\n"), Networks: strings.Join(t.Networks, "\n"),
		OnlyExpected: flag(t.OnlyExpected), SignInRequired: flag(t.SignInRequired), Version: strconv.Itoa(t.AdmissionVersion),
	}
	var lines strings.Builder
	for i := range list {
		lines.WriteString(list[i].Line() + "\n")
	}
	if text := lines.String(); text != "" && len(text) <= expectedShown {
		form.Mode, form.Expected = string(models.ListReplace), text
	}
	return form
}

// flag is the value of a checkbox.
func flag(on bool) string {
	if on {
		return "true"
	}
	return ""
}

func (h *adminHandler) updateAdmission(c echo.Context) error {
	ctx := c.Request().Context()
	token, err := h.store.RegistrationToken(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	var form views.AdmissionForm
	err = bindListForm(c, &form, &form.Expected)
	var settings models.AdmissionSettings
	if err == nil {
		settings, err = parseAdmission(form)
	}
	if err == nil {
		_, err = h.tokens.SetAdmission(ctx, actorOf(c), token.ID, settings)
	}
	if err != nil {
		failure, ok := asFormFailure(c, err, nil)
		if !ok {
			return err
		}
		return h.renderAdmission(c, token, form, failure)
	}
	return h.done(c, expectedURL(token.ID), "Who may redeem it was changed.")
}

func (h *adminHandler) renderAdmission(c echo.Context, t *models.RegistrationToken, form views.AdmissionForm, failure formFailure) error {
	frame, err := h.registrationTokenPage(c, "Who may redeem "+t.Identifier, layout.Link{Label: t.Identifier, URL: registrationTokenURL(t.ID)}, layout.Link{Label: "Who may redeem"})
	if err != nil {
		return err
	}
	frame.Notices = append(frame.Notices, failure.notices...)
	return render(c, failure.status, views.Admission(views.AdmissionPage{
		Page: frame, Identifier: t.Identifier, Form: form, Errors: failure.errors,
		Listed: t.ExpectedCount, Shown: form.Mode == string(models.ListReplace),
		Action: admissionURL(t.ID), CancelURL: expectedURL(t.ID),
	}))
}

// parseAdmission reads the form of who may redeem.
func parseAdmission(form views.AdmissionForm) (models.AdmissionSettings, error) {
	var p formParser
	s := models.AdmissionSettings{
		Rules: models.Admission{
			OnlyExpected: form.OnlyExpected == "true", SignInRequired: form.SignInRequired == "true",
			EmailDomains: wordsOf(form.EmailDomains), Networks: wordsOf(form.Networks),
		},
		Mode: models.ListMode(form.Mode),
	}
	switch s.Mode {
	case models.ListAdd, models.ListRemove:
		s.Entries = p.listed(form.Expected)
	case models.ListReplace:
		s.Entries = p.listed(form.Expected)
		if strings.TrimSpace(form.Expected) == "" {
			p.fail("expected", "Give at least one line; to take everybody off, choose “Empty the list”.")
		}
	case models.ListClear, "":
	default:
		p.fail("mode", "Choose what to do with the list.")
	}
	if form.Version != "" {
		version, err := strconv.Atoi(form.Version)
		if err != nil {
			version = -1 // of no version: told as a change meanwhile
		}
		s.Version = &version
	}
	return s, p.err()
}

// listed reads a list; a line that cannot be used is an error, for a list
// that silently leaves somebody out turns them away.
func (p *formParser) listed(text string) []models.Expectation {
	list := models.ParseExpected(text)
	if n := len(list.Bad); n > 0 {
		first := list.Bad[0]
		message := fmt.Sprintf("Line %d (“%s”): %s", first.Line, shortened(first.Text), first.Message)
		if n > 1 {
			message += " " + ui.Plural(n-1, "more line", "more lines") + " cannot be used either."
		}
		p.fail("expected", message)
	}
	return list.Entries
}

func shortened(text string) string {
	const most = 60
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

// wordsOf are the parts of a text between white space, commas and semicolons.
func wordsOf(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == ',' || r == ';' })
}
