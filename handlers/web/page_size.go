package web

import (
	"github.com/labstack/echo/v4"

	"muster/models"
)

// PageSize is how many rows a page of a list has for the caller.
func PageSize(echo.Context) int { return models.DefaultPageSize }
