package admin

import (
	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	views "muster/views/admin"
	"muster/views/paths"
)

// ConfirmDisable asks why: whoever is called about it later cannot know
// otherwise.
func (h *RegistrationTokens) ConfirmDisable(c echo.Context) error {
	return h.renderDisable(c, "", noFailure)
}

// Disable takes a registration token out of use.
func (h *RegistrationTokens) Disable(c echo.Context) error {
	var form struct {
		Reason string `form:"reason"`
	}
	if err := web.BindForm(c, &form); err != nil {
		return err
	}
	var p formParser
	id := c.Param("id")
	settings := models.RegistrationTokenSettings{Enabled: new(false), Reason: p.Lines("reason", form.Reason, models.MaxReasonLength)}
	err := p.Err()
	if err == nil {
		_, err = h.Tokens.UpdateRegistrationToken(c.Request().Context(), web.Actor(c), id, settings)
	}
	if err != nil {
		failure, ok := web.AsFormFailure(c, err, nil)
		if !ok {
			return err
		}
		return h.renderDisable(c, form.Reason, failure)
	}
	return h.Frame.Done(c, paths.RegistrationToken(id), "The registration token was disabled. Nobody can redeem it now; auth tokens stay as they are.")
}

func (h *RegistrationTokens) renderDisable(c echo.Context, reason string, failure web.FormFailure) error {
	token, err := h.token(c)
	if err != nil {
		return err
	}
	frame, err := belowRegistrationToken(c, h.Frame, token, "Disable", failure)
	if err != nil {
		return err
	}
	p := views.RegistrationTokenDisablePage{Page: frame, Token: *token, Reason: reason, Errors: failure.Errors}
	return web.RenderPart(c, failure.Status, views.RegistrationTokenDisable(p), views.RegistrationTokenDisableConfirm(p))
}

// Enable takes a disabled registration token back into use.
func (h *RegistrationTokens) Enable(c echo.Context) error {
	id, settings := c.Param("id"), models.RegistrationTokenSettings{Enabled: new(true)}
	if _, err := h.Tokens.UpdateRegistrationToken(c.Request().Context(), web.Actor(c), id, settings); err != nil {
		return err
	}
	return h.Frame.Done(c, paths.RegistrationToken(id), "The registration token was enabled.")
}
