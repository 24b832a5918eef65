package handlers

import (
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
	{models.AuthTokenState(models.LensSilent), "Silent 30 days"},
	{models.AuthTokenState(models.LensNeverRefreshed), "Never refreshed"},
	{models.AuthTokenState(models.LensSeveralOnDevice), "Several on one device"},
	{models.AuthTokenState(models.LensSeveralOfPerson), "Several of one person"},
	{models.AuthTokenState(models.LensUnexpected), "Unexpected"},
	{models.AuthTokenIdleExpired, "Expired unused"},
	{models.AuthTokenEnded, "Ended"},
	{models.AuthTokenDeleted, "Deleted"},
}

// authTokenQuery reads what the list is narrowed by; the link leads to the
// one registration token it is narrowed to, if any.
func (h *adminHandler) authTokenQuery(c echo.Context) (listQuery, models.AuthTokenFilter, *layout.Link, error) {
	filter := models.AuthTokenFilter{WholeAddresses: masksPersonalData(actorOf(c))}
	states := make([]string, 0, len(authTokenTabs))
	for _, tab := range authTokenTabs {
		states = append(states, string(tab.state))
	}
	q, err := readListQuery(c, authTokensURL, "state", states)
	if err != nil {
		return q, filter, nil, err
	}
	filter.Search = q.search
	switch lens := models.AuthTokenLens(q.state); lens {
	case models.LensSilent:
		filter.Lens, q.sort = lens, listSort{by: "lastSeenAt"} // the longest silent first
	case models.LensNeverRefreshed, models.LensSeveralOnDevice, models.LensSeveralOfPerson, models.LensUnexpected:
		filter.Lens = lens
	default:
		filter.State = models.AuthTokenState(q.state)
	}
	if err := h.lookUpPersonal(c, askedFor(filter)); err != nil {
		return q, filter, nil, err
	}
	narrowed, err := h.narrowToRegistrationToken(c.Request().Context(), &q, &filter, c.QueryParam("registrationToken"), actorOf(c))
	return q, filter, narrowed, err
}

func (h *adminHandler) listAuthTokens(c echo.Context) error {
	q, filter, narrowed, err := h.authTokenQuery(c)
	if err != nil {
		return err
	}
	ctx, now := c.Request().Context(), h.now().UTC()
	found, err := h.store.AuthTokens(ctx, filter, q.request(), now)
	if err != nil {
		return err
	}
	names, err := h.registrationTokenNames(ctx, found.Items, masker(actorOf(c)))
	if err != nil {
		return err
	}
	frame, err := h.page(c, "Auth tokens", layout.NavAuthTokens)
	if err != nil {
		return err
	}
	for i := range found.Items {
		found.Items[i] = *masked(actorOf(c), &found.Items[i])
	}
	p := authTokenListPage(frame, q, found, names, now)
	p.RegistrationToken, p.RegistrationTokenID = narrowed, filter.RegistrationTokenID
	if actorOf(c).Can(models.PermissionAuthTokenWrite) {
		p.DeleteAction = authTokensURL + "/delete"
	}
	return renderPart(c, http.StatusOK, views.AuthTokenList(p), views.AuthTokenResults(p))
}

// narrowToRegistrationToken narrows the list to one registration token, when
// an id is given, and returns the link to it.
func (h *adminHandler) narrowToRegistrationToken(ctx context.Context, q *listQuery, filter *models.AuthTokenFilter, id string, actor models.Actor) (*layout.Link, error) {
	if id == "" {
		return nil, nil
	}
	token, err := h.store.RegistrationToken(ctx, id)
	if err != nil {
		return nil, err
	}
	filter.RegistrationTokenID = token.ID
	q.more = url.Values{"registrationToken": {token.ID}}
	return &layout.Link{Label: maskedRegistrationToken(actor, token).Identifier, URL: registrationTokenURL(token.ID)}, nil
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

func authTokenListPage(frame layout.Page, q listQuery, found models.Page[models.AuthToken], names map[string]string, now time.Time) views.AuthTokenListPage {
	p := views.AuthTokenListPage{
		Page: frame, URL: q.self(), Query: q.search, State: q.state,
		ExportAction: q.exportURL(), Filtered: q.filtered(), ClearURL: q.path,
		Paging: q.paging(len(found.Items), found.NextToken),
	}
	for _, tab := range authTokenTabs {
		p.Tabs = append(p.Tabs, ui.Tab{
			Label: tab.label, URL: q.url(string(tab.state), ""),
			Current: string(tab.state) == q.state, NoCount: true,
		})
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
