package admin

import (
	"strconv"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/views/paths"
	"muster/views/ui"
)

// Raise adds to the count in one click. It adds the number that was shown, even
// if the need has changed since, but not twice for a second click.
func (h *RegistrationTokens) Raise(c echo.Context) error {
	var form struct {
		By      string `form:"by"`
		Version string `form:"version"`
	}
	if err := web.BindForm(c, &form); err != nil {
		return err
	}
	by, err := strconv.Atoi(form.By)
	if err != nil || by < 1 || by > models.MaxCount {
		return models.InvalidField("by", "Give the number of counts to add, a whole number between 1 and 1,000,000.")
	}
	settings := models.RegistrationTokenSettings{Raise: by}
	if form.Version != "" {
		settings.IfVersion = models.Versions{form.Version}
	}
	raised, err := h.Tokens.UpdateRegistrationToken(c.Request().Context(), web.Actor(c), c.Param("id"), settings)
	if err != nil {
		return err
	}
	token := web.Viewer(c).RegistrationToken(raised)
	return h.Frame.DoneUndoably(c, paths.RegistrationToken(token.ID), "The count was raised by "+ui.Number(by)+" to "+ui.Number(token.Count)+".")
}
