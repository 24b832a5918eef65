package web

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"muster/models"
)

// AccessTokenParameter is the other place where RFC 6750 allows a token.
const AccessTokenParameter = "access_token"

// OneCredential refuses a call with more than one credential (RFC 6750 section 2):
// which one is meant would be a guess. Whoever reads a form checks that as well.
func OneCredential(c echo.Context) error {
	given := len(c.Request().Header.Values(echo.HeaderAuthorization))
	if given > 0 && c.QueryParams().Has(AccessTokenParameter) {
		given++
	}
	if given > 1 {
		return TwoCredentials()
	}
	return nil
}

// TwoCredentials is the invalid_request of RFC 6750 section 3.1 (400).
func TwoCredentials() error {
	return &echo.HTTPError{Code: http.StatusBadRequest, Internal: &models.Error{
		Kind: models.KindInvalid, Code: models.CodeInvalidRequest,
		Message:  "More than one credential was sent.",
		NextStep: "Send one credential, in one Authorization header.",
	}}
}

// Credential reads the credential of an Authorization header with one of the
// schemes (case does not matter, RFC 9110 section 11.1).
func Credential(c echo.Context, schemes ...string) (scheme, credential string, ok bool) {
	values := c.Request().Header.Values(echo.HeaderAuthorization)
	if len(values) != 1 {
		return "", "", false
	}
	scheme, credential, ok = strings.Cut(strings.TrimSpace(values[0]), " ")
	if !ok {
		return "", "", false
	}
	for _, s := range schemes {
		if strings.EqualFold(scheme, s) {
			return strings.ToLower(scheme), strings.TrimSpace(credential), true
		}
	}
	return "", "", false
}
