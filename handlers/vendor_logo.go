package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// Logo is the vendor's picture for the pages for end users.
type Logo struct {
	Type    string
	Content []byte
}

// vendorLogo serves it. A picture may be an SVG, which is a document too: one
// that is opened by itself runs nothing.
func (s *Server) vendorLogo(c echo.Context) error {
	if len(s.config.VendorLogo.Content) == 0 {
		return echo.ErrNotFound
	}
	header := c.Response().Header()
	header.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
	header.Set(echo.HeaderCacheControl, "public, max-age=3600")
	return c.Blob(http.StatusOK, s.config.VendorLogo.Type, s.config.VendorLogo.Content)
}
