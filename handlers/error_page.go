package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/views"
	"muster/views/layout"
)

// writeErrorPage answers a page's error: the notice fragment to htmx, else a
// page that says what happened and leads on.
func (s *Server) writeErrorPage(c echo.Context, f failure) error {
	if web.WantsPart(c) {
		return web.Render(c, f.status, layout.NoticeItems([]layout.Notice{{
			Tone: layout.NoticeDanger, Text: f.Message, Next: f.NextStep, Code: requestID(c),
		}}))
	}
	p, err := s.frame.Page(c, http.StatusText(f.status), layout.NavNone)
	if err != nil {
		p = layout.Page{Title: http.StatusText(f.status), DevMode: s.config.Dev}
	}
	if f.status == http.StatusForbidden && p.Actor != nil && actorOf(c).Role == models.RoleNone {
		return web.Render(c, f.status, views.NoAccess(views.NoAccessPage{Page: p}))
	}
	return web.Render(c, f.status, views.Error(views.ErrorPage{
		Page: p, Status: f.status, Heading: errorHeading(f), Message: f.Message, NextStep: f.NextStep,
		Code: string(f.Code), RequestID: requestID(c), Actions: []layout.Link{{Label: "Go to the start page", URL: "/"}},
	}))
}

func errorHeading(f failure) string {
	switch f.Kind {
	case models.KindNotFound:
		return "Nothing here"
	case models.KindForbidden:
		return "You may not do this"
	case models.KindUnauthenticated:
		return "Sign-in did not work"
	case models.KindConflict, models.KindGone:
		return "This is not possible now"
	case models.KindRateLimited:
		return "Too many attempts"
	case models.KindUnavailable:
		return "Not available right now"
	case models.KindInvalid:
		return "The request cannot be used"
	case models.KindInternal:
		return "Something went wrong"
	}
	return "Something went wrong"
}
