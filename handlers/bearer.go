package handlers

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"muster/models"
	"muster/tokens"
)

// stepNoCredential is the next step of a call that brought no credential.
const stepNoCredential = "Send an access token of the login provider, or an API key, as Authorization: Bearer."

// oneCredential refuses a call that brings more than one credential (RFC 6750
// section 2): which of them is meant would be a guess. The form is looked at
// where a body is read, see [readBody].
func oneCredential(c echo.Context) error {
	given := len(c.Request().Header.Values(echo.HeaderAuthorization))
	if given > 0 && c.QueryParams().Has(accessTokenParameter) {
		given++
	}
	if given > 1 {
		return twoCredentials()
	}
	return nil
}

// accessTokenParameter is the other place RFC 6750 knows for a token.
const accessTokenParameter = "access_token"

// twoCredentials is the invalid_request of RFC 6750 section 3.1 (400).
func twoCredentials() error {
	return &echo.HTTPError{Code: http.StatusBadRequest, Internal: &models.Error{
		Kind: models.KindInvalid, Code: models.CodeInvalidRequest,
		Message:  "More than one credential was sent.",
		NextStep: "Send one credential, in one Authorization header.",
	}}
}

// bearer reads the credential of an Authorization header with one of the
// schemes (case does not matter, RFC 9110 section 11.1).
func bearer(c echo.Context, schemes ...string) (scheme, credential string, ok bool) {
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

// authenticateBearer finds out who calls a REST route: an API key, or an
// access token of the login provider.
func (s *Server) authenticateBearer(c echo.Context) error {
	if err := oneCredential(c); err != nil {
		return err
	}
	_, credential, ok := bearer(c, "bearer")
	if !ok || credential == "" {
		e := models.Unauthenticated("This call needs a credential.")
		e.NextStep = stepNoCredential
		return e
	}
	ctx, origin := c.Request().Context(), originOf(c, models.ChannelREST)
	if strings.HasPrefix(credential, "mak_") {
		actor, err := s.tokens.AuthenticateAPIKey(ctx, models.Secret(credential), origin)
		if err != nil {
			return s.judgeGuess(c, err)
		}
		setActor(c, actor)
		return nil
	}
	identity, err := s.provider.VerifyAccessToken(ctx, credential)
	if err != nil {
		return err
	}
	name := identity.Name
	if name == "" {
		name = identity.Subject
	}
	setActor(c, models.Actor{
		Kind: models.ActorPerson, ID: identity.Issuer + " " + identity.Subject, Name: name,
		Role: identity.Role, Permissions: identity.Role.Permissions(), Origin: origin,
	})
	return nil
}

// judgeGuess counts a wrong secret against its address; one too many turns
// the answer into 429. Every other error passes as it is.
func (s *Server) judgeGuess(c echo.Context, err error) error {
	if tokens.IsGuess(err) {
		if limited := s.guesses.guess(c.RealIP()); limited != nil {
			return limited
		}
	}
	return err
}
