package handlers

import (
	"context"
	"strings"

	"github.com/labstack/echo/v4"

	"muster/models"
	"muster/views"
)

// auditColumns heads the export.
var auditColumns = []string{
	"time", "actor_kind", "actor", "actor_id", "action", "what", "object_kind", "object_id", "object", "ip", "request_id", "detail", "event_id",
}

// exportAudit answers the whole trail, as narrowed, newest first.
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
	actor := actorOf(c)
	filter, _, err := h.auditFilter(c.Request().Context(), q, actor)
	if err != nil {
		return err
	}
	var names map[string]string
	return sendExport(h, c, export[models.AuditEvent]{
		name: "audit", object: "audit", columns: auditColumns, narrowed: narrowedBy(q.values(), masker(actor)),
		read: func(ctx context.Context, token string) (models.Page[models.AuditEvent], error) {
			page, err := h.store.AuditEvents(ctx, filter, models.PageRequest{Size: models.MaxPageSize, Token: token})
			if err == nil {
				names, err = h.objectNames(ctx, page.Items, actor)
			}
			return page, err
		},
		cells: func(e *models.AuditEvent) []string { return auditCells(e, names, actor) },
	})
}

// narrowedBy lists the parameters of a list; addresses that the actor sees
// masked are masked here too.
func narrowedBy(values map[string][]string, mask func(string) string) []string {
	var narrowed []string
	for name, list := range values {
		narrowed = append(narrowed, name+"="+mask(strings.Join(list, " ")))
	}
	return narrowed
}

func auditCells(e *models.AuditEvent, names map[string]string, actor models.Actor) []string {
	mask, ip := masker(actor), e.IP
	if masksPersonalData(actor) {
		ip = maskIP(ip)
	}
	object := auditObject(e, names, mask).Label
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
