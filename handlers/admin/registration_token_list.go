package admin

import (
	"context"
	"maps"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/listing"
	"muster/handlers/web"
	"muster/models"
	views "muster/views/admin"
	"muster/views/layout"
	"muster/views/paths"
	"muster/views/ui"
)

// registrationTokenTabs are the tabs of the list, in their order: what needs
// attention, everything, and each state.
var registrationTokenTabs = []struct {
	// value is that of the parameter status.
	value, label string
	status       models.Status
	attention    bool
}{
	{value: "attention", label: "Needs attention", attention: true},
	{label: "All"},
	{value: "active", label: "Active", status: models.StatusActive},
	{value: "exhausted", label: "Exhausted", status: models.StatusExhausted},
	{value: "expired", label: "Expired", status: models.StatusExpired},
	{value: "disabled", label: "Disabled", status: models.StatusDisabled},
	{value: "deleted", label: "Deleted", status: models.StatusDeleted},
}

// expiringSoon is the value of the parameter expires, and how far it looks.
const (
	expiringSoon    = "soon"
	expiringSoonFor = 7 * web.Day
)

// registrationTokenList is the list; it starts with the newest first.
var registrationTokenList = func() listing.List {
	list := listing.List{Path: paths.RegistrationTokens, StateName: "status", Sorts: []listing.Sort{
		{Value: "created", By: "createdAt", Descending: true},
		{Value: "remaining", By: "remainingCount"},
		{Value: "expiry", By: "expirationDate"},
		{Value: "last", By: "lastRedeemedAt", Descending: true},
		{Value: "label", By: "identifier"},
		{Value: "count", By: "count", Descending: true},
	}}
	for _, tab := range registrationTokenTabs {
		list.States = append(list.States, tab.value)
	}
	return list
}()

// query reads the filters and the order from the address.
func (h *RegistrationTokens) query(c echo.Context) (listing.Query, models.RegistrationTokenFilter, error) {
	var filter models.RegistrationTokenFilter
	q, err := registrationTokenList.Read(c.QueryParams())
	if err != nil {
		return q, filter, err
	}
	q.Size, filter.Search = web.PageSize(c), q.Search
	for _, tab := range registrationTokenTabs {
		if tab.value == q.State {
			filter.Status, filter.NeedsAttention = tab.status, tab.attention
		}
	}
	if expires := c.QueryParam("expires"); expires == expiringSoon {
		q.More.Set("expires", expires)
		filter.ExpiresBefore = h.Now(c).Add(expiringSoonFor)
	} else if expires != "" {
		return q, filter, listing.Invalid("expires", "The list has no such filter for the expiry.")
	}
	criteria, err := listing.ReadCriteria(c.QueryParams(), models.RegistrationTokenCriteria)
	criteria.Set(q.More)
	filter.Where = criteria
	return q, filter, err
}

