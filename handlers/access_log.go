package handlers

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
)

// AccessLog says which requests have a line in the log.
type AccessLog string

// The access logs.
const (
	LogAll    AccessLog = "all"
	LogErrors AccessLog = "errors" // those that are answered with 400 or more
	LogNone   AccessLog = "off"
)

func (a AccessLog) has(status int) bool {
	return a != LogNone && (a != LogErrors || status >= http.StatusBadRequest)
}

// logRequests writes one line for each request: the route's pattern, never the URL.
// An answer that fails after it has begun cannot become an error page: the failure
// is logged, and the connection is cut, so that nobody takes a part for the whole.
func (s *Server) logRequests(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now() //nolint:forbidigo // a duration for the log; no rule depends on it
		err := next(c)
		broken := err != nil && c.Response().Committed
		switch {
		case broken:
			if c.Request().Context().Err() == nil { // that a client left is no failure
				s.logger.LogAttrs(c.Request().Context(), slog.LevelError, "request failed", failureAttrs(c, err)...)
			}
		case err != nil:
			c.Error(err)
		}
		took, status := time.Since(start), web.StatusOf(c)
		if s.config.AccessLog.has(status) {
			s.logRequest(c, status, took)
		}
		if s.config.Observe != nil {
			s.config.Observe(c.Path(), c.Request().Method, status, took)
		}
		if broken {
			panic(http.ErrAbortHandler)
		}
		return nil
	}
}

func (s *Server) logRequest(c echo.Context, status int, took time.Duration) {
	s.logger.LogAttrs(c.Request().Context(), slog.LevelInfo, "request",
		slog.String(web.LogRequestID, web.RequestID(c)),
		slog.String(web.LogMethod, c.Request().Method),
		slog.String(web.LogRoute, c.Path()),
		slog.Int(web.LogStatus, status),
		slog.Float64(web.LogTook, float64(took.Microseconds())/1000),
		slog.String(web.LogActor, web.Actor(c).ID),
		slog.String(web.LogIP, c.RealIP()))
}
