package handlers

import (
	"cmp"
	"log/slog"
	"net/http"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/views"
	"muster/views/layout"
	"muster/views/paths"
	"muster/views/telling"
)

// writeErrorPage answers an error of a page: the notice fragment to htmx, else a
// page that says what happened and what to do.
func (s *Server) writeErrorPage(c echo.Context, f web.Failure) error {
	message := web.Rezoned(c, f.Message)
	if web.WantsPart(c) {
		web.RetargetToNotices(c)
		return web.Render(c, f.Status, layout.NoticeItems([]layout.Notice{{
			Tone: layout.NoticeDanger, Text: message, Next: f.NextStep, Code: web.RequestID(c),
		}}))
	}
	if f.Status == http.StatusNotFound || f.Status == http.StatusMethodNotAllowed {
		s.recogniseVisitor(c)
	}
	p, err := s.frame.Page(c, http.StatusText(f.Status), layout.NavNone)
	if err != nil {
		p = layout.Page{Title: http.StatusText(f.Status), DevMode: s.config.Dev}
	}
	p.Self = paths.Home // the address may be what is refused: the page does not repeat it
	if f.Status == http.StatusForbidden && p.Actor != nil && web.Actor(c).Role == models.RoleNone {
		page := views.NoAccessPage{Page: p}
		if session := web.SessionOf(c); session != nil {
			claim := s.provider.RoleClaim()
			page.Found, page.Change = telling.MissingRole(session.RoleFinding, claim, s.provider.AsksFor(claim))
		}
		return web.Render(c, f.Status, views.NoAccess(page))
	}
	page := views.Error(views.ErrorPage{
		Page: p, Status: f.Status, Heading: cmp.Or(errorHeadings[f.Kind], "Something went wrong"), Message: message, NextStep: f.NextStep,
		Code: string(f.Code), RequestID: web.RequestID(c),
	})
	if p.Actor != nil && (f.Kind == models.KindConflict || f.Kind == models.KindGone) {
		return web.RenderQuietly(c, f.Status, page) // it expired or was changed since the link was shown
	}
	return web.Render(c, f.Status, page)
}

// recogniseVisitor loads the session for an address that is not in the route table, so
// that the frame stays around somebody who mistyped one. Without it the page is public.
func (s *Server) recogniseVisitor(c echo.Context) {
	if web.SessionOf(c) != nil {
		return
	}
	if err := s.authenticateSession(c, models.PermissionPublic); err != nil {
		s.logger.LogAttrs(c.Request().Context(), slog.LevelWarn, "no session for an error page", failureAttrs(c, err)...)
	}
}

var errorHeadings = map[models.Kind]string{
	models.KindNotFound:        "Nothing here",
	models.KindForbidden:       "You may not do this",
	models.KindUnauthenticated: "Sign-in did not work",
	models.KindConflict:        "This is not possible now",
	models.KindGone:            "This is not possible now",
	models.KindRateLimited:     "Too many attempts",
	models.KindUnavailable:     "Not available right now",
	models.KindInvalid:         "The request cannot be used",
}
