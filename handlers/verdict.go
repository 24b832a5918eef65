package handlers

import (
	"strconv"

	"github.com/labstack/echo/v4"

	"muster/models"
	"muster/views/ui"
)

// raiseForm says by how much.
type raiseForm struct {
	By string `form:"by"`
}

// raiseRegistrationToken adds to the count in one click; the number is the
// one that was shown, however many came since.
func (h *adminHandler) raiseRegistrationToken(c echo.Context) error {
	ctx, id := c.Request().Context(), c.Param("id")
	var form raiseForm
	if err := bindForm(c, &form); err != nil {
		return err
	}
	by, err := strconv.Atoi(form.By)
	if err != nil || by < 1 || by > models.MaxCount {
		return models.InvalidField("by", "Say by how many counts, a whole number between 1 and 1,000,000.")
	}
	token, err := h.store.RegistrationToken(ctx, id)
	if err != nil {
		return err
	}
	count := token.Count + by
	if _, err := h.tokens.UpdateRegistrationToken(ctx, actorOf(c), id, models.RegistrationTokenSettings{Count: &count}); err != nil {
		return err
	}
	return h.done(c, registrationTokenURL(id), "The count was raised by "+ui.Number(by)+" to "+ui.Number(count)+".")
}
