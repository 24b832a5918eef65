package handlers

import (
	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
)

// The rooms read the request's context through package web; these names serve
// the handlers that have not moved into one yet.
type (
	audience    = web.Audience
	liveSession = web.Session
)

const (
	audiencePage  = web.AudiencePage
	audienceAPI   = web.AudienceAPI
	audienceOAuth = web.AudienceOAuth
)

func audienceOf(c echo.Context) audience        { return web.AudienceOf(c) }
func setAudience(c echo.Context, a audience)    { web.SetAudience(c, a) }
func requestID(c echo.Context) string           { return web.RequestID(c) }
func actorOf(c echo.Context) models.Actor       { return web.Actor(c) }
func setActor(c echo.Context, a models.Actor)   { web.SetActor(c, a) }
func setSession(c echo.Context, s *liveSession) { web.SetSession(c, s) }

func originOf(c echo.Context, channel models.Channel) models.Origin { return web.Origin(c, channel) }
