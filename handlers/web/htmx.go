package web

import "github.com/labstack/echo/v4"

// The header names of htmx; nothing else knows them.
const (
	headerHXRequest    = "HX-Request"
	headerHXBoosted    = "HX-Boosted"
	headerHXRestore    = "HX-History-Restore-Request"
	HeaderHXCurrentURL = "HX-Current-URL"
	HeaderHXRedirect   = "HX-Redirect"
	headerHXRetarget   = "HX-Retarget"
	headerHXReselect   = "HX-Reselect"
	headerHXReswap     = "HX-Reswap"
	// HeaderBackground marks requests that a page makes by itself; they do not
	// count as activity in the session.
	HeaderBackground = "Muster-Background"
)

// WantsPart reports whether htmx asks for a part of a page, rather than for a whole
// one to boost or to restore its history.
func WantsPart(c echo.Context) bool {
	h := c.Request().Header
	return h.Get(headerHXRequest) != "" && h.Get(headerHXBoosted) == "" && h.Get(headerHXRestore) == ""
}

// Retarget makes htmx swap the answer into the selected element; this includes a
// failure, which otherwise goes to the notices.
func Retarget(c echo.Context, selector, swap string) {
	header := c.Response().Header()
	header.Set(headerHXRetarget, selector)
	header.Set(headerHXReselect, selector)
	header.Set(headerHXReswap, swap)
}
