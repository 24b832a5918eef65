package handlers

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"muster/models"
	"muster/views"
	"muster/views/layout"
	"muster/views/ui"
)

// authTokenTabs are the states and lenses a list can be narrowed by, in the
// order of the tabs.
var authTokenTabs = []struct {
	state models.AuthTokenState
	label string
}{
	{"", "All"},
	{models.AuthTokenLive, "Live"},
	{models.AuthTokenState(models.LensSurplus), "Surplus"},
	{models.AuthTokenState(models.LensSilent), "Silent"},
	{models.AuthTokenState(models.LensNeverRefreshed), "Never refreshed"},
	{models.AuthTokenState(models.LensSeveralOnDevice), "Same device"},
	{models.AuthTokenState(models.LensSeveralOfPerson), "Same person"},
	{models.AuthTokenState(models.LensUnexpected), "Unexpected"},
	{models.AuthTokenIdleExpired, "Expired unused"},
	{models.AuthTokenEnded, "Ended"},
	{models.AuthTokenDeleted, "Deleted"},
}

// authTokenQuery is what the list is asked for; addresses that are asked for
// and seen masked are counted and audited.
func (h *adminHandler) authTokenQuery(c echo.Context) (authTokenQuery, error) {
	q, err := h.readAuthTokenQuery(c.Request().Context(), c.QueryParams(), actorOf(c))
	if err != nil {
		return q, err
	}
	return q, h.lookUpPersonal(c, askedFor(q.filter))
}

// authTokenQuery is a list of auth tokens: what narrows it, and the filter
// that does.
type authTokenQuery struct {
	listQuery
	narrowing
	filter models.AuthTokenFilter
	// of is the one registration token it is narrowed to; nil when it is not.
	of *models.RegistrationToken
}

func (h *adminHandler) readAuthTokenQuery(ctx context.Context, values url.Values, actor models.Actor) (authTokenQuery, error) {
	states := make([]string, 0, len(authTokenTabs))
	for _, tab := range authTokenTabs {
		states = append(states, string(tab.state))
	}
	var q authTokenQuery
	var err error
	if q.listQuery, err = readListQuery(values, authTokensURL, "state", states); err != nil {
		return q, err
	}
	if q.narrowing, err = readNarrowing(values); err != nil {
		return q, err
	}
	q.filter = models.AuthTokenFilter{Search: q.search, AsMasked: masksPersonalData(actor)}
	q.more = q.narrowing.values()
	q.addTo(&q.filter)
	q.show(q.state)
	if id := values.Get("registrationToken"); id != "" {
		if q.of, err = h.store.RegistrationToken(ctx, id); err != nil {
			return q, err
		}
		q.filter.RegistrationTokenID = q.of.ID
		q.more.Set("registrationToken", q.of.ID)
	}
	// No index has these for all auth tokens there are.
	if q.of == nil && (q.narrowing.of != "" || q.elsewhere != "") {
		return q, listError(models.FieldError{Field: "registrationToken", Message: "Say of which registration token they should be."})
	}
	return q, nil
}

// show chooses a state or lens, in the order that suits it.
func (q *authTokenQuery) show(state string) {
	q.state, q.sort, q.filter.State, q.filter.Lens = state, listSort{}, "", ""
	switch lens := models.AuthTokenLens(state); lens {
	case models.LensSilent:
		q.filter.Lens, q.sort = lens, listSort{by: "lastSeenAt"} // the longest silent first
	case models.LensNeverRefreshed:
		q.filter.Lens, q.sort = lens, listSort{by: "creationDate"} // the oldest first
	case models.LensSurplus, models.LensSeveralOnDevice, models.LensSeveralOfPerson, models.LensUnexpected:
		q.filter.Lens = lens
	default:
		q.filter.State = models.AuthTokenState(state)
	}
}

// with is the list, narrowed in another way.
func (q authTokenQuery) with(n narrowing) string {
	q.more = n.values()
	if q.of != nil {
		q.more.Set("registrationToken", q.of.ID)
	}
	return q.url(q.state, "")
}

func (h *adminHandler) listAuthTokens(c echo.Context) error {
	q, err := h.authTokenQuery(c)
	if err != nil {
		return err
	}
	ctx, now, actor := c.Request().Context(), h.now().UTC(), actorOf(c)
	found, err := h.store.AuthTokens(ctx, q.filter, q.request(), now)
	if err != nil {
		return err
	}
	names, err := h.registrationTokenNames(ctx, found.Items, masker(actor))
	if err != nil {
		return err
	}
	frame, err := h.page(c, "Auth tokens", layout.NavAuthTokens)
	if err != nil {
		return err
	}
	for i := range found.Items {
		found.Items[i] = *masked(actor, &found.Items[i])
	}
	p := authTokenListPage(frame, q, found, names, now)
	if p.Tabs, err = h.authTokenListTabs(ctx, q, now); err != nil {
		return err
	}
	if p.Chips, err = h.narrowingChips(ctx, q.narrowing, q.filter.RegistrationTokenID, actor, q.with); err != nil {
		return err
	}
	if q.of != nil {
		p.RegistrationToken = &layout.Link{Label: maskedRegistrationToken(actor, q.of).Identifier, URL: registrationTokenURL(q.of.ID)}
	}
	if actor.Can(models.PermissionAuthTokenWrite) {
		p.DeleteAction = authTokensURL + "/delete"
		if deletable(q) && len(found.Items) > 0 {
			p.Match = q.match()
		}
	}
	return renderPart(c, http.StatusOK, views.AuthTokenList(p), views.AuthTokenResults(p))
}

