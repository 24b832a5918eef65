package admin

import (
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	views "muster/views/admin"
	"muster/views/ui"
)

// columns are those that a list can show beside the fixed ones; the browser keeps which
// a person chose.
type columns struct {
	cookie     string
	all, usual func() []string
}

var (
	registrationTokenColumns = columns{web.ColumnsCookie, namesOf(views.RegistrationTokenColumns), func() []string { return views.UsualColumns() }}
	authTokenColumns         = columns{web.AuthTokenColumnsCookie, namesOf(ui.AuthTokenColumns), func() []string { return ui.UsualAuthTokenColumns() }}
)

func namesOf(options func() []ui.Option) func() []string {
	return func() []string {
		var names []string
		for _, o := range options() {
			names = append(names, o.Value)
		}
		return names
	}
}

// ChooseColumns keeps the choice of columns in a cookie, and returns to the
// list.
func (h *RegistrationTokens) ChooseColumns(c echo.Context) error {
	q, _, err := h.query(c)
	if err != nil {
		return err
	}
	return registrationTokenColumns.choose(c, stillSelected(c, q.Self()))
}

// ChooseColumns is as that of registration tokens.
func (h *AuthTokens) ChooseColumns(c echo.Context) error {
	q, err := h.query(c.Request().Context(), web.Viewer(c), c.QueryParams(), h.Now(c).Location())
	if err != nil {
		return err
	}
	return authTokenColumns.choose(c, stillSelected(c, q.Self()))
}

func (s columns) choose(c echo.Context, back string) error {
	var form struct {
		Columns []string `form:"column"`
	}
	if err := web.BindForm(c, &form); err != nil {
		return err
	}
	web.SetCookie(c, s.cookie, "."+strings.Join(s.known(form.Columns), "."), web.PreferenceLife)
	return web.Redirect(c, back)
}

// of are the columns chosen in this browser, or the usual ones.
func (s columns) of(c echo.Context) ui.Columns {
	chosen := web.CookieText(c, s.cookie)
	if chosen == "" {
		return s.usual()
	}
	return s.known(strings.Split(chosen, "."))
}

func (s columns) known(names []string) []string {
	return slices.DeleteFunc(s.all(), func(name string) bool { return !slices.Contains(names, name) })
}
