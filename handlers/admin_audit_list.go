package handlers

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"muster/models"
	"muster/views"
	"muster/views/layout"
	"muster/views/ui"
)

// auditTabs are the kinds of actor the trail can be narrowed by.
var auditTabs = []struct {
	kind  models.ActorKind
	label string
}{
	{"", "Everybody"},
	{models.ActorPerson, "People"},
	{models.ActorAPIKey, "API keys"},
	{models.ActorDevice, "Devices"},
	{models.ActorSystem, "Muster itself"},
}

func (h *adminHandler) listAudit(c echo.Context) error {
	q, err := readAuditQuery(c.QueryParam)
	if err != nil {
		return err
	}
	if err := h.lookUpPersonal(c, q.askedFor()); err != nil {
		return err
	}
	ctx, now, actor := c.Request().Context(), h.now().UTC(), actorOf(c)
	filter, by, err := h.auditFilter(ctx, q, actor)
	if err != nil {
		return err
	}
	found, err := h.store.AuditEvents(ctx, filter, models.PageRequest{Size: auditPageSize, Token: q.page})
	if err != nil {
		return err
	}
	names, err := h.objectNames(ctx, found.Items, actor)
	if err != nil {
		return err
	}
	frame, err := h.page(c, "Audit", layout.NavAudit)
	if err != nil {
		return err
	}
	p := auditListPage(frame, q, by)
	p.Paging = q.paging(len(found.Items), found.NextToken)
	for i := range found.Items {
		p.Rows = append(p.Rows, auditRow(&found.Items[i], names, actor, now))
	}
	return renderPart(c, http.StatusOK, views.AuditList(p), views.AuditResults(p))
}

// askedFor are the values of a query that may be personal data.
func (q auditQuery) askedFor() map[string]string {
	return map[string]string{paramSearch: q.search, paramActor: q.actor, paramObject: q.object}
}

func auditListPage(frame layout.Page, q auditQuery, by string) views.AuditListPage {
	p := views.AuditListPage{
		Page: frame,
		Form: views.AuditFilterForm{
			Query: q.search, Actor: q.actor, Action: q.action, Object: q.object, From: q.from, To: q.to, Kind: q.kind, By: q.by,
		},
		Filtered: len(q.values()) > 0, ClearURL: auditURL, ExportAction: auditURL + "/export",
		Actions: []ui.Option{{Value: "", Label: "Any action"}},
	}
	for _, action := range models.AuditActions {
		p.Actions = append(p.Actions, ui.Option{Value: string(action), Label: auditActionNames[action]})
	}
	for _, tab := range auditTabs {
		p.Tabs = append(p.Tabs, ui.Tab{
			Label: tab.label, NoCount: true, Current: q.kind == string(tab.kind),
			URL: q.with(func(q *auditQuery) { q.kind = string(tab.kind) }),
		})
	}
	for _, chip := range []struct {
		words, value string
		drop         func(*auditQuery)
	}{
		{"by exactly", by, func(q *auditQuery) { q.by = "" }},
		{"actor", q.actor, func(q *auditQuery) { q.actor = "" }},
		{"action", auditActionNames[models.AuditAction(q.action)], func(q *auditQuery) { q.action = "" }},
		{"object", q.object, func(q *auditQuery) { q.object = "" }},
		{"from", auditDay(q.from), func(q *auditQuery) { q.from = "" }},
		{"until the end of", auditDay(q.to), func(q *auditQuery) { q.to = "" }},
	} {
		if chip.value != "" {
			p.Chips = append(p.Chips, views.AuditChip{Words: chip.words, Value: chip.value, RemoveURL: q.with(chip.drop)})
		}
	}
	if q.by != "" && by == "" {
		p.Chips = append(p.Chips, views.AuditChip{Words: "by", Value: "nobody signed in", RemoveURL: q.with(func(q *auditQuery) { q.by = "" })})
	}
	return p
}

// paging leads on from a page with that many rows.
func (q auditQuery) paging(rows int, next string) ui.Paging {
	var p ui.Paging
	if q.page != "" {
		p.FirstURL = q.url("")
	}
	if next != "" {
		p.NextURL = q.url(next)
	}
	if p.FirstURL != "" || p.NextURL != "" {
		p.Summary = plural(rows, "row") + " on this page"
	}
	return p
}

func auditRow(e *models.AuditEvent, names map[string]string, actor models.Actor, now time.Time) views.AuditRow {
	mask := masker(actor)
	changed, plain := auditDetail(e.Detail)
	row := views.AuditRow{
		ID: e.ID, When: momentOf(e.OccurredAt, now), Who: mask(auditActor(e)), Kind: e.ActorKind, IP: e.IP,
		Differences: auditDifferences(changed, mask), Facts: auditFacts(e, plain, mask),
		ByURL: auditQuery{by: e.ID}.url(""),
	}
	if masksPersonalData(actor) {
		row.IP = maskIP(e.IP)
	}
	before, after := auditSentence(e)
	row.Before, row.After = before, mask(after)
	if before != "" {
		row.Object = auditObject(e, names, mask)
	}
	if wholeID.MatchString(e.ObjectID) {
		row.AboutURL = auditQuery{object: e.ObjectID}.url("")
	}
	return row
}
