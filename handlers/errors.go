package handlers

import (
	"errors"
	"log/slog"
	"math"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"muster/models"
)

// Codes of requests that fail before anything is judged.
const (
	codeBadRequest models.Code = "bad_request"
	codeTooLarge   models.Code = "too_large"
)

// statusOf is the one mapping from an error's kind to an HTTP status.
func statusOf(e *models.Error) int {
	switch e.Kind {
	case models.KindInvalid:
		switch e.Code {
		case codeBadRequest:
			return http.StatusBadRequest
		case codeTooLarge:
			return http.StatusRequestEntityTooLarge
		default:
			return http.StatusUnprocessableEntity
		}
	case models.KindUnauthenticated:
		return http.StatusUnauthorized
	case models.KindForbidden:
		return http.StatusForbidden
	case models.KindNotFound:
		return http.StatusNotFound
	case models.KindConflict:
		return http.StatusConflict
	case models.KindGone:
		return http.StatusGone
	case models.KindRateLimited:
		return http.StatusTooManyRequests
	case models.KindUnavailable:
		return http.StatusServiceUnavailable
	case models.KindInternal:
		return http.StatusInternalServerError
	}
	return http.StatusInternalServerError
}

// failure is an error made ready for an answer: what the caller may know,
// and the status to say it with.
type failure struct {
	*models.Error
	status int
}

// asFailure turns any error into an answer. What is not typed is our own
// fault and says nothing of its cause.
func asFailure(err error) failure {
	if e, ok := errors.AsType[*models.Error](err); ok {
		return failure{Error: e, status: statusOf(e)}
	}
	if e, ok := errors.AsType[*echo.HTTPError](err); ok {
		return fromEcho(e)
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return tooLarge()
	}
	internal := &models.Error{
		Kind: models.KindInternal, Code: models.CodeInternal,
		Message:  "Something went wrong on our side.",
		NextStep: "Try again. If it happens again, give the request id to your administrator.",
	}
	return failure{Error: internal.WithCause(err), status: http.StatusInternalServerError}
}

// fromEcho gives the framework's own errors our words.
func fromEcho(e *echo.HTTPError) failure {
	fail := func(kind models.Kind, code models.Code, message string) failure {
		return failure{Error: &models.Error{Kind: kind, Code: code, Message: message}, status: e.Code}
	}
	switch e.Code {
	case http.StatusNotFound:
		return fail(models.KindNotFound, models.CodeNotFound, "There is nothing at this address.")
	case http.StatusMethodNotAllowed:
		return fail(models.KindInvalid, "method_not_allowed", "This address does not answer that method.")
	case http.StatusRequestEntityTooLarge:
		return tooLarge()
	case http.StatusUnsupportedMediaType:
		return fail(models.KindInvalid, "unsupported_media_type", "The body's content type is not one this address reads.")
	}
	if e.Code >= http.StatusBadRequest && e.Code < http.StatusInternalServerError {
		return fail(models.KindInvalid, codeBadRequest, "The request cannot be read.")
	}
	return asFailure(errors.New(e.Error()))
}

func tooLarge() failure {
	return failure{
		Error:  &models.Error{Kind: models.KindInvalid, Code: codeTooLarge, Message: "The request is too large."},
		status: http.StatusRequestEntityTooLarge,
	}
}

// badRequest is an error for what cannot be parsed at all (400).
func badRequest(message string) error {
	return &echo.HTTPError{Code: http.StatusBadRequest, Message: message, Internal: &models.Error{
		Kind: models.KindInvalid, Code: codeBadRequest, Message: message,
	}}
}

// handleError answers for every error of every route. It may run twice for
// one request: once an answer is under way there is nothing left to say.
func (s *Server) handleError(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	f := asFailure(err)
	if e, ok := errors.AsType[*echo.HTTPError](err); ok {
		if inner, ok := errors.AsType[*models.Error](e.Internal); ok {
			f = failure{Error: inner, status: e.Code}
		}
	}
	ctx := c.Request().Context()
	if f.status >= http.StatusInternalServerError {
		s.logger.LogAttrs(ctx, slog.LevelError, "request failed",
			slog.String(logRequestID, requestID(c)), slog.String(logRoute, c.Path()), slog.Any(logError, err))
	}
	setRetryAfter(c, f)
	var answerErr error
	switch audienceOf(c) {
	case audienceAPI:
		answerErr = writeProblem(c, f)
	case audienceOAuth:
		answerErr = writeOAuthError(c, f)
	case audiencePage:
		answerErr = s.writeErrorPage(c, f)
	}
	if answerErr != nil {
		s.logger.LogAttrs(ctx, slog.LevelError, "error answer failed",
			slog.String(logRequestID, requestID(c)), slog.Any(logError, answerErr))
	}
}

// setRetryAfter says when to come back, in whole seconds.
func setRetryAfter(c echo.Context, f failure) {
	if f.RetryAfter > 0 {
		c.Response().Header().Set(echo.HeaderRetryAfter, strconv.Itoa(int(math.Ceil(f.RetryAfter.Seconds()))))
	}
}
