package desk

import (
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/listing"
	"muster/handlers/web"
	"muster/models"
	"muster/seen"
	views "muster/views/desk"
	"muster/views/ui"
)

// uses lists who used a registration token: each use or groups of uses, all of
// them or those that match.
func (h *RegistrationToken) uses(c echo.Context, t *seen.RegistrationToken, now time.Time) (*views.Uses, error) {
	ctx, v := c.Request().Context(), web.Viewer(c)
	n, err := listing.ReadNarrowing(c.QueryParams(), now.Location())
	if err != nil {
		return nil, err
	}
	q := sectionQuery(c, t.ID, views.SectionUses, n.Values())
	address := func(n listing.Narrowing) string { return n.UsesURL(t.ID) }
	s := &views.Uses{
		Section: views.Section{Token: t, Now: now, URL: q.Self()}, Narrowed: n.Narrows(),
		GroupBy: groupChoices(n, address), ClearURL: address(listing.Narrowing{By: n.By}),
	}
	if s.Chips, err = n.Chips(ctx, h.Read, v, t.ID, now, address); err != nil {
		return nil, err
	}
	mayDelete := v.Can(models.PermissionAuthTokenWrite)
	if s.Narrowed && mayDelete {
		s.SelectURL = n.AuthTokensURL(t.ID, string(models.AuthTokenLive))
	}
	filter := models.AuthTokenFilter{RegistrationTokenID: t.ID}
	n.AddTo(&filter)
	if n.Grouped() {
		found, err := h.Read.UseGroups(ctx, v, filter, n.By, q.Request(), now)
		s.By, s.Groups = n.By, useGroups(t.ID, found.Items, n, mayDelete)
		s.Paging = q.Paging(len(found.Items), found.NextToken())
		s.Building, err = unlessBuilding(err)
		return s, err
	}
	var found seen.Page[seen.TokenUse]
	if s.Narrowed {
		found, err = h.Read.SelectedUses(ctx, v, filter, q.Request(), now)
	} else {
		found, err = h.Read.TokenUses(ctx, v, t.ID, q.Request())
		found.Total.Number = t.RedemptionCount
	}
	s.Rows, s.Paging = found.Items, listing.Paged(q, found)
	s.Building, err = unlessBuilding(err)
	return s, err
}

// useGroups link to the uses of each group and, for those who may delete, to
// its surplus.
func useGroups(registrationTokenID string, found []seen.UseGroup, n listing.Narrowing, mayDelete bool) []views.UseGroup {
	groups := make([]views.UseGroup, len(found))
	for i := range found {
		last := &found[i].Last
		n.Of = last.ID
		groups[i] = views.UseGroup{UseGroup: found[i], Value: listing.FacetValue(n.By, last), URL: n.UsesURL(registrationTokenID)}
		if found[i].Surplus > 0 && mayDelete {
			groups[i].SurplusURL = n.AuthTokensURL(registrationTokenID, string(models.LensSurplus))
		}
	}
	return groups
}

// groupChoices are the ways to group the uses.
func groupChoices(n listing.Narrowing, address func(listing.Narrowing) string) []ui.Tab {
	current := n.By
	if !n.Grouped() {
		current = ""
	}
	n.Of = ""
	var choices []ui.Tab
	for _, by := range append([]models.Facet{""}, models.Facets...) {
		n.By = by
		label := "Each use"
		if by != "" {
			label = listing.FacetLabel(by)
		}
		choices = append(choices, ui.Tab{Label: label, URL: address(n), Current: by == current, NoCount: true})
	}
	return choices
}
