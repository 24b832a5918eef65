package admin

import (
	"time"

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
	form := views.RegistrationTokenDeleteForm{Choice: views.AuthTokensKept}
	failed := web.Restore(c, &form)
	return h.renderDelete(c, token, form, failed)
}

// Delete deletes a registration token, with or without its live auth tokens.
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
		return errDeletedAlready(token, h.Now(c))
	}
	deletion, err := parseRegistrationTokenDeletion(form)
	deleted := 0
	if err == nil {
		deleted, err = h.Tokens.DeleteRegistrationToken(c.Request().Context(), web.Actor(c), token.ID, deletion)
	}
	if err != nil {
		return h.renderDelete(c, token, form, err)
	}
	notice := "The registration token was deleted. Its auth tokens were kept."
	if form.Choice == views.AuthTokensDeleted {
		notice = "The registration token was deleted, together with " + ui.Plural(deleted, "auth token", "auth tokens") + "."
	}
	return h.Frame.Done(c, paths.RegistrationToken(token.ID), notice)
}

func errDeletedAlready(t *seen.RegistrationToken, now time.Time) error {
	return models.Conflict(models.CodeRegistrationTokenDeleted,
		"This registration token was already deleted on "+words.InSentence(*t.DeletedAt, now)+".")
}

func (h *RegistrationTokens) renderDelete(c echo.Context, t *seen.RegistrationToken, form views.RegistrationTokenDeleteForm, failed error) error {
	if t.DeletedAt != nil {
		return errDeletedAlready(t, h.Now(c))
	}
	live, err := h.Figures.LiveAuthTokenCount(c.Request().Context(), t.ID, h.Now(c))
	if err != nil {
		return err
	}
	frame, failure, err := registrationTokenForm(c, h.Frame, t, "Delete", failed, nil)
	if err != nil {
		return err
	}
	question := views.RegistrationTokenDelete(*t, live, form, failure.Errors)
	return web.RenderPart(c, failure.Status, views.Question(frame, question), question)
}
