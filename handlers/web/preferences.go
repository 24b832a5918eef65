package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"muster/models"
	"muster/views/layout"
)

// Preferences are what the caller chose; the zero value when they chose nothing or
// nobody is signed in.
func Preferences(c echo.Context) models.Preferences {
	if session := SessionOf(c); session != nil {
		return session.Preferences
	}
	return models.Preferences{}
}

// PageSize is how many rows a page of a list has for the caller.
func PageSize(c echo.Context) int { return Preferences(c).PageSize() }

// viewing is how a page looks to the caller.
func viewing(c echo.Context) layout.Viewing {
	chosen := Preferences(c)
	v := layout.Viewing{Zone: Zone(c), Theme: chosen.Theme}
	if chosen.Zone == "" {
		v.ZoneCookie, _ = guarded(c, ZoneCookie)
	}
	if request := c.Request(); request.Method == http.MethodGet && SessionOf(c) != nil && !ZoneKnown(c) {
		v.AskZone, v.Self = true, request.URL.RequestURI()
	}
	return v
}
