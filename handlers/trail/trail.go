package trail

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/listing"
	"muster/handlers/web"
	"muster/models"
	"muster/seen"
	"muster/views/layout"
	"muster/views/paths"
	views "muster/views/trail"
)

// Reader reads events, and what they are about.
type Reader interface {
	AuditEvents(ctx context.Context, v seen.Viewer, f models.AuditFilter, p models.PageRequest) (seen.Page[seen.AuditEvent], error)
	AuditEvent(ctx context.Context, v seen.Viewer, id string) (*seen.AuditEvent, error)
	RegistrationTokensByID(ctx context.Context, v seen.Viewer, ids []string) ([]seen.RegistrationToken, error)
	AuthTokens(ctx context.Context, v seen.Viewer, f models.AuthTokenFilter, p models.PageRequest, now time.Time) (seen.Page[seen.AuthToken], error)
	APIKeys(ctx context.Context, v seen.Viewer) ([]seen.APIKey, error)
	listing.Recorder
}

// Trail has the pages of the audit trail.
type Trail struct {
	Read  Reader
	Frame *web.Frame
	Now   func(c echo.Context) time.Time
	// LimitExports counts an actor's exports. KindRateLimited when there were
	// too many.
	LimitExports func(actorID string) error
}

// List shows a page of the trail, newest first.
func (h *Trail) List(c echo.Context) error {
	q, err := readQuery(c.QueryParams(), web.Zone(c))
	if err != nil {
		return err
	}
	q.Size = web.PageSize(c)
	ctx, v := c.Request().Context(), web.Viewer(c)
	found, err := h.Read.AuditEvents(ctx, v, q.filter(), q.Request())
	if err != nil {
		return err
	}
	objects, err := h.objects(ctx, v, found.Items, h.Now(c))
	if err != nil {
		return err
	}
	chips, err := h.chips(ctx, v, q)
	if err != nil {
		return err
	}
	frame, err := h.Frame.Page(c, "Audit", layout.NavAudit)
	if err != nil {
		return err
	}
	p := views.ListPage{
		Page: frame, Now: h.Now(c), Narrowed: q.Narrowed(), Tabs: q.tabs(), Chips: chips,
		Rows: found.Items, Objects: objects, Paging: listing.Paged(q.Query, found), Sorting: q.Sorting(),
	}
	return web.RenderPart(c, http.StatusOK, views.List(p), views.Results(p))
}

// Show shows one event with its details, which alone take the place of the link to
// them in the list.
func (h *Trail) Show(c echo.Context) error {
	ctx, v, now := c.Request().Context(), web.Viewer(c), h.Now(c)
	e, err := h.Read.AuditEvent(ctx, v, c.Param("id"))
	if err != nil {
		return err
	}
	objects, err := h.objects(ctx, v, []seen.AuditEvent{*e}, now)
	if err != nil {
		return err
	}
	frame, err := h.Frame.Page(c, "Event", layout.NavAudit)
	if err != nil {
		return err
	}
	frame.Breadcrumbs = []layout.Link{{Label: "Audit", URL: paths.Audit}, {Label: "Event"}}
	p := views.EventPage{Page: frame, Now: now, Event: e, Object: objects[e.ObjectID]}
	return web.RenderPart(c, http.StatusOK, views.Show(p), views.Details(p))
}
