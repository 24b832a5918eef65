package trail

import (
	"cmp"
	"slices"
	"time"

	"muster/models"
	"muster/seen"
	"muster/views/layout"
	"muster/views/telling"
	"muster/views/ui"
)

// Filters are the parameters that narrow the trail besides the search (q):
// parts of names, an action, days (both included) and their zone, a kind of actor, and an
// event whose actor is meant exactly. The search form and the export share
// them.
var Filters = []string{"actor", "action", "object", "from", "to", ui.ZoneField, "kind", "by"}

// ListPage shows the trail, newest first.
type ListPage struct {
	layout.Page
	Now time.Time
	// Narrowed is what narrows the trail, by parameter: those of Filters, and
	// q.
	Narrowed map[string]string
	// Tabs are the kinds of actor.
	Tabs []ui.Tab
	// Chips are the filters that hold, each removable.
	Chips []Chip
	Rows  []seen.AuditEvent
	// Objects are what the rows are about, by id.
	Objects map[string]Object
	Sorting ui.Sorting
	Paging  ui.Paging
}

// EventPage shows one event.
type EventPage struct {
	layout.Page
	Now    time.Time
	Event  *seen.AuditEvent
	Object Object
}

// Chip is one filter: "action", "API key created".
type Chip struct{ Words, Value, RemoveURL string }

// Object is what an event is about.
type Object struct {
	// Link is its name and its page; without URL when it has none.
	layout.Link
	// TrailURL narrows the trail to it; may be empty.
	TrailURL string
}

// actorKinds are the kinds of actor in words.
var actorKinds = map[models.ActorKind]string{
	models.ActorPerson: "person", models.ActorAPIKey: "API key", models.ActorDevice: "device", models.ActorSystem: "system",
}

// zone is that of the days in the filters: a link keeps the zone it was made in.
func (p ListPage) zone() string {
	return cmp.Or(p.Narrowed[ui.ZoneField], p.Now.Location().String())
}

// filtersOpen tells whether one of the filters in the form is set.
func (p ListPage) filtersOpen() bool {
	return slices.ContainsFunc([]string{"actor", "action", "object", "from", "to"}, func(name string) bool { return p.Narrowed[name] != "" })
}

// actions are the options of the action filter.
func actions() []ui.Option {
	options := []ui.Option{{Value: "", Label: "Any action"}}
	for _, action := range models.AuditActions {
		options = append(options, ui.Option{Value: string(action), Label: telling.ActionName(action)})
	}
	return options
}
