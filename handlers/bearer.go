package handlers

import (
	"strings"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/tokens"
)

// stepNoCredential is the next step of a call that brought no credential.
const stepNoCredential = "Send an access token of the login provider, or an API key, as Authorization: Bearer."

// authenticateBearer finds out who calls a REST route: an API key, or an
// access token of the login provider.
func (s *Server) authenticateBearer(c echo.Context) error {
	if err := web.OneCredential(c); err != nil {
		return err
	}
	_, credential, ok := web.Credential(c, "bearer")
	if !ok || credential == "" {
		e := models.Unauthenticated("This call needs a credential.")
		e.NextStep = stepNoCredential
		return e
	}
	ctx, origin := c.Request().Context(), web.Origin(c, models.ChannelREST)
	if strings.HasPrefix(credential, "mak_") {
		actor, err := s.tokens.AuthenticateAPIKey(ctx, models.Secret(credential), origin)
		if err != nil {
			return s.judgeGuess(c, err)
		}
		web.SetActor(c, actor)
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
	web.SetActor(c, models.Actor{
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
