package handlers

import "github.com/labstack/echo/v4"

// The header names of htmx; nothing else in the house knows them.
const (
	headerHXRequest    = "HX-Request"
	headerHXBoosted    = "HX-Boosted"
	headerHXRestore    = "HX-History-Restore-Request"
	headerHXCurrentURL = "HX-Current-URL"
	headerHXRedirect   = "HX-Redirect"
	// headerBackground marks requests that a page makes by itself; they do
	// not count as activity of the session (SECURITY R36).
	headerBackground = "Muster-Background"
)

// wantsPart reports whether htmx asks for a part of a page: not for a whole
// one to boost, and not to restore its history.
func wantsPart(c echo.Context) bool {
	h := c.Request().Header
	return h.Get(headerHXRequest) != "" && h.Get(headerHXBoosted) == "" && h.Get(headerHXRestore) == ""
}
