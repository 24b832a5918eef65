package admin

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/models/lists"
	"muster/seen"
	views "muster/views/admin"
	"muster/views/paths"
)

// Admission serves the form for who may redeem a registration token.
type Admission struct {
	Read   AdmissionReader
	Tokens AdmissionService
	Frame  *web.Frame
	Now    func(c echo.Context) time.Time
}

// AdmissionReader reads a registration token and its expected list.
type AdmissionReader interface {
	RegistrationToken(ctx context.Context, v seen.Viewer, id string) (*seen.RegistrationToken, error)
	ExpectedList(ctx context.Context, v seen.Viewer, registrationTokenID string) ([]seen.Expectation, error)
	trailReader
}

// AdmissionService changes who may redeem.
type AdmissionService interface {
	SetAdmission(ctx context.Context, actor models.Actor, id string, settings models.AdmissionSettings) (*models.RegistrationToken, error)
	SettleClaims(ctx context.Context, actor models.Actor, id string, how models.ListMode, version int) (*models.RegistrationToken, error)
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
		return errDeleted(token, "who may redeem it cannot be changed.", h.Now(c))
	}
	list, err := h.Read.ExpectedList(ctx, viewer, token.ID)
	if err != nil {
		return err
	}
	form := admissionForm(token, list)
	if !web.Restored(c) {
		return h.render(c, token, form, nil, nil)
	}
	failed := web.Restore(c, &form)
	return h.render(c, token, form, readExpected(form, "").reading(), failed)
}

// admissionForm fills the form from the present settings.
func admissionForm(t *seen.RegistrationToken, list []seen.Expectation) views.AdmissionForm {
	form := views.AdmissionForm{
		Mode: string(models.ListAdd), EmailDomains: strings.Join(t.EmailDomains, "\n"), Networks: strings.Join(t.Networks, "\n"),
		OnlyExpected: flag(t.OnlyExpected), SignInRequired: flag(t.SignInRequired), Version: strconv.Itoa(t.AdmissionVersion),
	}
	var lines strings.Builder
	for i := range list {
		lines.WriteString(lists.Line(list[i].Kind, list[i].Pattern, list[i].Note) + "\n")
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

// Update changes who may redeem, once whoever changes a list has seen how it was
// read.
func (h *Admission) Update(c echo.Context) error {
	ctx := c.Request().Context()
	token, err := h.Read.RegistrationToken(ctx, web.Viewer(c), c.Param("id"))
	if err != nil {
		return err
	}
	var form views.AdmissionForm
	written, err := web.BindListForm(c, &form, &form.Expected)
	list := readExpected(form, written)
	var p formParser
	var settings models.AdmissionSettings
	if err == nil {
		settings = p.admission(list)
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
		err = h.seen(c, token, list, settings)
	}
	if err == nil {
		_, err = h.Tokens.SetAdmission(ctx, web.Actor(c), token.ID, settings)
	}
	if models.ErrorKind(err) == models.KindStale {
		return h.renderStale(c, form, list.reading(), err)
	}
	if err != nil {
		return h.render(c, token, form, list.reading(), err)
	}
	return h.Frame.Done(c, paths.RegistrationTokenSection(token.ID, "expected", nil), "The rules for who may redeem it were changed.")
}

// seen is errUnconfirmed for a list that nobody has seen as it was read: neither
// now, nor as the list that is there. What cannot be changed at all is for the
// service to say.
func (h *Admission) seen(c echo.Context, t *seen.RegistrationToken, list *expectedList, settings models.AdmissionSettings) error {
	if !list.given() || list.confirmed() || t.DeletedAt != nil || *settings.Version != t.AdmissionVersion {
		return nil
	}
	present, err := h.Read.ExpectedList(c.Request().Context(), web.Viewer(c), t.ID)
	if err != nil {
		return err
	}
	if untouched := admissionForm(t, present); untouched.Mode == list.form.Mode && strings.TrimSpace(untouched.Expected) == strings.TrimSpace(list.form.Expected) && list.form.Do != doCheck {
		return nil
	}
	return unconfirmed(settings.Rules)
}

// SettleClaims decides on e-mail entries from before these needed a sign-in.
func (h *Admission) SettleClaims(c echo.Context) error {
	var form struct {
		Settle  string `form:"settle"`
		Version string `form:"version"`
	}
	if err := web.BindForm(c, &form); err != nil {
		return err
	}
	token, err := h.Tokens.SettleClaims(c.Request().Context(), web.Actor(c), c.Param("id"), models.ListMode(form.Settle), versionOf(form.Version))
	if err != nil {
		return err
	}
	return h.Frame.Done(c, paths.RegistrationTokenSection(token.ID, "expected", nil), "The e-mail addresses on the list follow the rule now.")
}

func (h *Admission) render(c echo.Context, t *seen.RegistrationToken, form views.AdmissionForm, reading *views.ListReading, failed error) error {
	if errors.Is(failed, errUnconfirmed) && !web.ShownOnFormPage(c, failed) {
		failed = nil
	}
	frame, failure, err := registrationTokenForm(c, h.Frame, t, "Who may redeem", failed, nil)
	if err != nil {
		return err
	}
	p := views.AdmissionPage{Page: frame, Token: *t, Form: form, Reading: reading, Errors: failure.Errors}
	if version := strconv.Itoa(t.AdmissionVersion); form.Version != version {
		p.Form.Version = version
		differing, err := h.differing(c, t, form)
		if err != nil {
			return err
		}
		if p.Conflict, err = conflict(c, h.Read, models.ObjectRegistrationToken, t.ID, admissionSet, differing, h.Now(c)); err != nil {
			return err
		}
	}
	return web.RenderQuietly(c, failure.Status, views.Admission(p))
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
func (p *formParser) admission(list *expectedList) models.AdmissionSettings {
	form := list.form
	s := models.AdmissionSettings{
		Rules: models.Admission{
			OnlyExpected: p.checked("onlyExpected", form.OnlyExpected), SignInRequired: p.checked("signInRequired", form.SignInRequired),
			EmailDomains: splitValues(form.EmailDomains), Networks: splitValues(form.Networks),
		},
		Mode: models.ListMode(form.Mode),
	}
	switch s.Mode {
	case models.ListAdd, models.ListRemove:
	case models.ListReplace:
		if strings.TrimSpace(form.Expected) == "" {
			p.Fail("expected", "Give at least one line; to remove everybody, choose “Empty the list”.")
		}
	case models.ListClear, "":
	default:
		p.Fail("mode", "Choose what to do with the list.")
	}
	if s.Entries = list.Entries; list.problem() != "" {
		p.Fail("expected", list.problem())
	}
	if form.Version != "" {
		s.Version = new(versionOf(form.Version))
	}
	return s
}

// versionOf reads the version that a form was filled from.
func versionOf(raw string) int {
	version, err := strconv.Atoi(raw)
	if err != nil {
		return unknownVersion
	}
	return version
}

// splitValues splits a text at white space, commas and semicolons.
func splitValues(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == ',' || r == ';' })
}
