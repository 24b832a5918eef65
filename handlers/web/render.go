package web

import (
	"bytes"
	"net/http"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"muster/models"
)

// Render writes a component, into a buffer first, so that a failing one is still a
// clean 500.
func Render(c echo.Context, status int, component templ.Component) error {
	var buffer bytes.Buffer
	if err := component.Render(c.Request().Context(), &buffer); err != nil {
		return err
	}
	return HTML(c, status, buffer.Bytes())
}

// RenderQuietly is [Render] for what a person is used to meet, such as a form shown
// again: the whole page goes as 200 and says in a header what it stands for.
func RenderQuietly(c echo.Context, status int, component templ.Component) error {
	if status >= http.StatusBadRequest {
		standFor(c, status)
		status = http.StatusOK
	}
	return Render(c, status, component)
}

// Nothing answers a script with no content and the status that stands for.
func Nothing(c echo.Context, status int) error {
	standFor(c, status)
	return c.NoContent(http.StatusNoContent)
}

// HTML writes a page or part that is already rendered.
func HTML(c echo.Context, status int, content []byte) error {
	NoStore(c)
	SayAsOf(c)
	c.Response().Header().Add(echo.HeaderVary, headerHXRequest)
	return c.HTMLBlob(quiet(c, status), content)
}

// RenderPart writes a part of the page for htmx, and the whole page otherwise, quietly.
// The page uses the part as well.
func RenderPart(c echo.Context, status int, page, part templ.Component) error {
	if WantsPart(c) {
		return Render(c, status, part)
	}
	return RenderQuietly(c, status, page)
}

// Redirect sends the browser on after a POST; htmx is told in a header of its own,
// because it does not see the headers of a 3xx answer.
func Redirect(c echo.Context, to string) error {
	if c.Request().Header.Get(headerHXRequest) != "" {
		c.Response().Header().Set(HeaderHXRedirect, to)
		return c.NoContent(http.StatusNoContent)
	}
	NoStore(c)
	return c.Redirect(http.StatusSeeOther, to)
}

// HeaderAsOf has the time that an answer is as of, RFC 3339, when that is not now;
// "unknown" when it is earlier and nobody knows by how much.
const HeaderAsOf = "Muster-As-Of"

// SayAsOf says when an answer is as of an earlier time: who concludes, filters or
// searches waits for what was committed before only so long.
func SayAsOf(c echo.Context) {
	at, late := models.AsOf(c.Request().Context())
	switch {
	case !late:
	case at.IsZero():
		c.Response().Header().Set(HeaderAsOf, "unknown")
	default:
		c.Response().Header().Set(HeaderAsOf, at.UTC().Format(time.RFC3339))
	}
}

// NoStore keeps an answer out of every cache; RFC 6749 section 5.1 also asks for
// the older header.
func NoStore(c echo.Context) {
	header := c.Response().Header()
	header.Set(echo.HeaderCacheControl, "no-store")
	header.Set("Pragma", "no-cache")
}
