package admin

import (
	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/seen"
	views "muster/views/admin"
	"muster/views/paths"
	"muster/views/ui"
	"muster/views/words"
)

// ConfirmDelete asks before a registration token is deleted.
func (h *RegistrationTokens) ConfirmDelete(c echo.Context) error {
	token, err := h.token(c)
	if err != nil {
		return err
	}
	return h.renderDelete(c, token, views.RegistrationTokenDeleteForm{Choice: views.AuthTokensKept}, noFailure)
}

// Delete deletes a registration token, with its live auth tokens or without.
func (h *RegistrationTokens) Delete(c echo.Context) error {
	var form views.RegistrationTokenDeleteForm
	if err := web.BindForm(c, &form); err != nil {
		return err
	}
	token, err := h.token(c)
	if err != nil {
		return err
	}
	if token.DeletedAt != nil {
		return errDeletedAlready(token)
	}
	deletion, err := parseRegistrationTokenDeletion(form)
	deleted := 0
	if err == nil {
		deleted, err = h.Tokens.DeleteRegistrationToken(c.Request().Context(), web.Actor(c), token.ID, deletion)
	}
	if err != nil {
		failure, ok := asDeletionFailure(c, err)
		if !ok {
			return err
		}
		return h.renderDelete(c, token, form, failure)
	}
	notice := "The registration token was deleted. Its auth tokens were kept."
	if form.Choice == views.AuthTokensDeleted {
		notice = "The registration token was deleted, and with it " + ui.Plural(deleted, "auth token", "auth tokens") + "."
	}
	return h.Frame.Done(c, paths.RegistrationToken(token.ID), notice)
}

func errDeletedAlready(t *seen.RegistrationToken) error {
	return models.Conflict(models.CodeRegistrationTokenDeleted,
		"This registration token was deleted already, on "+words.InSentence(*t.DeletedAt)+".")
}

func (h *RegistrationTokens) renderDelete(c echo.Context, t *seen.RegistrationToken, form views.RegistrationTokenDeleteForm, failure web.FormFailure) error {
	now := h.Now().UTC()
	if t.DeletedAt != nil {
		return errDeletedAlready(t)
	}
	live, err := h.Figures.LiveAuthTokenCount(c.Request().Context(), t.ID, now)
	if err != nil {
		return err
	}
	frame, err := belowRegistrationToken(c, h.Frame, t, "Delete", failure)
	if err != nil {
		return err
	}
	p := views.RegistrationTokenDeletePage{Page: frame, Token: *t, Now: now, LiveAuthTokens: live, Form: form, Errors: failure.Errors}
	return web.RenderPart(c, failure.Status, views.RegistrationTokenDelete(p), views.RegistrationTokenDeleteConfirm(p))
}
