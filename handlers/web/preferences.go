package web

import (
	"github.com/labstack/echo/v4"

	"muster/models"
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
