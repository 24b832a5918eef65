package handlers

import (
	_ "embed"
	"net/http"

	"github.com/labstack/echo/v4"
)

// openAPI describes REST and OAuth; the tests hold every answer against it.
//
//go:embed openapi.json
var openAPI []byte

func (h *apiHandler) showOpenAPI(c echo.Context) error {
	c.Response().Header().Set(echo.HeaderCacheControl, publicCache)
	return c.JSONBlob(http.StatusOK, openAPI)
}
