package listing

import (
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/views/ui"
)

// Columns are those that a list can show beside the fixed ones; the browser keeps which
// a person chose.
type Columns struct {
	// Cookie is the name of the cookie that keeps the choice.
	Cookie string
	// All and Usual are the names of all, and of those that stand there without a choice.
	All, Usual func() []string
}

// NamesOf are the names of columns that can be chosen.
func NamesOf(options func() []ui.Option) func() []string {
	return func() []string {
		var names []string
		for _, o := range options() {
			names = append(names, o.Value)
		}
		return names
	}
}

// Choose keeps the choice of the form in a cookie, and returns to the list.
func (s Columns) Choose(c echo.Context, back string) error {
	var form struct {
		Columns []string `form:"column"`
	}
	if err := web.BindForm(c, &form); err != nil {
		return err
	}
	web.SetCookie(c, s.Cookie, "."+strings.Join(s.known(form.Columns), "."), web.PreferenceLife)
	return web.Redirect(c, back)
}

// Of are the columns chosen in this browser, or the usual ones.
func (s Columns) Of(c echo.Context) ui.Columns {
	chosen := web.CookieText(c, s.Cookie)
	if chosen == "" {
		return s.Usual()
	}
	return s.known(strings.Split(chosen, "."))
}

func (s Columns) known(names []string) []string {
	return slices.DeleteFunc(s.All(), func(name string) bool { return !slices.Contains(names, name) })
}
