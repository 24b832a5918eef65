package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"muster/models"
	"muster/views"
	"muster/views/layout"
)

// registrationTokenDisableForm is the submitted question.
type registrationTokenDisableForm struct {
	Reason string `form:"reason"`
}

// confirmDisableRegistrationToken asks why: whoever is called about it later
// cannot know otherwise.
func (h *adminHandler) confirmDisableRegistrationToken(c echo.Context) error {
	token, err := h.store.RegistrationToken(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	return h.renderDisableRegistrationToken(c, token, registrationTokenDisableForm{}, formFailure{status: http.StatusOK})
}

func (h *adminHandler) disableRegistrationToken(c echo.Context) error {
	ctx, id := c.Request().Context(), c.Param("id")
	var form registrationTokenDisableForm
	if err := bindForm(c, &form); err != nil {
		return err
	}
	var p formParser
	enabled := false
	settings := models.RegistrationTokenSettings{Enabled: &enabled, Reason: p.lines("reason", form.Reason, models.MaxReasonLength)}
	err := p.err()
	if err == nil {
		_, err = h.tokens.UpdateRegistrationToken(ctx, actorOf(c), id, settings)
	}
	if err == nil {
		return h.done(c, registrationTokenURL(id), "The registration token was disabled. Nobody can redeem it now; auth tokens stay as they are.")
	}
	failure, ok := asFormFailure(c, err, nil)
	if !ok {
		return err
	}
	token, err := h.store.RegistrationToken(ctx, id)
	if err != nil {
		return err
	}
	return h.renderDisableRegistrationToken(c, token, form, failure)
}

func (h *adminHandler) renderDisableRegistrationToken(c echo.Context, t *models.RegistrationToken, form registrationTokenDisableForm, failure formFailure) error {
	self := registrationTokenURL(t.ID)
	frame, err := h.registrationTokenPage(c, "Disable "+t.Identifier, layout.Link{Label: t.Identifier, URL: self}, layout.Link{Label: "Disable"})
	if err != nil {
		return err
	}
	frame.Notices = append(frame.Notices, failure.notices...)
	p := views.RegistrationTokenDisablePage{
		Page: frame, Identifier: t.Identifier, Reason: form.Reason, Errors: failure.errors,
		Action: self + "/disable", CancelURL: self,
	}
	return renderPart(c, failure.status, views.RegistrationTokenDisable(p), views.RegistrationTokenDisableConfirm(p))
}
