package handlers

import (
	"context"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"muster/models"
)

const auditURL = "/admin/audit"

// auditQuery is what the trail is asked for: by its address, or by the form
// that exports it. Values are as given.
type auditQuery struct {
	// kind narrows to a sort of actor, actor to a part of the name.
	kind, actor string
	// by is an event: only what the same actor did. Actors' ids hold subjects
	// of the login provider, which have no place in addresses.
	by string
	// object is an id, or a part of a label.
	object string
	action string
	// from and to are days (UTC), both included.
	from, to string
	search   string
	page     string
}

// The parameters of a query, in the order of the form.
const (
	paramSearch = "q"
	paramActor  = "actor"
	paramAction = "action"
	paramObject = "object"
	paramFrom   = "from"
	paramTo     = "to"
	paramKind   = "kind"
	paramBy     = "by"
	paramPage   = "page"
)

// wholeID is an id of a token, an auth token or an API key.
var wholeID = regexp.MustCompile(`^[0-9a-hjkmnp-tv-z]{26}$`)

// readAuditQuery reads and checks the parameters. A value that is not known
// is an error: a trail that silently shows something else misleads.
func readAuditQuery(get func(string) string) (auditQuery, error) {
	trimmed := func(name string) string { return strings.TrimSpace(get(name)) }
	q := auditQuery{
		search: trimmed(paramSearch), actor: trimmed(paramActor), action: trimmed(paramAction), object: trimmed(paramObject),
		from: trimmed(paramFrom), to: trimmed(paramTo), kind: trimmed(paramKind), by: trimmed(paramBy), page: get(paramPage),
	}
	for name, text := range map[string]string{paramSearch: q.search, paramActor: q.actor, paramObject: q.object} {
		if f := models.CheckText(name, text, models.MaxNameLength, false); f != nil {
			return q, listError(models.FieldError{Field: name, Message: fieldErrors(models.Invalid(*f), nil)[name]})
		}
	}
	kinds := []models.ActorKind{"", models.ActorPerson, models.ActorAPIKey, models.ActorDevice, models.ActorSystem}
	if !slices.Contains(kinds, models.ActorKind(q.kind)) {
		return q, listError(models.FieldError{Field: paramKind, Message: "There is no such kind of actor to narrow the list by."})
	}
	if q.action != "" && !slices.Contains(models.AuditActions, models.AuditAction(q.action)) {
		return q, listError(models.FieldError{Field: paramAction, Message: "There is no such action to narrow the list by."})
	}
	for name, text := range map[string]string{paramFrom: q.from, paramTo: q.to} {
		if _, err := time.Parse(time.DateOnly, text); text != "" && err != nil {
			return q, listError(models.FieldError{Field: name, Message: "Give the days of the period like 2026-12-31 (UTC)."})
		}
	}
	return q, nil
}

// values are the parameters that are set, the page left out.
func (q auditQuery) values() url.Values {
	values := url.Values{}
	for name, value := range map[string]string{
		paramSearch: q.search, paramActor: q.actor, paramAction: q.action, paramObject: q.object,
		paramFrom: q.from, paramTo: q.to, paramKind: q.kind, paramBy: q.by,
	} {
		if value != "" {
			values.Set(name, value)
		}
	}
	return values
}

// url is the address of a page of the trail.
func (q auditQuery) url(page string) string {
	values := q.values()
	if page != "" {
		values.Set(paramPage, page)
	}
	if len(values) == 0 {
		return auditURL
	}
	return auditURL + "?" + values.Encode()
}

// with is the query's first page with one parameter changed.
func (q auditQuery) with(change func(*auditQuery)) string {
	change(&q)
	return q.url("")
}

// auditFilter turns the query into a filter, and names the actor of by.
func (h *adminHandler) auditFilter(ctx context.Context, q auditQuery, actor models.Actor) (models.AuditFilter, string, error) {
	filter := models.AuditFilter{
		ActorKind: models.ActorKind(q.kind), Actor: q.actor, Action: models.AuditAction(q.action),
		Search: q.search, AsMasked: masksPersonalData(actor),
	}
	if wholeID.MatchString(q.object) {
		filter.ObjectID = q.object
	} else {
		filter.Object = q.object
	}
	if from, err := time.Parse(time.DateOnly, q.from); err == nil {
		filter.From = &from
	}
	if to, err := time.Parse(time.DateOnly, q.to); err == nil {
		before := to.AddDate(0, 0, 1)
		filter.Before = &before
	}
	if q.by == "" {
		return filter, "", nil
	}
	event, err := h.store.AuditEvent(ctx, q.by)
	if err != nil {
		return filter, "", err
	}
	filter.ActorID = event.ActorID
	if event.ActorID == "" {
		filter.ActorKind = event.ActorKind
	}
	return filter, masker(actor)(auditActor(event)), nil
}
