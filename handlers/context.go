package handlers

import (
	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/views/layout"
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

	languageKept = web.PreferenceLife

	keyViewer = "muster.old_viewer"
)

func audienceOf(c echo.Context) audience        { return web.AudienceOf(c) }
func setAudience(c echo.Context, a audience)    { web.SetAudience(c, a) }
func requestID(c echo.Context) string           { return web.RequestID(c) }
func actorOf(c echo.Context) models.Actor       { return web.Actor(c) }
func setActor(c echo.Context, a models.Actor)   { web.SetActor(c, a) }
func sessionOf(c echo.Context) *liveSession     { return web.SessionOf(c) }
func setSession(c echo.Context, s *liveSession) { web.SetSession(c, s) }

func newCookieSecret() (secret, digest []byte) { return web.NewSecret() }
func returnPath(raw string) string             { return web.ReturnPath(raw) }

func originOf(c echo.Context, channel models.Channel) models.Origin { return web.Origin(c, channel) }

// viewer is who looks at the page of one object, and the bar that says what of
// its addresses they see.
type viewer struct {
	models.Actor
	bar *layout.MaskBar
}

// viewerOf is who looks at the object of the page; the actor when nobody said.
func viewerOf(c echo.Context) models.Actor {
	if v, ok := c.Get(keyViewer).(viewer); ok {
		return v.Actor
	}
	return actorOf(c)
}

// maskBarOf is nil where nothing is masked, or nothing can be shown.
func maskBarOf(c echo.Context) *layout.MaskBar {
	v, _ := c.Get(keyViewer).(viewer)
	return v.bar
}

func setViewer(c echo.Context, v viewer) { c.Set(keyViewer, v) }
