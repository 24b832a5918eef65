package handlers

import (
	"context"
	"time"

	"github.com/labstack/echo/v4"

	"muster/models"
	"muster/views"
	"muster/views/ui"
)

// usesSection lists who used a registration token: each use, or groups of
// them, of all or of some.
func (h *adminHandler) usesSection(c echo.Context, token *models.RegistrationToken, now time.Time) (*views.RegistrationTokenUsesSection, error) {
	ctx, actor := c.Request().Context(), viewerOf(c)
	n, err := readNarrowing(c.QueryParams())
	if err != nil {
		return nil, err
	}
	q := usesQuery(c, token.ID, n)
	s := &views.RegistrationTokenUsesSection{RegistrationTokenID: token.ID, URL: q.self(), Total: token.RedemptionCount, Narrowed: n.narrows()}
	address := func(n narrowing) string { return usesURL(token.ID, n) }
	s.GroupBy, s.ClearURL = groupChoices(n, address), address(narrowing{by: n.by})
	if s.Chips, err = h.narrowingChips(ctx, n, token.ID, actor, address); err != nil {
		return nil, err
	}
	if s.Narrowed && actor.Can(models.PermissionAuthTokenWrite) {
		s.SelectURL = liveAuthTokens(token.ID, "", n)
	}
	filter := models.AuthTokenFilter{RegistrationTokenID: token.ID}
	n.addTo(&filter)
	if n.grouped() {
		return s, h.fillGroups(ctx, s, q, filter, n, actor, now)
	}
	return s, h.fillUses(ctx, s, q, filter, actor, now)
}

func (h *adminHandler) fillUses(ctx context.Context, s *views.RegistrationTokenUsesSection, q listQuery, filter models.AuthTokenFilter, actor models.Actor, now time.Time) error {
	var found models.Page[models.TokenUse]
	var err error
	if s.Narrowed {
		found, err = h.store.SelectedUses(ctx, filter, q.request(), now)
	} else {
		found, err = h.store.TokenUses(ctx, s.RegistrationTokenID, q.request())
	}
	if err != nil {
		return err
	}
	for i := range found.Items {
		s.Rows = append(s.Rows, useRow(maskedUse(actor, &found.Items[i]), actor, now))
	}
	s.Paging = q.paging(len(found.Items), found.NextToken)
	return nil
}

func (h *adminHandler) fillGroups(ctx context.Context, s *views.RegistrationTokenUsesSection, q listQuery, filter models.AuthTokenFilter, n narrowing, actor models.Actor, now time.Time) error {
	found, err := h.store.UseGroups(ctx, filter, n.by, q.request(), now)
	if err != nil {
		return err
	}
	s.By = n.by
	for i := range found.Items {
		row := useGroupRow(&found.Items[i], n.by, actor, now)
		n.of = found.Items[i].Last.ID
		row.URL = usesURL(s.RegistrationTokenID, n)
		if row.Surplus > 0 && actor.Can(models.PermissionAuthTokenWrite) {
			row.SurplusURL = liveAuthTokens(s.RegistrationTokenID, models.LensSurplus, n)
		}
		s.Groups = append(s.Groups, row)
	}
	s.Paging = q.paging(len(found.Items), found.NextToken)
	return nil
}

func useGroupRow(g *models.UseGroup, by models.Facet, actor models.Actor, now time.Time) views.UseGroupRow {
	last := masked(actor, &g.Last)
	return views.UseGroupRow{
		Unknown: g.Unknown, Person: personOf(last.VerifiedIdentity, last.ClaimedIdentity), Value: facetValue(by, last),
		Uses: g.Uses, Surplus: g.Surplus, Live: g.Live, Ended: g.Ended, Deleted: g.Deleted, Reclaimed: g.Reclaimed,
		People: g.People, Devices: g.Devices, First: momentOf(g.First.CreatedAt, now), Last: momentOf(g.Last.CreatedAt, now),
	}
}

// usesURL is the tab of uses, narrowed.
func usesURL(registrationTokenID string, n narrowing) string {
	values := n.values()
	values.Set("section", sectionUses)
	return registrationTokenURL(registrationTokenID) + "?" + values.Encode()
}

// usesQuery is the tab as a list: its pages keep what narrows it.
func usesQuery(c echo.Context, registrationTokenID string, n narrowing) listQuery {
	q := sectionQuery(c, registrationTokenID, sectionUses)
	for name, value := range n.values() {
		q.more[name] = value
	}
	return q
}

// groupChoices are the ways to look at the uses.
func groupChoices(n narrowing, address func(narrowing) string) []ui.Tab {
	current := n.by
	if !n.grouped() {
		current = ""
	}
	n.of = ""
	var choices []ui.Tab
	for _, by := range append([]models.Facet{""}, models.Facets...) {
		n.by = by
		label := "Each use"
		if by != "" {
			label = facetWords[by]
		}
		choices = append(choices, ui.Tab{Label: label, URL: address(n), Current: by == current, NoCount: true})
	}
	return choices
}

// liveAuthTokens is the list of those auth tokens of a registration token that
// are live, narrowed by a lens too: to look at, and to delete at once.
func liveAuthTokens(registrationTokenID string, lens models.AuthTokenLens, n narrowing) string {
	values := n.values()
	if n.of == "" {
		values.Del("by")
	}
	values.Set("registrationToken", registrationTokenID)
	values.Set("state", string(models.AuthTokenLive))
	if lens != "" {
		values.Set("state", string(lens))
	}
	return authTokensURL + "?" + values.Encode()
}
