package handlers

import (
	"context"
	"net/http"
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
	filter := models.RegistrationTokenFilter{WholeAddresses: masksPersonalData(actorOf(c))}
	states := []string{needsAttention}
	for _, s := range models.Statuses {
		states = append(states, string(s))
	}
	q, err := readListQuery(c, registrationTokensURL, "status", states)
	if err != nil {
		return q, filter, err
	}
	if err := q.readSort(c, registrationTokenSorts); err != nil {
		return q, filter, err
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
	if actorOf(c).Can(models.PermissionRegistrationTokenWrite) {
		p.NewURL = registrationTokensURL + "/new"
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
			Current: string(tab.status) == q.state, NoCount: q.search != "",
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
	}
	if several {
		row.Customer = t.Customer.Name
	}
	return row
}
