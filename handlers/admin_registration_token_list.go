package handlers

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"muster/models"
	"muster/views"
	"muster/views/layout"
	"muster/views/ui"
)

// needsAttention is the tab of what somebody should look at; it is no state.
const needsAttention = "attention"

// registrationTokenTabs are what a list can be narrowed by, in the order of
// the tabs; the second one hides nothing (PRODUCT rule 13).
var registrationTokenTabs = []struct {
	status models.Status
	label  string
}{
	{needsAttention, "Needs attention"},
	{"", "All"},
	{models.StatusActive, "Active"},
	{models.StatusExhausted, "Exhausted"},
	{models.StatusExpired, "Expired"},
	{models.StatusDisabled, "Disabled"},
	{models.StatusDeleted, "Deleted"},
}

// expiringSoon is the value of the parameter expires, and how far it looks.
const (
	expiringSoon    = "soon"
	expiringSoonFor = 7 * day
)

// registrationTokenSorts are the orders of the list; the first is newest
// first.
var registrationTokenSorts = []listSort{
	{label: "Newest"},
	{value: "remaining", label: "Closest to exhausted", by: "remainingCount"},
	{value: "expiry", label: "Expires next", by: "expirationDate"},
	{value: "label", label: "Label", by: "identifier"},
	{value: "count", label: "Largest count", by: "count", descending: true},
}

// registrationTokenQuery reads what the list is narrowed and sorted by.
func (h *adminHandler) registrationTokenQuery(c echo.Context) (listQuery, models.RegistrationTokenFilter, error) {
	filter := models.RegistrationTokenFilter{AsMasked: masksPersonalData(actorOf(c))}
	states := []string{needsAttention}
	for _, s := range models.Statuses {
		states = append(states, string(s))
	}
	q, err := readListQuery(c.QueryParams(), registrationTokensURL, "status", states)
	if err != nil {
		return q, filter, err
	}
	if err := q.readSort(c, registrationTokenSorts); err != nil {
		return q, filter, err
	}
	if expires := c.QueryParam("expires"); expires == expiringSoon {
		q.more.Set("expires", expires)
		filter.ExpiresBefore = h.now().UTC().Add(expiringSoonFor)
	} else if expires != "" {
		return q, filter, listError(models.FieldError{Field: "expires", Message: "There is no such expiry to narrow the list by."})
	}
	if filter.Search = q.search; q.state == needsAttention {
		filter.NeedsAttention = true
	} else {
		filter.Status = models.Status(q.state)
	}
	return q, filter, h.lookUpPersonal(c, map[string]string{"search": q.search})
}

func (h *adminHandler) listRegistrationTokens(c echo.Context) error {
	q, filter, err := h.registrationTokenQuery(c)
	if err != nil {
		return err
	}
	ctx, now := c.Request().Context(), h.now().UTC()
	found, err := h.store.RegistrationTokens(ctx, filter, q.request(), now)
	if err != nil {
		return err
	}
	counts, err := h.store.RegistrationTokenStatusCounts(ctx, now)
	if err != nil {
		return err
	}
	if counts[needsAttention], err = h.store.AttentionCount(ctx, now); err != nil {
		return err
	}
	several, err := h.severalCustomers(ctx)
	if err != nil {
		return err
	}
	frame, err := h.page(c, "Registration tokens", layout.NavRegistrationTokens)
	if err != nil {
		return err
	}
	for i := range found.Items {
		found.Items[i] = *maskedRegistrationToken(actorOf(c), &found.Items[i])
	}
	p := registrationTokenListPage(frame, q, found, counts, several, now)
	p.Columns, p.ColumnsAction = columnsOf(c), q.columnsURL()
	if actorOf(c).Can(models.PermissionRegistrationTokenWrite) {
		p.NewURL, p.SelectionURL = registrationTokensURL+"/new", registrationTokenSelectionURL
	}
	return renderPart(c, http.StatusOK, views.RegistrationTokenList(p), views.RegistrationTokenResults(p))
}

// severalCustomers tells whether customers are worth a word.
func (h *adminHandler) severalCustomers(ctx context.Context) (bool, error) {
	customers, err := h.store.Customers(ctx)
	return len(customers) > 1, err
}

func registrationTokenListPage(frame layout.Page, q listQuery, found models.Page[models.RegistrationToken], counts map[models.Status]int, several bool, now time.Time) views.RegistrationTokenListPage {
	p := views.RegistrationTokenListPage{
		Page: frame, URL: q.self(), Query: q.search, Status: q.state,
		Sort: q.sort.value, Sorts: sortOptions(registrationTokenSorts),
		ExportAction: q.exportURL(), Filtered: q.filtered(), ClearURL: q.path,
		Paging: q.paging(len(found.Items), found.NextToken),
	}
	p.Chips, p.Expires = registrationTokenChips(q), q.more.Get("expires")
	all := 0
	for _, status := range models.Statuses {
		all += counts[status]
	}
	for _, tab := range registrationTokenTabs {
		n := counts[tab.status]
		if tab.status == "" {
			n = all
		}
		p.Tabs = append(p.Tabs, ui.Tab{
			Label: tab.label, Count: n, URL: q.url(string(tab.status), ""),
			Current: string(tab.status) == q.state, NoCount: q.search != "" || len(q.more) > 0,
		})
	}
	for i := range found.Items {
		p.Rows = append(p.Rows, registrationTokenRow(&found.Items[i], several, now))
	}
	return p
}

func registrationTokenRow(t *models.RegistrationToken, several bool, now time.Time) views.RegistrationTokenRow {
	row := views.RegistrationTokenRow{
		ID: t.ID, URL: registrationTokenURL(t.ID), Identifier: t.Identifier, Hint: t.Hint,
		Usage: usageOf(t, now), Status: t.Status(now), Expiry: momentOf(t.ExpiresAt, now),
		LastRedeemed: momentOfOptional(t.LastRedeemedAt, now), CreatedBy: t.CreatedBy,
		Created: momentOf(t.CreatedAt, now), RefID1: t.RefID1, RefID2: t.RefID2, TurnedAway: t.RefusedCount,
	}
	if several {
		row.Customer = t.Customer.Name
	}
	return row
}

// registrationTokenChips are the filters that are on, each with the way to
// take it off, and those to put on.
func registrationTokenChips(q listQuery) []ui.Chip {
	var chips []ui.Chip
	if q.search != "" {
		without := q
		without.search = ""
		chips = append(chips, ui.Chip{Label: "“" + q.search + "”", On: true, URL: without.url(q.state, "")})
	}
	toggled := q
	toggled.more = url.Values{}
	on := q.more.Get("expires") == expiringSoon
	if !on {
		toggled.more.Set("expires", expiringSoon)
	}
	return append(chips, ui.Chip{Label: "Expires within 7 days", On: on, URL: toggled.url(q.state, "")})
}
