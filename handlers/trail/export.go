package trail

import (
	"context"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/listing"
	"muster/handlers/web"
	"muster/seen"
	"muster/views/telling"
	views "muster/views/trail"
)

// exportColumns heads the export.
var exportColumns = []string{
	"time", "actor_kind", "actor", "actor_id", "action", "what", "object_kind", "object_id", "object", "ip", "request_id", "detail", "event_id",
}

// Export sends the whole trail, as narrowed, newest first.
func (h *Trail) Export(c echo.Context) error {
	var form url.Values
	if err := web.BindForm(c, &form); err != nil {
		return err
	}
	q, err := readQuery(form, web.Zone(c))
	if err != nil {
		return err
	}
	v := web.Viewer(c)
	var objects map[string]views.Object
	return listing.Export[seen.AuditEvent]{
		Name: "audit", Object: "audit", Limit: h.LimitExports, Narrowed: q.Narrowed(), Columns: exportColumns,
		Read: func(ctx context.Context, token string) (seen.Page[seen.AuditEvent], error) {
			page, err := h.Read.AuditEvents(ctx, v, q.filter(), q.WholeRequest(token))
			if err == nil {
				objects, err = h.objects(ctx, v, page.Items, h.Now(c))
			}
			return page, err
		},
		Cells: func(e *seen.AuditEvent) []string { return cells(e, objects[e.ObjectID].Label, h.Now(c).UTC()) },
	}.Send(c, h.Read, h.Now(c))
}

// cells are a row of the file, whose times are all UTC.
func cells(e *seen.AuditEvent, object string, now time.Time) []string {
	return []string{
		e.OccurredAt.UTC().Format("2006-01-02T15:04:05.000000Z"), string(e.ActorKind), e.ActorName, e.ActorID,
		string(e.Action), telling.EventOf(e, now).Sentence(object), e.ObjectKind, e.ObjectID, object, e.IP, e.RequestID, e.Detail, e.ID,
	}
}