// deletable tells whether all that the list shows may be deleted at once:
// what is chosen by a state or lens, which no deleted one has.
func deletable(q authTokenQuery) bool {
	return q.state != "" && q.filter.State != models.AuthTokenDeleted
}

// countedUses is how many uses a registration token may have for the tabs to
// say how many auth tokens each has: they are counted on each load.
const countedUses = 10_000

// authTokenListTabs lead to the states and lenses; with numbers where the list
// is that of one registration token.
func (h *adminHandler) authTokenListTabs(ctx context.Context, q authTokenQuery, now time.Time) ([]ui.Tab, error) {
	counted := q.of != nil && q.of.RedemptionCount <= countedUses
	current, other := q.state, q.narrowing
	other.days = 0 // it belongs to the lens
	var tabs []ui.Tab
	for _, tab := range authTokenTabs {
		q.show(string(tab.state))
		t := ui.Tab{Label: tab.label, URL: q.with(other), Current: q.state == current, NoCount: !counted}
		if t.Current {
			t.URL = q.with(q.narrowing)
		}
		if counted {
			var err error
			if t.Count, err = h.store.AuthTokenCount(ctx, q.filter, now); err != nil {
				return nil, err
			}
		}
		tabs = append(tabs, t)
	}
	return tabs, nil
}

// registrationTokenNames finds the identifiers of the registration tokens
// that the auth tokens came from.
func (h *adminHandler) registrationTokenNames(ctx context.Context, found []models.AuthToken, mask func(string) string) (map[string]string, error) {
	var ids []string
	for i := range found {
		if id := found[i].RegistrationTokenID; !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	names := map[string]string{}
	if len(ids) == 0 {
		return names, nil
	}
	registrationTokens, err := h.store.Usage(ctx, ids)
	for i := range registrationTokens {
		names[registrationTokens[i].ID] = mask(registrationTokens[i].Identifier)
	}
	return names, err
}

func authTokenListPage(frame layout.Page, q authTokenQuery, found models.Page[models.AuthToken], names map[string]string, now time.Time) views.AuthTokenListPage {
	p := views.AuthTokenListPage{
		Page: frame, URL: q.self(), Query: q.search, State: q.state,
		ExportAction: q.exportURL(), Filtered: q.filtered(), ClearURL: q.path,
		Paging: q.paging(len(found.Items), found.NextToken),
	}
	if q.of != nil {
		p.RegistrationTokenID = q.of.ID
	}
	for name, list := range q.more {
		if name != "registrationToken" && name != "days" {
			p.Hidden = append(p.Hidden, ui.Option{Value: list[0], Label: name})
		}
	}
	if !q.from.IsZero() {
		p.From = formatDateTimeLocal(q.from)
	}
	if !q.to.IsZero() {
		p.To = formatDateTimeLocal(q.to)
	}
	switch q.filter.Lens {
	case models.LensSilent:
		p.Days, p.DaysLabel = cmp.Or(q.days, int(models.LensSilence/day)), "Not seen for"
	case models.LensNeverRefreshed:
		p.Days, p.DaysLabel = cmp.Or(q.days, int(models.LensGrace/day)), "Redeemed, and never refreshed since, for"
	default:
	}
	for i := range found.Items {
		p.Rows = append(p.Rows, authTokenRow(&found.Items[i], names, now))
	}
	return p
}

func authTokenRow(t *models.AuthToken, names map[string]string, now time.Time) views.AuthTokenRow {
	name := names[t.RegistrationTokenID]
	if name == "" {
		name = t.RegistrationTokenID
	}
	return views.AuthTokenRow{
		ID: t.ID, URL: authTokenURL(t.ID), Person: personOf(t.VerifiedIdentity, t.ClaimedIdentity),
		Host: t.FQDN, MAC: t.MACAddress, IP: t.IP, Identifier: t.Identifier,
		RegistrationToken: layout.Link{Label: name, URL: registrationTokenURL(t.RegistrationTokenID)},
		Created:           momentOf(t.CreatedAt, now), LastSeen: momentOf(t.LastSeenAt, now), State: t.State(now),
	}
}
