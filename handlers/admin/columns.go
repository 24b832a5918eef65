package admin

import (
	"github.com/labstack/echo/v4"

	"muster/handlers/listing"
	"muster/handlers/web"
	views "muster/views/admin"
	"muster/views/ui"
)

var (
	registrationTokenColumns = listing.Columns{Cookie: web.ColumnsCookie, All: listing.NamesOf(views.RegistrationTokenColumns), Usual: func() []string { return views.UsualColumns() }}
	authTokenColumns         = listing.Columns{Cookie: web.AuthTokenColumnsCookie, All: listing.NamesOf(ui.AuthTokenColumns), Usual: func() []string { return ui.UsualAuthTokenColumns() }}
)

// ChooseColumns keeps the choice of columns in a cookie, and returns to the
// list.
func (h *RegistrationTokens) ChooseColumns(c echo.Context) error {
	q, _, err := h.query(c)
	if err != nil {
		return err
	}
	return registrationTokenColumns.Choose(c, stillSelected(c, q.Self()))
}

// ChooseColumns is as that of registration tokens.
func (h *AuthTokens) ChooseColumns(c echo.Context) error {
	q, err := h.query(c.Request().Context(), web.Viewer(c), c.QueryParams(), h.Now(c).Location())
	if err != nil {
		return err
	}
	return authTokenColumns.Choose(c, stillSelected(c, q.Self()))
}
