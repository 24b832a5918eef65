package admin

import (
	"context"
	"net/http"
	"net/url"
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
		{Label: "Newest"},
		{Value: "remaining", Label: "Closest to exhausted", By: "remainingCount"},
		{Value: "expiry", Label: "Expires next", By: "expirationDate"},
		{Value: "label", Label: "Label", By: "identifier"},
		{Value: "count", Label: "Largest count", By: "count", Descending: true},
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
	filter.Search = q.Search
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
	return q, filter, nil
}

// List shows registration tokens, filtered and sorted.
func (h *RegistrationTokens) List(c echo.Context) error {
	q, filter, err := h.query(c)
	if err != nil {
		return err
	}
	ctx, now := c.Request().Context(), h.Now(c)
	found, err := h.Read.RegistrationTokens(ctx, web.Viewer(c), filter, q.Request(), now)
	if err != nil {
		return err
	}
	tabs, err := h.tabs(ctx, q, now)
	if err != nil {
		return err
	}
	several, err := h.Read.SeveralCustomers(ctx)
	if err != nil {
		return err
	}
	frame, err := h.Frame.Page(c, "Registration tokens", layout.NavRegistrationTokens)
	if err != nil {
		return err
	}
	p := views.RegistrationTokenListPage{
		Page: frame, URL: q.Self(), Query: q.Search, Status: q.State, Expires: q.More.Get("expires"),
		Sort: q.Sort.Value, Sorts: registrationTokenList.SortOptions(), Tabs: tabs, Chips: registrationTokenChips(q),
		Rows: found.Items, Now: now, NamesCustomers: several, Filtered: q.Filtered(), Paging: q.Paging(len(found.Items), found.NextToken()),
		MayWrite: web.Actor(c).Can(models.PermissionRegistrationTokenWrite), ExportAction: q.Whole(paths.RegistrationTokensExport),
		Columns: columnsOf(c), ColumnsAction: q.Under(paths.RegistrationTokenColumns),
	}
	return web.RenderPart(c, http.StatusOK, views.RegistrationTokenList(p), views.RegistrationTokenResults(p))
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
func registrationTokenChips(q listing.Query) []ui.Chip {
	var chips []ui.Chip
	if q.Search != "" {
		without := q
		without.Search = ""
		chips = append(chips, ui.Chip{Label: "“" + q.Search + "”", On: true, URL: without.In(q.State)})
	}
	toggled := q
	on := q.More.Get("expires") == expiringSoon
	toggled.More = nil
	if !on {
		toggled.More = url.Values{"expires": {expiringSoon}}
	}
	return append(chips, ui.Chip{Label: "Expires within 7 days", On: on, URL: toggled.In(q.State)})
}
