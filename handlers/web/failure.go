package web

import (
	"errors"
	"math"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"muster/models"
)

// Codes of requests that fail before anything is judged.
const (
	CodeBadRequest models.Code = "bad_request"
	CodeTooLarge   models.Code = "too_large"
	CodeTimeout    models.Code = "request_timeout"
)

// statusOf is the one mapping from an error's kind to an HTTP status.
func statusOf(e *models.Error) int {
	switch e.Kind {
	case models.KindInvalid:
		switch e.Code {
		case CodeBadRequest:
			return http.StatusBadRequest
		case CodeTooLarge:
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
	case models.KindStale:
		return http.StatusPreconditionFailed
	case models.KindGone:
		return http.StatusGone
	case models.KindRateLimited:
		return http.StatusTooManyRequests
	case models.KindUnavailable:
		if e.Code == CodeTimeout {
			return http.StatusRequestTimeout
		}
		return http.StatusServiceUnavailable
	case models.KindInternal:
		return http.StatusInternalServerError
	}
	return http.StatusInternalServerError
}

// Failure is an error ready to be answered: what the caller may know, and the
// status.
type Failure struct {
	*models.Error
	Status int
}

// AsFailure turns any error into an answer. An untyped one is our own fault and
// says nothing of its cause.
func AsFailure(err error) Failure {
	if e, ok := errors.AsType[*echo.HTTPError](err); ok {
		if inner, ok := errors.AsType[*models.Error](e.Internal); ok {
			return Failure{Error: inner, Status: e.Code}
		}
	}
	if e, ok := errors.AsType[*models.Error](err); ok {
		return Failure{Error: e, Status: statusOf(e)}
	}
	if e, ok := errors.AsType[*echo.HTTPError](err); ok {
		return fromEcho(e)
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return AsFailure(TooLarge())
	}
	internal := &models.Error{
		Kind: models.KindInternal, Code: models.CodeInternal,
		Message:  "Something went wrong on our side.",
		NextStep: "Try again. If it happens again, give the request ID to your administrator.",
	}
	return Failure{Error: internal.WithCause(err), Status: http.StatusInternalServerError}
}

// fromEcho words the framework's own errors.
func fromEcho(e *echo.HTTPError) Failure {
	fail := func(kind models.Kind, code models.Code, message string) Failure {
		return Failure{Error: &models.Error{Kind: kind, Code: code, Message: message}, Status: e.Code}
	}
	switch e.Code {
	case http.StatusNotFound:
		return fail(models.KindNotFound, models.CodeNotFound, "The address may be mistyped, or what stood here is gone.")
	case http.StatusMethodNotAllowed:
		return fail(models.KindInvalid, "method_not_allowed", "This address does not support that method.")
	case http.StatusRequestEntityTooLarge:
		return AsFailure(TooLarge())
	case http.StatusUnsupportedMediaType:
		return fail(models.KindInvalid, "unsupported_media_type", "This address does not read a body of that content type.")
	}
	if e.Code >= http.StatusBadRequest && e.Code < http.StatusInternalServerError {
		return fail(models.KindInvalid, CodeBadRequest, "The request cannot be read.")
	}
	return AsFailure(errors.New(e.Error()))
}

// TooLarge is the error for a body over its limit (413).
func TooLarge() *models.Error {
	return &models.Error{Kind: models.KindInvalid, Code: CodeTooLarge, Message: "The request is too large."}
}

// BadRequest is the error for what cannot be parsed at all (400).
func BadRequest(message string) *models.Error {
	return &models.Error{Kind: models.KindInvalid, Code: CodeBadRequest, Message: message}
}

// SecretInAddress is the 400 to an address that holds a secret (rule 10).
func SecretInAddress() *models.Error {
	refused := BadRequest("A secret must not be sent in the address. Send it in the body, or in the Authorization header.")
	refused.NextStep = "Treat it as seen by others, and have it replaced."
	return refused
}

// SetRetryAfter says when to try again, in whole seconds.
func SetRetryAfter(c echo.Context, f Failure) {
	if f.RetryAfter > 0 {
		c.Response().Header().Set(echo.HeaderRetryAfter, strconv.Itoa(int(math.Ceil(f.RetryAfter.Seconds()))))
	}
}
