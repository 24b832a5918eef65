package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// Logo is the vendor's logo for end users' pages.
type Logo struct {
	Type    string
	Content []byte
}

// vendorLogo serves it. An SVG is a document too: the policy keeps one that is
// opened on its own from running anything.
func (s *Server) vendorLogo(c echo.Context) error {
	if len(s.config.VendorLogo.Content) == 0 {
		return echo.ErrNotFound
	}
	header := c.Response().Header()
	header.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
	header.Set(echo.HeaderCacheControl, "public, max-age=3600")
	return c.Blob(http.StatusOK, s.config.VendorLogo.Type, s.config.VendorLogo.Content)
}
