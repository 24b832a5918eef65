package views

import (
	"muster/models"
	"muster/views/layout"
	"muster/views/ui"
)

// AuditFilterForm is what the trail is narrowed by, raw. Search form and
// export use the same names.
type AuditFilterForm struct {
	Query  string `form:"q"`
	Actor  string `form:"actor"`
	Action string `form:"action"`
	Object string `form:"object"`
	// From and To are days, "2006-01-02", UTC.
	From string `form:"from"`
	To   string `form:"to"`
	// Kind is a kind of actor, By an event of exactly one actor.
	Kind string `form:"kind"`
	By   string `form:"by"`
}

// AuditListPage shows the trail, newest first.
type AuditListPage struct {
	layout.Page
	Form AuditFilterForm
	// Actions are the choices of the action, the first one is any.
	Actions []ui.Option
	// Tabs are the kinds of actor.
	Tabs []ui.Tab
	// Chips are the filters that hold, each removable.
	Chips    []AuditChip
	Rows     []AuditRow
	Filtered bool
	ClearURL string
	// ExportAction is where the export is asked for.
	ExportAction string
	Paging       ui.Paging
}

// AuditChip is one filter: "action", "API key created".
type AuditChip struct {
	Words     string
	Value     string
	RemoveURL string
}

// AuditRow is one event in words.
type AuditRow struct {
	ID   string
	When ui.Moment
	// Who is empty when nobody was signed in.
	Who  string
	Kind models.ActorKind
	IP   string
	// Before, Object and After make the sentence; Before is empty in one
	// without an object.
	Before string
	Object layout.Link
	After  string
	// Differences are changed fields, Facts everything else that is known.
	Differences []Difference
	Facts       []AuditFact
	// ByURL narrows to what the same actor did, AboutURL to the same
	// object; AboutURL may be empty.
	ByURL    string
	AboutURL string
}

// AuditFact is one field of an event.
type AuditFact struct {
	Label string
	Value string
	Mono  bool
}

// filtersOpen tells that a filter beside the search text is set.
func (p AuditListPage) filtersOpen() bool {
	f := p.Form
	return f.Actor != "" || f.Action != "" || f.Object != "" || f.From != "" || f.To != ""
}
