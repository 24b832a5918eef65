package trail

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"muster/handlers/listing"
	"muster/handlers/web"
	"muster/models"
	"muster/tokens"
	"muster/views/paths"
	views "muster/views/trail"
	"muster/views/ui"
)

// list is the trail.
var list = listing.List{Path: paths.Audit, Sorts: []listing.Sort{{Value: "when", By: "occurredAt", Descending: true}}}

// actorKind is a kind of actor that the trail can be narrowed by.
type actorKind struct {
	value models.ActorKind
	label string
}

var actorKinds = []actorKind{
	{"", "Everybody"},
	{models.ActorPerson, "People"},
	{models.ActorAPIKey, "API keys"},
	{models.ActorDevice, "Devices"},
	{models.ActorSystem, "Muster itself"},
}

// query is what narrows the trail, from the URL or from the form that exports
// it. Everything but the search is in More, as given.
type query struct{ listing.Query }

// readQuery reads and checks the parameters. An unknown value is KindInvalid: a
// trail that silently showed something else would mislead.
func readQuery(values url.Values, zone *time.Location) (query, error) {
	read, err := list.Read(values)
	if err != nil {
		return query{}, err
	}
	for _, name := range views.Filters {
		if value := strings.TrimSpace(values.Get(name)); value != "" {
			read.More.Set(name, value)
		}
	}
	q := query{read}
	q.nameZone(zone)
	return q, q.check()
}

// nameZone names the zone of the days, that of the address or the viewer's, so that a
// link means the same days to everybody.
func (q query) nameZone(viewers *time.Location) {
	switch _, err := models.LoadZone(q.More.Get(ui.ZoneField)); {
	case !q.More.Has("from") && !q.More.Has("to"):
		q.More.Del(ui.ZoneField)
	case err != nil:
		q.More.Set(ui.ZoneField, viewers.String())
	}
}

func (q query) check() error {
	for _, name := range []string{"actor", "object"} {
		if err := listing.CheckText(name, q.More.Get(name)); err != nil {
			return err
		}
	}
	if !slices.ContainsFunc(actorKinds, func(k actorKind) bool { return string(k.value) == q.More.Get("kind") }) {
		return listing.Invalid("kind", "There is no such kind of actor.")
	}
	if q.More.Has("action") && !slices.Contains(models.AuditActions, models.AuditAction(q.More.Get("action"))) {
		return listing.Invalid("action", "There is no such action.")
	}
	for _, name := range []string{"from", "to"} {
		if _, _, ok := q.day(name); !ok && q.More.Has(name) {
			return listing.Invalid(name, "Enter dates like 2026-12-31.")
		}
	}
	return nil
}

// day is when a day of the period begins and is over; false when none is given.
func (q query) day(name string) (start, over time.Time, ok bool) {
	return web.ParseDay(q.More.Get(name), web.ZoneOfForm(q.More.Get(ui.ZoneField), time.Time{}))
}

func (q query) filter() models.AuditFilter {
	f := models.AuditFilter{
		Search: q.Search, ActorKind: models.ActorKind(q.More.Get("kind")), Actor: q.More.Get("actor"),
		Action: models.AuditAction(q.More.Get("action")), SameActorAs: q.More.Get("by"),
	}
	if object := q.More.Get("object"); tokens.ValidID(object) {
		f.ObjectID = object
	} else {
		f.Object = object
	}
	if from, _, ok := q.day("from"); ok {
		f.From = &from
	}
	if _, over, ok := q.day("to"); ok { // the last day is included
		f.Before = &over
	}
	return f
}

// with is the first page of the trail with one parameter changed; an empty
// value removes it.
func (q query) with(name, value string) string {
	q.More = maps.Clone(q.More)
	q.More.Del(name)
	if value != "" {
		q.More.Set(name, value)
	}
	return q.Whole(q.Path)
}
