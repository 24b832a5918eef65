package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"muster/models"
	"muster/views"
	"muster/views/layout"
)

// What becomes of the live auth tokens of a deleted registration token.
const (
	choiceKeep   = "keep"
	choiceDelete = "delete"
)

// registrationTokenDeleteForm is the submitted confirmation.
type registrationTokenDeleteForm struct {
	Choice string `form:"authTokens"`
	Reason string `form:"reason"`
	// Expected is the number of live auth tokens that the question named.
	Expected string `form:"expected"`
}

func (h *adminHandler) confirmDeleteRegistrationToken(c echo.Context) error {
	token, err := h.store.RegistrationToken(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	form := registrationTokenDeleteForm{Choice: choiceKeep}
	return h.renderDeleteRegistrationToken(c, token, form, formFailure{status: http.StatusOK})
}

func (h *adminHandler) deleteRegistrationToken(c echo.Context) error {
	ctx := c.Request().Context()
	var form registrationTokenDeleteForm
	if err := bindForm(c, &form); err != nil {
		return err
	}
	token, err := h.store.RegistrationToken(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	if token.DeletedAt != nil {
		return errDeletedAlready(token)
	}
	deletion, err := parseRegistrationTokenDeletion(form)
	deleted := 0
	if err == nil {
		deleted, err = h.tokens.DeleteRegistrationToken(ctx, actorOf(c), token.ID, deletion)
	}
	if err != nil {
		failure, ok := asFormFailure(c, err, nil)
		if models.ErrorCode(err) == models.CodeUnexpectedNumber {
			failure, ok = h.recounted(c, err), true
		}
		if !ok {
			return err
		}
		return h.renderDeleteRegistrationToken(c, token, form, failure)
	}
	notice := "The registration token was deleted. Its auth tokens were kept."
	if form.Choice == choiceDelete {
		notice = "The registration token was deleted, and with it " + plural(deleted, "auth token") + "."
	}
	return h.done(c, registrationTokenURL(token.ID), notice)
}

// parseRegistrationTokenDeletion reads the confirmation. Keeping is the
// default (PRODUCT rule 6); auth tokens are deleted only if they are as many
// as the question said.
func parseRegistrationTokenDeletion(form registrationTokenDeleteForm) (models.RegistrationTokenDeletion, error) {
	var p formParser
	d := models.RegistrationTokenDeletion{Reason: p.lines("reason", form.Reason, models.MaxReasonLength)}
	switch form.Choice {
	case "", choiceKeep:
	case choiceDelete:
		d.AuthTokens, d.Expected = true, new(p.expected(form.Expected))
	default:
		p.fail("authTokens", "Say whether its live auth tokens are kept or deleted.")
	}
	return d, p.err()
}

func errDeletedAlready(t *models.RegistrationToken) error {
	return models.Conflict(models.CodeRegistrationTokenDeleted,
		"This registration token was deleted already, on "+inSentence(*t.DeletedAt)+".")
}

func (h *adminHandler) renderDeleteRegistrationToken(c echo.Context, t *models.RegistrationToken, form registrationTokenDeleteForm, failure formFailure) error {
	self, now := registrationTokenURL(t.ID), h.now().UTC()
	if t.DeletedAt != nil {
		return errDeletedAlready(t)
	}
	live, err := h.store.LiveAuthTokenCount(c.Request().Context(), t.ID, now)
	if err != nil {
		return err
	}
	frame, err := h.registrationTokenPage(c, "Delete "+t.Identifier, layout.Link{Label: t.Identifier, URL: self}, layout.Link{Label: "Delete"})
	if err != nil {
		return err
	}
	frame.Notices = append(frame.Notices, failure.notices...)
	p := views.RegistrationTokenDeletePage{
		Page: frame, Identifier: t.Identifier, Usage: usageOf(t, now), LiveAuthTokens: live,
		Choice: form.Choice, Reason: form.Reason, Errors: failure.errors,
		Action: self + "/delete", CancelURL: self,
	}
	return renderPart(c, failure.status, views.RegistrationTokenDelete(p), views.RegistrationTokenDeleteConfirm(p))
}
