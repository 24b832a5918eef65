package web

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"muster/models"
	"muster/views/layout"
)

// Notices keeps a notice that the next page of a session shows once.
type Notices interface {
	SetSessionNotice(ctx context.Context, digest []byte, notice models.SessionNotice) error
	TakeSessionNotice(ctx context.Context, digest []byte) (models.SessionNotice, error)
}

// Frame is what surrounds every page.
type Frame struct {
	// Dev shows the development banner.
	Dev bool
	// Version is shown to those who work here; may be empty.
	Version string
	// VendorName and VendorLogoURL are shown to end users; may be empty.
	VendorName, VendorLogoURL string
	Notices                   Notices
	// Requests count for the rail what waits for a decision.
	Requests interface {
		OpenRequests(ctx context.Context) (int, error)
	}
}

// Page starts the view model of a page: title, person, notice.
func (f *Frame) Page(c echo.Context, title string, current layout.NavItem) (layout.Page, error) {
	p := layout.Page{
		Title: title, Current: current, DevMode: f.Dev, VendorName: f.VendorName, VendorLogoURL: f.VendorLogoURL, MaskBar: get[*layout.MaskBar](c, keyMaskBar),
		Viewing: viewing(c),
	}
	session := SessionOf(c)
	if session == nil {
		return p, nil
	}
	actor := Actor(c)
	p.Actor = &layout.Actor{
		Name: actor.Name, RoleName: RoleName(actor.Role),
		CanSeeRegistrationTokens:    actor.Can(models.PermissionRegistrationTokenRead),
		CanSeeAuthTokens:            actor.Can(models.PermissionAuthTokenRead),
		CanCreateRegistrationTokens: actor.Can(models.PermissionRegistrationTokenWrite),
		CanSeeAudit:                 actor.Can(models.PermissionAuditRead),
		CanSeeRequests:              actor.Can(models.PermissionRequestRead),
		DecidesRequests:             actor.Can(models.PermissionRequestDecide),
		CanManageAPIKeys:            actor.Can(models.PermissionAPIKeyManage),
	}
	if p.Actor.CanSeeRegistrationTokens {
		p.Version = f.Version
	}
	if p.Actor.DecidesRequests && !WantsPart(c) {
		var err error
		if p.OpenRequests, err = f.Requests.OpenRequests(c.Request().Context()); err != nil {
			return p, err
		}
	}
	// Nobody sees the answer to a HEAD; the notice waits.
	if session.Notice != "" && !WantsPart(c) && c.Request().Method != http.MethodHead {
		kept, err := f.Notices.TakeSessionNotice(c.Request().Context(), session.Digest)
		if err != nil {
			return p, err
		}
		if kept.Notice != "" {
			p.Notices = append(p.Notices, layout.Notice{Tone: layout.NoticeTone(kept.NoticeKind), Text: kept.Notice, Undo: kept.NoticeUndo})
		}
	}
	p.Restores = get[bool](c, keyRestores)
	if d := get[*draft](c, keyDraft); d != nil {
		p.Notices = append(p.Notices, d.notices(c)...)
		p.Restored = d.restored
	}
	return p, nil
}

// Below starts a page below a list; the breadcrumbs lead there, and the last of
// trail is the page itself.
func (f *Frame) Below(c echo.Context, list layout.Link, title string, current layout.NavItem, trail ...layout.Link) (layout.Page, error) {
	p, err := f.Page(c, title, current)
	p.Breadcrumbs = append([]layout.Link{list}, trail...)
	return p, err
}

// Done answers a successful POST: 303 to the page with the result, which shows
// the notice once.
func (f *Frame) Done(c echo.Context, to, notice string) error {
	return f.RedirectWithNotice(c, to, layout.NoticeSuccess, notice)
}

// DoneUndoably is [Frame.Done] with a notice that offers to take back what this
// request changed about registration tokens.
func (f *Frame) DoneUndoably(c echo.Context, to, notice string) error {
	return f.redirect(c, to, models.SessionNotice{NoticeKind: string(layout.NoticeSuccess), Notice: notice, NoticeUndo: RequestID(c)})
}

// RedirectWithNotice redirects to a page that shows the notice once.
func (f *Frame) RedirectWithNotice(c echo.Context, to string, tone layout.NoticeTone, notice string) error {
	return f.redirect(c, to, models.SessionNotice{NoticeKind: string(tone), Notice: notice})
}

func (f *Frame) redirect(c echo.Context, to string, notice models.SessionNotice) error {
	if session := SessionOf(c); session != nil && notice.Notice != "" {
		if err := f.Notices.SetSessionNotice(c.Request().Context(), session.Digest, notice); err != nil {
			return err
		}
	}
	return Redirect(c, to)
}

// RoleName is a role in words; empty for no role.
func RoleName(r models.Role) string {
	switch r {
	case models.RoleAdmin:
		return "Administrator"
	case models.RoleHelpdesk:
		return "Helpdesk"
	case models.RoleNone:
	}
	return ""
}
