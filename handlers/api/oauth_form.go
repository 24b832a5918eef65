package api

import (
	"mime"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"muster/models"
)

// oauthForm is a form-encoded body in which no parameter comes twice. A parameter without a value counts as left out (RFC 6749 section 3.2).
type oauthForm struct{ url.Values }

// badForm is the invalid_request of RFC 6749 section 5.2.
func badForm(message string) error {
	return &models.Error{Kind: models.KindInvalid, Code: models.CodeInvalidRequest, Message: message}
}

// readForm reads the body; RFC 6749 section 3.2 allows no other encoding and
// no parameter twice.
func readForm(c echo.Context) (oauthForm, error) {
	if !isForm(c.Request().Header) {
		return oauthForm{}, badForm("The body must be application/x-www-form-urlencoded.")
	}
	body, err := readBody(c)
	if err != nil {
		return oauthForm{}, err
	}
	return parseForm(body)
}

func isForm(header http.Header) bool {
	kind, _, err := mime.ParseMediaType(header.Get(echo.HeaderContentType))
	return err == nil && kind == echo.MIMEApplicationForm
}

func parseForm(body []byte) (oauthForm, error) {
	values, err := url.ParseQuery(string(body))
	if err != nil {
		return oauthForm{}, badForm("The body is not a well-formed form.")
	}
	for _, v := range values {
		if len(v) > 1 {
			return oauthForm{}, badForm("A parameter is given more than once.")
		}
	}
	return oauthForm{values}, nil
}

// required returns a parameter that must have a value.
func (f oauthForm) required(name string) (string, error) {
	value := f.Get(name)
	if value == "" {
		return "", badForm("The parameter " + name + " is missing.")
	}
	return value, nil
}
