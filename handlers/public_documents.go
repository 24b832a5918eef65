package handlers

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"muster/views/paths"
)

// publicDocuments are the same for everybody, and scripts of other sites read them, too.
var publicDocuments = []string{paths.OAuthMetadata, paths.OpenIDConfiguration, paths.OAuthJWKS, paths.OpenAPI}

// openToOtherSites sets what lets other sites read a public document, its errors
// included. It asks for no credential, so none may be sent along.
func openToOtherSites(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if !slices.Contains(publicDocuments, c.Request().URL.Path) {
			return next(c)
		}
		h := c.Response().Header()
		h.Set(echo.HeaderAccessControlAllowOrigin, "*")
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		if c.Request().Method == http.MethodOptions {
			h.Set(echo.HeaderAccessControlAllowMethods, "GET, HEAD")
			h.Set(echo.HeaderAccessControlAllowHeaders, "*")
		}
		return next(c)
	}
}
