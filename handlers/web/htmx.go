package web

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"
)

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
	headerHXPushURL    = "HX-Push-Url"
	// HeaderBackground marks requests that a page makes by itself; they do not
	// count as activity in the session.
	HeaderBackground = "Muster-Background"
	// HeaderPage is the address of the page whose form a draft is of.
	HeaderPage = "Muster-Page"
	// HeaderStatus is the status of an answer that goes as another, so that the
	// console stays quiet: of a part for htmx, a form shown again, a search that found
	// nothing, and where the caller is led to the page that says what is wrong.
	HeaderStatus = "Muster-Status"
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

// RetargetToNotices makes htmx show the answer, a failure, among the notices; the
// address stays.
func RetargetToNotices(c echo.Context) {
	header := c.Response().Header()
	header.Set(headerHXRetarget, "#notices")
	header.Set(headerHXReselect, "unset")
	header.Set(headerHXReswap, "innerHTML")
	header.Set(headerHXPushURL, "false")
}

// quiet is the status to send a part with.
func quiet(c echo.Context, status int) int {
	if status < http.StatusBadRequest || status >= http.StatusInternalServerError || !WantsPart(c) {
		return status
	}
	standFor(c, status)
	return http.StatusOK
}

// standFor says which status an answer stands for that goes as another. Browsers write
// each 4xx into the console as an error, but a refusal that is expected, or a form with
// faults, is none.
func standFor(c echo.Context, status int) {
	setStatus(c, status)
	c.Response().Header().Set(HeaderStatus, strconv.Itoa(status))
}
