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

// Audience says who calls a route, and so what its errors look like.
type Audience int

// The audiences.
const (
	AudiencePage  Audience = iota // people: HTML
	AudienceAPI                   // programs: RFC 9457 problems
	AudienceOAuth                 // OAuth clients: RFC 6749 bodies
)

// The only keys kept in echo.Context; nothing but this file knows them.
const (
	keyAudience    = "muster.audience"
	keyViewer      = "muster.viewer"
	keyMaskBar     = "muster.mask_bar"
	keySession     = "muster.session"
	keyRequestID   = "muster.request_id"
	keyDevelopment = "muster.development"
	keyStatus      = "muster.status"
	keyFormPage    = "muster.form_page"
	keyDraft       = "muster.draft"
	keyRestores    = "muster.restores" // the page restores its form
	keyKept        = "muster.kept"     // a draft is kept with the answer
)

// get is the value of a key; zero when it is not set.
func get[T any](c echo.Context, key string) T {
	value, _ := c.Get(key).(T)
	return value
}

// AudienceOf is who the route is for.
func AudienceOf(c echo.Context) Audience { return get[Audience](c, keyAudience) }

// SetAudience says who the route is for.
func SetAudience(c echo.Context, a Audience) { c.Set(keyAudience, a) }

// RequestID is the id of the request, to quote.
func RequestID(c echo.Context) string { return get[string](c, keyRequestID) }

// SetRequestID names the request.
func SetRequestID(c echo.Context, id string) { c.Set(keyRequestID, id) }

// IsDevelopment reports whether a development server answers.
func IsDevelopment(c echo.Context) bool { return get[bool](c, keyDevelopment) }

// SetDevelopment says whether a development server answers.
func SetDevelopment(c echo.Context, yes bool) { c.Set(keyDevelopment, yes) }

// StatusOf is the status of an answer for log and metrics: of one that went to
// htmx as 200, the one that it stands for.
func StatusOf(c echo.Context) int {
	if status := get[int](c, keyStatus); status != 0 {
		return status
	}
	return c.Response().Status
}

// setStatus says which status the answer stands for.
func setStatus(c echo.Context, status int) { c.Set(keyStatus, status) }

// Viewer is who calls, and what they may see; the zero Viewer when nobody is
// signed in.
func Viewer(c echo.Context) seen.Viewer { return get[seen.Viewer](c, keyViewer) }

// SetViewer says who calls, or what more they may see of a page's object.
func SetViewer(c echo.Context, v seen.Viewer) { c.Set(keyViewer, v) }

// Actor is who calls, to act in their name.
func Actor(c echo.Context) models.Actor { return Viewer(c).Actor }

// SetActor says who calls.
func SetActor(c echo.Context, actor models.Actor) { SetViewer(c, seen.NewViewer(actor, c.Path())) }

// SetMaskBar puts a bar on the page that says what is masked.
func SetMaskBar(c echo.Context, bar *layout.MaskBar) { c.Set(keyMaskBar, bar) }

// Session is a signed-in person's session, with the secret that opens what is
// sealed in it.
type Session struct {
	*models.Session
	Secret []byte
}

// SessionOf is the caller's session, nil when nobody is signed in.
func SessionOf(c echo.Context) *Session { return get[*Session](c, keySession) }

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

// Day is 24 hours: expiries and filters are given in days.
const Day = 24 * time.Hour
