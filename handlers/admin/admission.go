package admin

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/seen"
	views "muster/views/admin"
	"muster/views/paths"
	"muster/views/ui"
)

// Admission serves the form for who may redeem a registration token.
type Admission struct {
	Read   AdmissionReader
	Tokens AdmissionService
	Frame  *web.Frame
}

// AdmissionReader reads a registration token and its expected list.
type AdmissionReader interface {
	RegistrationToken(ctx context.Context, v seen.Viewer, id string) (*seen.RegistrationToken, error)
	ExpectedList(ctx context.Context, v seen.Viewer, registrationTokenID string) ([]seen.Expectation, error)
}

// AdmissionService changes who may redeem.
type AdmissionService interface {
	SetAdmission(ctx context.Context, actor models.Actor, id string, settings models.AdmissionSettings) (*models.RegistrationToken, error)
}

// maxEditableList is the longest list, in bytes, that the form shows for editing.
// To a longer one, people add entries, or remove them.
const maxEditableList = 16 << 10

// Edit shows the form.
func (h *Admission) Edit(c echo.Context) error {
	ctx, viewer := c.Request().Context(), web.Viewer(c)
	token, err := h.Read.RegistrationToken(ctx, viewer, c.Param("id"))
	if err != nil {
		return err
	}
	if token.DeletedAt != nil {
		return errDeleted(token, "who may redeem it cannot be changed.")
	}
	list, err := h.Read.ExpectedList(ctx, viewer, token.ID)
	if err != nil {
		return err
	}
	return h.render(c, token, admissionForm(token, list), nil)
}

// admissionForm fills the form from the present settings.
func admissionForm(t *seen.RegistrationToken, list []seen.Expectation) views.AdmissionForm {
	form := views.AdmissionForm{
		Mode: string(models.ListAdd), EmailDomains: strings.Join(t.EmailDomains, "\n"), Networks: strings.Join(t.Networks, "\n"),
		OnlyExpected: flag(t.OnlyExpected), SignInRequired: flag(t.SignInRequired), Version: strconv.Itoa(t.AdmissionVersion),
	}
	var lines strings.Builder
	for i := range list {
		lines.WriteString(list[i].Line() + "\n")
	}
	if text := lines.String(); text != "" && len(text) <= maxEditableList {
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

// Update changes who may redeem.
func (h *Admission) Update(c echo.Context) error {
	ctx := c.Request().Context()
	token, err := h.Read.RegistrationToken(ctx, web.Viewer(c), c.Param("id"))
	if err != nil {
		return err
	}
	var form views.AdmissionForm
	err = web.BindListForm(c, &form, &form.Expected)
	var p formParser
	var settings models.AdmissionSettings
	if err == nil {
		settings = p.admission(form)
		// What is blank removes a rule; a form that lost a part of it must not.
		for _, field := range []string{"emailDomains", "networks"} {
			if !c.Request().PostForm.Has(field) {
				p.Fail(field, "The form arrived without this field, which would remove its rule. Load the page again.")
			}
		}
		err = p.Err()
	}
	if settings.Version == nil {
		settings.Version = new(unknownVersion)
	}
	if err == nil {
		_, err = h.Tokens.SetAdmission(ctx, web.Actor(c), token.ID, settings)
	}
	if err != nil {
		return h.render(c, token, form, err)
	}
	return h.Frame.Done(c, paths.RegistrationTokenSection(token.ID, "expected", nil), "The rules for who may redeem it were changed.")
}

func (h *Admission) render(c echo.Context, t *seen.RegistrationToken, form views.AdmissionForm, failed error) error {
	frame, failure, err := registrationTokenForm(c, h.Frame, t, "Who may redeem", failed, nil)
	if err != nil {
		return err
	}
	return web.Render(c, failure.Status, views.Admission(frame, *t, form, failure.Errors))
}

// unknownVersion is that of no settings, so that it is refused as changed in the
// meantime.
const unknownVersion = -1

// checked reads a switch: "true", or blank.
func (p *formParser) checked(field, value string) bool {
	if value != "" && value != "true" && value != "false" {
		p.Fail(field, "Switch it on or off.")
	}
	return value == "true"
}

// admission reads the form for who may redeem.
func (p *formParser) admission(form views.AdmissionForm) models.AdmissionSettings {
	s := models.AdmissionSettings{
		Rules: models.Admission{
			OnlyExpected: p.checked("onlyExpected", form.OnlyExpected), SignInRequired: p.checked("signInRequired", form.SignInRequired),
			EmailDomains: splitValues(form.EmailDomains), Networks: splitValues(form.Networks),
		},
		Mode: models.ListMode(form.Mode),
	}
	switch s.Mode {
	case models.ListAdd, models.ListRemove:
		s.Entries = p.expectations(form.Expected)
	case models.ListReplace:
		s.Entries = p.expectations(form.Expected)
		if strings.TrimSpace(form.Expected) == "" {
			p.Fail("expected", "Give at least one line; to remove everybody, choose “Empty the list”.")
		}
	case models.ListClear, "":
	default:
		p.Fail("mode", "Choose what to do with the list.")
	}
	if form.Version != "" {
		version, err := strconv.Atoi(form.Version)
		if err != nil {
			version = unknownVersion
		}
		s.Version = &version
	}
	return s
}

// expectations reads a list. A line that cannot be used is an error: leaving it
// out silently would turn somebody away.
func (p *formParser) expectations(text string) []models.Expectation {
	list := models.ParseExpected(text)
	if n := len(list.Bad); n > 0 {
		first := list.Bad[0]
		message := fmt.Sprintf("Line %d (“%s”): %s", first.Line, shortened(first.Text), first.Message)
		if n > 1 {
			message += " " + ui.Plural(n-1, "more line", "more lines") + " cannot be used either."
		}
		p.Fail("expected", message)
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

// splitValues splits a text at white space, commas and semicolons.
func splitValues(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == ',' || r == ';' })
}
