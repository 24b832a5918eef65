package handlers

import (
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"muster/views"
)

// columnsCookie keeps which columns a person wants to see in the list of
// registration tokens.
const columnsCookie = "__Host-muster-columns"

const registrationTokenColumnsURL = registrationTokensURL + "/columns"

// chooseColumns keeps the choice in the browser and goes back to the list.
func (h *adminHandler) chooseColumns(c echo.Context) error {
	q, _, err := h.registrationTokenQuery(c)
	if err != nil {
		return err
	}
	var form struct {
		Columns []string `form:"column"`
	}
	if err := bindForm(c, &form); err != nil {
		return err
	}
	chosen := knownColumns(form.Columns)
	c.SetCookie(&http.Cookie{
		Name: columnsCookie, Value: "." + strings.Join(chosen, "."), Path: "/", MaxAge: int(languageKept.Seconds()),
		Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
	return redirect(c, q.self())
}

// columnsOf are the columns that the browser's person chose, or the usual.
func columnsOf(c echo.Context) views.Columns {
	cookie, err := c.Cookie(columnsCookie)
	if err != nil {
		return views.UsualColumns()
	}
	return knownColumns(strings.Split(cookie.Value, "."))
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
