package handlers

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"muster/models"
	"muster/views"
	"muster/views/layout"
)

func (h *adminHandler) editRegistrationToken(c echo.Context) error {
	token, err := h.store.RegistrationToken(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	now := h.now().UTC()
	switch {
	case token.DeletedAt != nil:
		return models.Conflict(models.CodeRegistrationTokenDeleted,
			"This registration token was deleted on "+inSentence(*token.DeletedAt)+"; it cannot be edited.")
	case !now.Before(token.ExpiresAt):
		e := models.Conflict(models.CodeRegistrationTokenExpired,
			"This registration token expired on "+inSentence(token.ExpiresAt)+"; an expired one cannot be edited.")
		e.NextStep = "Replace it: the successor takes over the remaining count."
		return e
	}
	return h.renderEditRegistrationToken(c, token, editForm(token), formFailure{status: http.StatusOK})
}

// editForm is the form as it stands before anything is typed.
func editForm(t *models.RegistrationToken) views.RegistrationTokenForm {
	return views.RegistrationTokenForm{
		Identifier: t.Identifier, Count: strconv.Itoa(t.Count),
		ExpiryPreset: views.ExpiryCustom, ExpirationDate: formatDateTimeLocal(t.ExpiresAt),
		Note: t.Note, RefID1: t.RefID1, RefID2: t.RefID2,
	}
}

func (h *adminHandler) updateRegistrationToken(c echo.Context) error {
	ctx := c.Request().Context()
	var form views.RegistrationTokenForm
	if err := bindForm(c, &form); err != nil {
		return err
	}
	token, err := h.store.RegistrationToken(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	settings, err := parseEditedRegistrationToken(form, token.ExpiresAt, h.now())
	if err == nil {
		_, err = h.tokens.UpdateRegistrationToken(ctx, actorOf(c), token.ID, settings)
	}
	if err != nil {
		failure, ok := asFormFailure(c, err, expiryField(form.ExpiryPreset))
		if !ok {
			return err
		}
		return h.renderEditRegistrationToken(c, token, form, failure)
	}
	return h.done(c, registrationTokenURL(token.ID), "The registration token was changed.")
}

func (h *adminHandler) renderEditRegistrationToken(c echo.Context, t *models.RegistrationToken, form views.RegistrationTokenForm, failure formFailure) error {
	self := registrationTokenURL(t.ID)
	frame, err := h.registrationTokenPage(c, "Edit "+t.Identifier, layout.Link{Label: t.Identifier, URL: self}, layout.Link{Label: "Edit"})
	if err != nil {
		return err
	}
	frame.Notices = append(frame.Notices, failure.notices...)
	p := views.RegistrationTokenFormPage{
		Page: frame, Editing: true, Form: form, Errors: failure.errors,
		Action: self + "/edit", CancelURL: self, MinCount: max(1, t.UsedCount), Used: t.UsedCount,
	}
	p.MinExpiry, p.MaxExpiry = h.expiryBounds()
	return render(c, failure.status, views.RegistrationTokenFormView(p))
}

func (h *adminHandler) enableRegistrationToken(c echo.Context) error {
	id, enabled := c.Param("id"), true
	settings := models.RegistrationTokenSettings{Enabled: &enabled}
	if _, err := h.tokens.UpdateRegistrationToken(c.Request().Context(), actorOf(c), id, settings); err != nil {
		return err
	}
	return h.done(c, registrationTokenURL(id), "The registration token was enabled.")
}
