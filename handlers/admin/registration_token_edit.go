package admin

import (
	"strconv"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/seen"
	views "muster/views/admin"
	"muster/views/paths"
	"muster/views/words"
)

// Edit shows the form for an existing registration token.
func (h *RegistrationTokens) Edit(c echo.Context) error {
	token, err := h.token(c)
	if err != nil {
		return err
	}
	switch {
	case token.DeletedAt != nil:
		return errDeleted(token, "it cannot be edited.", h.Now(c))
	case !h.Now(c).Before(token.ExpiresAt):
		e := models.Conflict(models.CodeRegistrationTokenExpired,
			"This registration token expired on "+words.InSentence(token.ExpiresAt, h.Now(c))+"; an expired one cannot be edited.")
		e.NextStep = "Replace it: the successor takes over the remaining count."
		return e
	}
	form := views.RegistrationTokenForm{
		Identifier: token.Identifier,
		TermsForm: views.TermsForm{
			Count: strconv.Itoa(token.Count), ExpiryPreset: views.ExpiryCustom, ExpirationDate: web.FormatDateTime(token.ExpiresAt, web.Zone(c)),
			Note: token.Note, RefID1: token.RefID1, RefID2: token.RefID2,
		},
	}
	failed := web.Restore(c, &form)
	return h.renderEdit(c, token, form, failed)
}

// Update changes a registration token.
func (h *RegistrationTokens) Update(c echo.Context) error {
	var form views.RegistrationTokenForm
	if err := web.BindForm(c, &form); err != nil {
		return err
	}
	token, err := h.token(c)
	if err != nil {
		return err
	}
	settings, err := parseEditedRegistrationToken(form, token.ExpiresAt, h.Now(c))
	if err == nil {
		_, err = h.Tokens.UpdateRegistrationToken(c.Request().Context(), web.Actor(c), token.ID, settings)
	}
	if err != nil {
		return h.renderEdit(c, token, form, err)
	}
	return h.Frame.Done(c, paths.RegistrationToken(token.ID), "The registration token was changed.")
}

func (h *RegistrationTokens) renderEdit(c echo.Context, t *seen.RegistrationToken, form views.RegistrationTokenForm, failed error) error {
	frame, failure, err := registrationTokenForm(c, h.Frame, t, "Edit", failed, expiryField(form.ExpiryPreset))
	if err != nil {
		return err
	}
	return web.Render(c, failure.Status, views.RegistrationTokenFormView(views.RegistrationTokenFormPage{
		Page: frame, Editing: t, Form: form, Errors: failure.Errors, ExpiryBounds: expiryBounds(h.Now(c), h.MaxTokenLifetime),
	}))
}
