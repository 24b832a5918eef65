package handlers

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"muster/views/paths"
)

const pageTimeout = 25 * time.Second

// reads tells that a route changes nothing, and is answered at once: neither the live
// stream nor a file.
func (r route) reads() bool {
	get := r.method == http.MethodGet || r.method == http.MethodHead
	return get && r.path != paths.Events || r.path == paths.Investigate
}

// inTime ends what is asked of the database for an answer after a time, as it ends
// when the caller is gone.
func (s *Server) inTime(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		ctx, done := context.WithTimeout(r.Context(), s.config.PageTimeout)
		defer done()
		c.SetRequest(r.WithContext(ctx))
		defer c.SetRequest(r) // the page that says so is made afterwards
		return next(c)
	}
}
