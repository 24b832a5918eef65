package web

import (
	"context"
	"errors"
	"net/http"
	"os"

	"github.com/labstack/echo/v4"

	"muster/models"
)

// UnreadBody says why a body could not be read: over its limit (413), not in time
// (408), or what otherwise says. net/http cancels the context of a request whose body
// fails, and the answer must still be made: the request goes on with one that
// nobody cancels.
func UnreadBody(c echo.Context, err error, otherwise string) *models.Error {
	c.SetRequest(c.Request().WithContext(context.WithoutCancel(c.Request().Context())))
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return TooLarge()
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		c.Response().Header().Set(echo.HeaderConnection, "close") // the rest may still come
		return &models.Error{
			Kind: models.KindUnavailable, Code: CodeTimeout,
			Message: "The request did not arrive in time, so nothing was done.", NextStep: "Check the connection and try again.",
		}
	}
	return BadRequest(otherwise)
}
