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
func (s *Server) writeErrorPage(c echo.Context, f web.Failure) error {
	if web.WantsPart(c) {
		return web.Render(c, f.Status, layout.NoticeItems([]layout.Notice{{
			Tone: layout.NoticeDanger, Text: f.Message, Next: f.NextStep, Code: web.RequestID(c),
		}}))
	}
	p, err := s.frame.Page(c, http.StatusText(f.Status), layout.NavNone)
	if err != nil {
		p = layout.Page{Title: http.StatusText(f.Status), DevMode: s.config.Dev}
	}
	if f.Status == http.StatusForbidden && p.Actor != nil && web.Actor(c).Role == models.RoleNone {
		return web.Render(c, f.Status, views.NoAccess(views.NoAccessPage{Page: p}))
	}
	return web.Render(c, f.Status, views.Error(views.ErrorPage{
		Page: p, Status: f.Status, Heading: errorHeading(f), Message: f.Message, NextStep: f.NextStep,
		Code: string(f.Code), RequestID: web.RequestID(c), Actions: []layout.Link{{Label: "Go to the start page", URL: "/"}},
	}))
}

func errorHeading(f web.Failure) string {
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
