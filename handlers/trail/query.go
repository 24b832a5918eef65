package trail

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"muster/handlers/listing"
	"muster/models"
	"muster/tokens"
	"muster/views/paths"
	views "muster/views/trail"
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
func readQuery(values url.Values) (query, error) {
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
	return q, q.check()
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
		if _, ok := q.day(name); !ok && q.More.Has(name) {
			return listing.Invalid(name, "Enter dates like 2026-12-31 (UTC).")
		}
	}
	return nil
}

// day is the start of a day of the period (UTC); false when none is given.
func (q query) day(name string) (start time.Time, ok bool) {
	start, err := time.Parse(time.DateOnly, q.More.Get(name))
	return start, err == nil
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
	if from, ok := q.day("from"); ok {
		f.From = &from
	}
	if to, ok := q.day("to"); ok {
		before := to.AddDate(0, 0, 1) // the last day is included
		f.Before = &before
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
