package handlers

import (
	"github.com/labstack/echo/v4"

	"muster/models"
	"muster/views/layout"
)

// audience says how a route is called, and so how its errors look.
type audience int

const (
	audiencePage  audience = iota // people: HTML
	audienceAPI                   // REST: RFC 9457 problems
	audienceOAuth                 // RFC 6749 bodies
)

// The only keys kept in echo.Context; nothing but this file knows them.
const (
	keyAudience  = "muster.audience"
	keyActor     = "muster.actor"
	keyViewer    = "muster.viewer"
	keySession   = "muster.session"
	keyRequestID = "muster.request_id"
)

func audienceOf(c echo.Context) audience {
	a, _ := c.Get(keyAudience).(audience)
	return a
}

func setAudience(c echo.Context, a audience) { c.Set(keyAudience, a) }

func requestID(c echo.Context) string {
	id, _ := c.Get(keyRequestID).(string)
	return id
}

// actorOf is who calls; the zero Actor may do nothing but what is public.
func actorOf(c echo.Context) models.Actor {
	a, _ := c.Get(keyActor).(models.Actor)
	return a
}

func setActor(c echo.Context, a models.Actor) { c.Set(keyActor, a) }

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

// liveSession is a session with the secret that opens what is sealed in it.
type liveSession struct {
	*models.Session
	secret []byte
}

// sessionOf is the caller's session, nil when nobody is signed in.
func sessionOf(c echo.Context) *liveSession {
	s, _ := c.Get(keySession).(*liveSession)
	return s
}

func setSession(c echo.Context, s *liveSession) { c.Set(keySession, s) }

// originOf is what the server observed of the request.
func originOf(c echo.Context, channel models.Channel) models.Origin {
	return models.Origin{
		IP:        c.RealIP(),
		UserAgent: cleanUserAgent(c.Request().UserAgent()),
		Channel:   channel,
		RequestID: requestID(c),
	}
}
