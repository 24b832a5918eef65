package admin

import (
	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	views "muster/views/admin"
	"muster/views/layout"
	"muster/views/paths"
)

// ConfirmDisable asks for a reason, so that the helpdesk can see it later.
func (h *RegistrationTokens) ConfirmDisable(c echo.Context) error {
	var form disableForm
	failed := web.Restore(c, &form)
	return h.renderDisable(c, form.Reason, failed)
}

// disableForm is the form that takes one out of use.
type disableForm struct {
	Reason string `form:"reason"`
}

// Disable takes a registration token out of use.
func (h *RegistrationTokens) Disable(c echo.Context) error {
	var form disableForm
	if err := web.BindForm(c, &form); err != nil {
		return err
	}
	var p formParser
	id := c.Param("id")
	settings := models.RegistrationTokenSettings{Enabled: new(false), Reason: p.Lines("reason", form.Reason, models.MaxReasonLength)}
	before, err := h.token(c)
	if err != nil {
		return err
	}
	var after *models.RegistrationToken
	if err = p.Err(); err == nil {
		after, err = h.Tokens.UpdateRegistrationToken(c.Request().Context(), web.Actor(c), id, settings)
	}
	switch {
	case err != nil:
		return h.renderDisable(c, form.Reason, err)
	case after.Version() == before.Version():
		return h.Frame.RedirectWithNotice(c, paths.RegistrationToken(id), layout.NoticeInfo, "The registration token was disabled already.")
	}
	return h.Frame.DoneUndoably(c, paths.RegistrationToken(id), "The registration token was disabled. Nobody can redeem it now; auth tokens stay as they are.")
}

func (h *RegistrationTokens) renderDisable(c echo.Context, reason string, failed error) error {
	token, err := h.token(c)
	if err != nil {
		return err
	}
	frame, failure, err := registrationTokenForm(c, h.Frame, token, "Disable", failed, nil)
	if err != nil {
		return err
	}
	question := views.RegistrationTokenDisable(*token, reason, failure.Errors)
	return web.RenderPart(c, failure.Status, views.Question(frame, question), question)
}

// Enable takes a disabled registration token back into use.
func (h *RegistrationTokens) Enable(c echo.Context) error {
	id, settings := c.Param("id"), models.RegistrationTokenSettings{Enabled: new(true)}
	if _, err := h.Tokens.UpdateRegistrationToken(c.Request().Context(), web.Actor(c), id, settings); err != nil {
		return err
	}
	return h.Frame.Done(c, paths.RegistrationToken(id), "The registration token was enabled.")
}
