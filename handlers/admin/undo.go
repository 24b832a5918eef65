package admin

import (
	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/views/layout"
	"muster/views/paths"
	"muster/views/telling"
	"muster/views/ui"
)

// Undo takes back what a call changed about registration tokens, as the notice about
// it offers.
func (h *RegistrationTokens) Undo(c echo.Context) error {
	var form struct {
		Change string `form:"change"`
	}
	if err := web.BindForm(c, &form); err != nil {
		return err
	}
	undone, err := h.Tokens.UndoRegistrationTokens(c.Request().Context(), web.Actor(c), form.Change)
	if err != nil {
		return err
	}
	to := paths.RegistrationTokens
	if len(undone.IDs) == 1 {
		to = paths.RegistrationToken(undone.IDs[0])
	}
	left := telling.LeftOut(undone.Left)
	if undone.Changed == 0 {
		return h.Frame.RedirectWithNotice(c, to, layout.NoticeWarning, "Nothing was undone. "+left)
	}
	return h.Frame.Done(c, to, undoneNotice(undone)+left)
}

func undoneNotice(undone models.SelectionEdit) string {
	if len(undone.IDs) == 1 {
		return "Undone: the registration token is as it was before. "
	}
	return "Undone for " + ui.Plural(undone.Changed, "registration token", "registration tokens") + ". "
}
