package handlers

import (
	"bytes"
	"net/http"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"muster/models"
	"muster/views"
	"muster/views/layout"
)

// render writes a component: into a buffer first, so that a failing one is
// still a clean 500.
func render(c echo.Context, status int, component templ.Component) error {
	var buffer bytes.Buffer
	if err := component.Render(c.Request().Context(), &buffer); err != nil {
		return err
	}
	noStore(c)
	c.Response().Header().Add(echo.HeaderVary, headerHXRequest)
	return c.HTMLBlob(status, buffer.Bytes())
}

// renderPart writes the part of a page to htmx, and the whole page to
// everybody else. The part is a component that the page uses as well.
func renderPart(c echo.Context, status int, page, part templ.Component) error {
	if wantsPart(c) {
		return render(c, status, part)
	}
	return render(c, status, page)
}

// page starts the view model of a page: title, person, notice.
func (s *Server) page(c echo.Context, title string, current layout.NavItem) (layout.Page, error) {
	p := layout.Page{Title: title, Current: current, DevMode: s.config.Dev, VendorName: s.config.VendorName}
	if len(s.config.VendorLogo.Content) > 0 {
		p.VendorLogoURL = vendorLogoURL
	}
	session := sessionOf(c)
	if session == nil {
		return p, nil
	}
	actor := actorOf(c)
	p.Actor = &layout.Actor{
		Name: actor.Name, RoleName: roleName(actor.Role),
		CanSeeRegistrationTokens:    actor.Can(models.PermissionRegistrationTokenRead),
		CanSeeAuthTokens:            actor.Can(models.PermissionAuthTokenRead),
		CanCreateRegistrationTokens: actor.Can(models.PermissionRegistrationTokenWrite),
		CanSeeAudit:                 actor.Can(models.PermissionAuditRead),
		CanManageAPIKeys:            actor.Can(models.PermissionAPIKeyManage),
	}
	// Nobody sees the answer to a HEAD; the notice waits.
	if session.Notice != "" && !wantsPart(c) && c.Request().Method != http.MethodHead {
		kind, text, err := s.store.TakeSessionNotice(c.Request().Context(), session.Digest)
		if err != nil {
			return p, err
		}
		if text != "" {
			p.Notices = append(p.Notices, layout.Notice{Tone: layout.NoticeTone(kind), Text: text})
		}
	}
	return p, nil
}

// done answers a successful POST: 303 to where the result is seen, with a
// notice that the next page shows once.
func (s *Server) done(c echo.Context, to, notice string) error {
	return s.leadOn(c, to, layout.NoticeSuccess, notice)
}

// leadOn redirects and lets the next page say something.
func (s *Server) leadOn(c echo.Context, to string, tone layout.NoticeTone, notice string) error {
	if session := sessionOf(c); session != nil && notice != "" {
		err := s.store.SetSessionNotice(c.Request().Context(), session.Digest, string(tone), notice)
		if err != nil {
			return err
		}
	}
	return redirect(c, to)
}

// redirect leads on after a POST; htmx follows through a header, because it
// does not see headers of a 3xx answer.
func redirect(c echo.Context, to string) error {
	if c.Request().Header.Get(headerHXRequest) != "" {
		c.Response().Header().Set(headerHXRedirect, to)
		return c.NoContent(http.StatusNoContent)
	}
	noStore(c)
	return c.Redirect(http.StatusSeeOther, to)
}

// writeErrorPage answers a page's error: the notice fragment to htmx, else a
// page that says what happened and leads on.
func (s *Server) writeErrorPage(c echo.Context, f failure) error {
	if wantsPart(c) {
		return render(c, f.status, layout.NoticeItems([]layout.Notice{{
			Tone: layout.NoticeDanger, Text: f.Message, Next: f.NextStep, Code: requestID(c),
		}}))
	}
	p, err := s.page(c, http.StatusText(f.status), layout.NavNone)
	if err != nil {
		p = layout.Page{Title: http.StatusText(f.status), DevMode: s.config.Dev}
	}
	if f.status == http.StatusForbidden && p.Actor != nil && actorOf(c).Role == models.RoleNone {
		return render(c, f.status, views.NoAccess(views.NoAccessPage{Page: p}))
	}
	return render(c, f.status, views.Error(views.ErrorPage{
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

func roleName(r models.Role) string {
	switch r {
	case models.RoleAdmin:
		return "Administrator"
	case models.RoleHelpdesk:
		return "Helpdesk"
	case models.RoleNone:
		return ""
	}
	return ""
}
