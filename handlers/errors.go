package handlers

import (
	"cmp"
	"log/slog"
	"net/http"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/views/telling"
)

// handleError answers every error of every route. It may run twice for one
// request; once an answer has begun, there is nothing to do.
func (s *Server) handleError(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	f := inWords(web.AsFailure(err))
	if f.Status >= http.StatusInternalServerError {
		s.logger.LogAttrs(c.Request().Context(), slog.LevelError, "request failed", failureAttrs(c, err)...)
	}
	web.SetRetryAfter(c, f)
	var answerErr error
	switch web.AudienceOf(c) {
	case web.AudienceAPI:
		answerErr = writeProblem(c, f)
	case web.AudienceOAuth:
		answerErr = writeOAuthError(c, f)
	case web.AudiencePage:
		answerErr = s.writeErrorPage(c, f)
	}
	if answerErr != nil {
		s.logger.LogAttrs(c.Request().Context(), slog.LevelError, "error answer failed", failureAttrs(c, answerErr)...)
	}
}

// inWords words a refused redemption, whose error holds only facts.
func inWords(f web.Failure) web.Failure {
	if f.Refusal == nil {
		return f
	}
	worded := *f.Error
	message, nextStep := telling.Detail(*f.Refusal)
	worded.Message, worded.NextStep = cmp.Or(message, worded.Message), cmp.Or(nextStep, worded.NextStep)
	f.Error = &worded
	return f
}

func failureAttrs(c echo.Context, err error) []slog.Attr {
	return []slog.Attr{
		slog.String(web.LogRequestID, web.RequestID(c)), slog.String(web.LogRoute, c.Path()), slog.Any(web.LogError, err),
	}
}
