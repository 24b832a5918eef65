package api

import (
	"mime"
	"net/http"
	"net/url"
	"strings"

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
	header := c.Request().Header
	if !isForm(header) || !inUTF8(header) {
		return oauthForm{}, badForm("The body must be application/x-www-form-urlencoded, in UTF-8.")
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

// inUTF8 reports whether a body claims no other encoding (RFC 6749 appendix B): read as
// UTF-8, it would say something else.
func inUTF8(header http.Header) bool {
	values := header.Values(echo.HeaderContentType)
	if len(values) != 1 {
		return false
	}
	_, parameters, err := mime.ParseMediaType(values[0])
	charset := parameters["charset"]
	return err == nil && (charset == "" || strings.EqualFold(charset, "utf-8") || strings.EqualFold(charset, "us-ascii"))
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
