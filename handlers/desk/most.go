package desk

import (
	"context"
	"net/url"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/listing"
	"muster/models"
	"muster/seen"
	views "muster/views/desk"
	"muster/views/paths"
	"muster/views/telling"
	"muster/views/ui"
)

// mostRows is how many of those who took most are shown.
const mostRows = 5

// mostBy are what those who took most can be told by.
var mostBy = []models.Facet{models.FacetPerson, models.FacetDevice}

// chosenMost is by what to tell who took most: as chosen, or else by device where
// devices took more than their first, and by person elsewhere.
func chosenMost(c echo.Context, verdict *seen.Verdict) models.Facet {
	if by := models.Facet(c.QueryParam("most")); slices.Contains(mostBy, by) {
		return by
	}
	ofDevices := []models.FindingKind{models.FindingRetryLoop, models.FindingSeveralPerDevice}
	if slices.ContainsFunc(verdict.Findings, func(f seen.Finding) bool { return slices.Contains(ofDevices, f.Kind) }) {
		return models.FacetDevice
	}
	return models.FacetPerson
}

// most is who took most of the counts of t, on the page of a section.
func (h *RegistrationToken) most(ctx context.Context, v seen.Viewer, t *seen.RegistrationToken, by models.Facet, section string, verdict *seen.Verdict, now time.Time) (views.Most, error) {
	found, err := h.Read.UseGroups(ctx, v, models.AuthTokenFilter{RegistrationTokenID: t.ID}, by, models.PageRequest{Size: mostRows}, now)
	most := views.Most{
		ByPerson: by == models.FacetPerson, Groups: useGroups(t.ID, found.Items, listing.Narrowing{By: by}, false),
		Sum: telling.TakenBy(verdict),
	}
	for _, choice := range mostBy {
		most.By = append(most.By, ui.Tab{
			Label: listing.FacetLabel(choice), Current: choice == by, NoCount: true,
			URL: paths.RegistrationTokenSection(t.ID, section, url.Values{"most": {string(choice)}}),
		})
	}
	most.Building, err = unlessBuilding(err)
	return most, err
}
