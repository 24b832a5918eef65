package handlers

import (
	"cmp"
	"log/slog"
	"strings"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/views/telling"
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
		// The caller is not told why: it would help strangers to guess.
		s.logger.LogAttrs(ctx, slog.LevelWarn, "access token refused",
			slog.String(web.LogRequestID, web.RequestID(c)), slog.String(web.LogIP, c.RealIP()), slog.Any(web.LogError, err))
		return err
	}
	person := models.VerifiedIdentity{Issuer: identity.Issuer, Subject: identity.Subject}
	web.SetActor(c, models.Actor{
		Kind: models.ActorPerson, ID: person.ActorID(), Name: cmp.Or(identity.Name, identity.Subject),
		Role: identity.Role, Permissions: identity.Role.Permissions(), Origin: origin,
	})
	claim := s.provider.RoleClaim()
	if found, change := telling.MissingRole(identity.RoleFinding, claim, true); found != "" {
		s.logger.LogAttrs(ctx, slog.LevelWarn, "access token without a role",
			slog.String(web.LogRequestID, web.RequestID(c)), slog.String(web.LogActor, person.ActorID()),
			slog.String("claim", claim), slog.String("found", found), slog.String("change", change))
	}
	return nil
}
