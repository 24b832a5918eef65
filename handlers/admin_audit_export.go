package handlers

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"muster/models"
	"muster/views"
)

// exportWriteLimit is how long a page of an export may take to be sent. An
// export has no limit in all: it goes on as long as the reader reads.
const exportWriteLimit = 30 * time.Second

// auditColumns heads the export.
var auditColumns = []string{
	"time", "actor_kind", "actor", "actor_id", "action", "what", "object_kind", "object_id", "object", "ip", "request_id", "detail", "event_id",
}

// exportAudit answers the whole trail, as narrowed, as CSV: page by page from
// the newest row on, so that its length costs no memory and rows that arrive
// meanwhile are not chased. That it was exported is written down
// first; without that row there is no export.
func (h *adminHandler) exportAudit(c echo.Context) error {
	var form views.AuditFilterForm
	if err := bindForm(c, &form); err != nil {
		return err
	}
	q, err := readAuditQuery(c.Request().PostForm.Get)
	if err != nil {
		return err
	}
	if err := h.lookUpPersonal(c, q.askedFor()); err != nil {
		return err
	}
	ctx, now, actor := c.Request().Context(), h.now().UTC(), actorOf(c)
	filter, _, err := h.auditFilter(ctx, q, actor)
	if err != nil {
		return err
	}
	rows := &auditExport{h: h, filter: filter, actor: actor}
	if err := rows.next(ctx); err != nil {
		return err
	}
	event := h.auditEvent(c, models.AuditExported, "audit", "")
	if event.Detail, err = exportDetail(q, actor); err != nil {
		return err
	}
	if err := h.store.AppendAudit(ctx, event); err != nil {
		return err
	}
	csvHeaders(c, "muster-audit-"+now.Format("2006-01-02-150405")+".csv")
	if err := rows.write(ctx, c.Response()); err != nil {
		if ctx.Err() == nil {
			h.logger.LogAttrs(ctx, slog.LevelError, "audit export broke off",
				slog.String(logRequestID, requestID(c)), slog.Any(logError, err))
		}
		// The connection is cut, so that nobody takes a part for the whole.
		panic(http.ErrAbortHandler)
	}
	return nil
}

// exportDetail is what the trail keeps of an export; addresses that the
// actor sees masked are masked here too.
func exportDetail(q auditQuery, actor models.Actor) (string, error) {
	var narrowed []string
	for name, values := range q.values() {
		narrowed = append(narrowed, name+"="+masker(actor)(strings.Join(values, " ")))
	}
	text, err := json.Marshal(map[string]any{"filter": narrowed, "masked": masksPersonalData(actor)})
	return string(text), err
}

// auditExport walks the trail by key.
type auditExport struct {
	h      *adminHandler
	filter models.AuditFilter
	actor  models.Actor
	page   models.Page[models.AuditEvent]
	names  map[string]string
}

// next reads the page after the current one.
func (x *auditExport) next(ctx context.Context) error {
	page, err := x.h.store.AuditEvents(ctx, x.filter, models.PageRequest{Size: models.MaxPageSize, Token: x.page.NextToken})
	if err != nil {
		return err
	}
	x.page = page
	x.names, err = x.h.objectNames(ctx, page.Items, x.actor)
	return err
}

// write sends the current page and all that follow.
func (x *auditExport) write(ctx context.Context, response *echo.Response) error {
	control := http.NewResponseController(response)
	out, err := newCSVWriter(response)
	if err != nil {
		return err
	}
	if err := out.row(auditColumns...); err != nil {
		return err
	}
	for {
		_ = control.SetWriteDeadline(time.Now().Add(exportWriteLimit)) //nolint:forbidigo // a deadline of the connection
		for i := range x.page.Items {
			if err := out.row(x.cells(&x.page.Items[i])...); err != nil {
				return err
			}
		}
		if err := out.flush(); err != nil {
			return err
		}
		if err := control.Flush(); err != nil {
			return err
		}
		if x.page.NextToken == "" {
			return nil
		}
		if err := x.next(ctx); err != nil {
			return err
		}
	}
}

func (x *auditExport) cells(e *models.AuditEvent) []string {
	mask, ip := masker(x.actor), e.IP
	if masksPersonalData(x.actor) {
		ip = maskIP(ip)
	}
	object := auditObject(e, x.names, mask).Label
	before, after := auditSentence(e)
	what := mask(after)
	if before != "" {
		what = before + " " + object + mask(after)
	}
	return []string{
		e.OccurredAt.UTC().Format("2006-01-02T15:04:05.000000Z"), string(e.ActorKind), mask(e.ActorName), mask(e.ActorID),
		string(e.Action), what, e.ObjectKind, mask(e.ObjectID), object, ip, e.RequestID, mask(e.Detail), e.ID,
	}
}
