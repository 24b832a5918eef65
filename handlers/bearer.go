package handlers

import (
	"cmp"
	"strings"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
)

// stepNoCredential is the next step for a call without a credential.
const stepNoCredential = "Send an access token of the login provider, or an API key, as Authorization: Bearer."

// authenticateBearer finds out who calls a REST route: an API key, or the holder
// of an access token from the login provider.
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
			return web.Guess(s.guesses.count).Judge(c, err)
		}
		web.SetActor(c, actor)
		return nil
	}
	identity, err := s.provider.VerifyAccessToken(ctx, credential)
	if err != nil {
		return err
	}
	person := models.VerifiedIdentity{Issuer: identity.Issuer, Subject: identity.Subject}
	web.SetActor(c, models.Actor{
		Kind: models.ActorPerson, ID: person.ActorID(), Name: cmp.Or(identity.Name, identity.Subject),
		Role: identity.Role, Permissions: identity.Role.Permissions(), Origin: origin,
	})
	return nil
}
