package web

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"muster/models"
	"muster/seen"
	"muster/views/layout"
)

// Audience says how a route is called, and so how its errors look.
type Audience int

// The audiences.
const (
	AudiencePage  Audience = iota // people: HTML
	AudienceAPI                   // programs: RFC 9457 problems
	AudienceOAuth                 // OAuth clients: RFC 6749 bodies
)

// The only keys kept in echo.Context; nothing but this file knows them.
const (
	keyAudience  = "muster.audience"
	keyViewer    = "muster.viewer"
	keyMaskBar   = "muster.mask_bar"
	keySession   = "muster.session"
	keyRequestID = "muster.request_id"
)

// AudienceOf is who the route is for.
func AudienceOf(c echo.Context) Audience {
	a, _ := c.Get(keyAudience).(Audience)
	return a
}

// SetAudience says who the route is for.
func SetAudience(c echo.Context, a Audience) { c.Set(keyAudience, a) }

// RequestID is the id of the request, to quote.
func RequestID(c echo.Context) string {
	id, _ := c.Get(keyRequestID).(string)
	return id
}

// SetRequestID names the request.
func SetRequestID(c echo.Context, id string) { c.Set(keyRequestID, id) }

// Viewer is who calls; nobody may do anything but what is public.
func Viewer(c echo.Context) seen.Viewer {
	v, _ := c.Get(keyViewer).(seen.Viewer)
	return v
}

// SetViewer says who calls, or what more of a page's object they may see.
func SetViewer(c echo.Context, v seen.Viewer) { c.Set(keyViewer, v) }

// Actor is who calls, to do something in their name.
func Actor(c echo.Context) models.Actor { return Viewer(c).Actor }

// SetActor says who calls.
func SetActor(c echo.Context, actor models.Actor) { SetViewer(c, seen.NewViewer(actor, c.Path())) }

// SetMaskBar puts the bar on the page that says what is masked there.
func SetMaskBar(c echo.Context, bar *layout.MaskBar) { c.Set(keyMaskBar, bar) }

func maskBar(c echo.Context) *layout.MaskBar {
	bar, _ := c.Get(keyMaskBar).(*layout.MaskBar)
	return bar
}

// Session is that of a signed-in person, with the secret that opens what is
// sealed in it.
type Session struct {
	*models.Session
	Secret []byte
}

// SessionOf is the caller's session, nil when nobody is signed in.
func SessionOf(c echo.Context) *Session {
	s, _ := c.Get(keySession).(*Session)
	return s
}

// SetSession says which session the caller has.
func SetSession(c echo.Context, s *Session) { c.Set(keySession, s) }

// Origin is what the server observed of the request.
func Origin(c echo.Context, channel models.Channel) models.Origin {
	return models.Origin{
		IP: c.RealIP(), UserAgent: cleanUserAgent(c.Request().UserAgent()), Channel: channel, RequestID: RequestID(c),
	}
}

func cleanUserAgent(agent string) string {
	clean := strings.Map(func(r rune) rune {
		if models.CheckText("userAgent", string(r), 1, false) != nil && r != ' ' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(agent, ""))
	if utf8.RuneCountInString(clean) > models.MaxUserAgentLength {
		return string([]rune(clean)[:models.MaxUserAgentLength])
	}
	return clean
}

// Day is 24 hours: expiries and filters count in them.
const Day = 24 * time.Hour
