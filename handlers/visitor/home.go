package visitor

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/views/layout"
	"muster/views/paths"
	views "muster/views/visitor"
)

// Home is the start page.
type Home struct{ Frame *web.Frame }

// Show takes signed-in people to their work, and shows others where to start.
func (h *Home) Show(c echo.Context) error {
	if web.Actor(c).Can(models.PermissionRegistrationTokenRead) {
		return web.Redirect(c, paths.Overview)
	}
	if web.SessionOf(c) != nil {
		return web.Redirect(c, paths.My)
	}
	frame, err := h.Frame.Page(c, "Welcome", layout.NavNone)
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.Home(frame))
}