// List shows registration tokens, filtered and sorted.
func (h *RegistrationTokens) List(c echo.Context) error {
	q, filter, err := h.query(c)
	if err != nil {
		return err
	}
	if listing.AddsCriterion(c.QueryParams()) {
		return web.Redirect(c, stillSelected(c, q.Self()))
	}
	ctx, v, now := c.Request().Context(), web.Viewer(c), h.Now(c)
	changes, err := listing.ReadChanges(c.QueryParams())
	if err != nil {
		return err
	}
	p := views.RegistrationTokenListPage{
		URL: q.Self(), Query: q.Search, Status: q.State, Sorting: q.Sorting(), Chips: registrationTokenChips(q, filter.Where),
		Criterion: q.Form(models.RegistrationTokenCriteria), Now: now, Filtered: q.Filtered(),
		MayWrite: v.Can(models.PermissionRegistrationTokenWrite), ExportAction: q.Whole(paths.RegistrationTokensExport),
		Columns: registrationTokenColumns.Of(c), ColumnsAction: q.Under(paths.RegistrationTokenColumns),
	}
	if p.Tabs, err = h.tabs(ctx, q, now); err != nil {
		return err
	}
	if p.NamesCustomers, err = h.Read.SeveralCustomers(ctx); err != nil {
		return err
	}
	if changes != nil {
		return h.changes(c, p, q, filter, *changes)
	}
	found, err := h.Read.RegistrationTokens(ctx, v, filter, q.Request(), now)
	if err != nil {
		return err
	}
	p.Rows, p.Paging = found.Items, listing.Paged(q, found)
	if p.Page, err = h.Frame.Page(c, "Registration tokens", layout.NavRegistrationTokens); err != nil {
		return err
	}
	here := make([]string, len(p.Rows))
	for i := range p.Rows {
		here[i] = p.Rows[i].ID
	}
	if p.Selection, err = selected(c, here, q.Self()); err != nil {
		return err
	}
	p.URL, p.ColumnsAction = withSelected(p.URL, p.Selection), withSelected(p.ColumnsAction, p.Selection)
	keepsSelected(p.Selection, p.Sorting, p.Tabs, p.Chips)
	return web.RenderPart(c, http.StatusOK, views.RegistrationTokenList(p), views.RegistrationTokenResults(p))
}

// changes answers what changed in an open list. Its rows stay where they are, whatever
// they are like now.
func (h *RegistrationTokens) changes(c echo.Context, p views.RegistrationTokenListPage, q listing.Query, filter models.RegistrationTokenFilter, changes listing.Changes) error {
	ctx, v := c.Request().Context(), web.Viewer(c)
	shown, err := h.Read.RegistrationTokens(ctx, v, models.RegistrationTokenFilter{IDs: changes.IDs}, models.PageRequest{Size: models.MaxPageSize}, p.Now)
	if err != nil {
		return err
	}
	filter.CreatedAfter = changes.Since
	came, err := h.Read.RegistrationTokens(ctx, v, filter, listing.Counted(), p.Now)
	if err != nil {
		return err
	}
	p.Rows, p.New = shown.Items, q.New(came.Total)
	return web.Render(c, http.StatusOK, views.RegistrationTokenChanges(p))
}

// tabs are the tabs with their counts.
func (h *RegistrationTokens) tabs(ctx context.Context, q listing.Query, now time.Time) ([]ui.Tab, error) {
	counts, err := h.Figures.RegistrationTokenStatusCounts(ctx, now)
	if err != nil {
		return nil, err
	}
	attention, err := h.Figures.AttentionCount(ctx, now)
	if err != nil {
		return nil, err
	}
	all := 0
	for _, n := range counts {
		all += n
	}
	var tabs []ui.Tab
	for _, tab := range registrationTokenTabs {
		t := ui.Tab{
			Label: tab.label, Count: counts[tab.status], URL: q.In(tab.value),
			Current: tab.value == q.State, NoCount: q.Search != "" || len(q.More) > 0,
		}
		switch {
		case tab.attention:
			t.Count = attention
		case tab.status == "":
			t.Count = all
		}
		tabs = append(tabs, t)
	}
	return tabs, nil
}

// registrationTokenChips are the search and the expiry filter; a click on one
// that is on turns it off.
func registrationTokenChips(q listing.Query, criteria listing.Criteria) []ui.Chip {
	var chips []ui.Chip
	if q.Search != "" {
		without := q
		without.Search = ""
		chips = append(chips, ui.Chip{Label: "“" + q.Search + "”", On: true, URL: without.In(q.State)})
	}
	chips = append(chips, criteria.Chips(q)...)
	toggled := q
	on := q.More.Get("expires") == expiringSoon
	toggled.More = maps.Clone(q.More)
	toggled.More.Del("expires")
	if !on {
		toggled.More.Set("expires", expiringSoon)
	}
	return append(chips, ui.Chip{Label: "Expires within 7 days", On: on, URL: toggled.In(q.State)})
}
