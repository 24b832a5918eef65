package admin

import (
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	views "muster/views/admin"
)

// ChooseColumns keeps the choice of columns in a cookie, and returns to the
// list.
func (h *RegistrationTokens) ChooseColumns(c echo.Context) error {
	q, _, err := h.query(c)
	if err != nil {
		return err
	}
	var form struct {
		Columns []string `form:"column"`
	}
	if err := web.BindForm(c, &form); err != nil {
		return err
	}
	web.SetCookie(c, web.ColumnsCookie, "."+strings.Join(knownColumns(form.Columns), "."), web.PreferenceLife)
	return web.Redirect(c, q.Self())
}

// columnsOf are the columns chosen in this browser, or the usual ones.
func columnsOf(c echo.Context) views.Columns {
	chosen := web.CookieText(c, web.ColumnsCookie)
	if chosen == "" {
		return views.UsualColumns()
	}
	return knownColumns(strings.Split(chosen, "."))
}

func knownColumns(names []string) views.Columns {
	var known views.Columns
	for _, column := range views.RegistrationTokenColumns() {
		if slices.Contains(names, column.Value) {
			known = append(known, column.Value)
		}
	}
	return known
}
