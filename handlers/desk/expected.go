package desk

import (
	"cmp"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/listing"
	"muster/handlers/web"
	"muster/models"
	"muster/seen"
	views "muster/views/desk"
	"muster/views/paths"
	"muster/views/telling"
	"muster/views/ui"
)

// expected lists who on the expected list is missing or has arrived, or who
// came without being on it (parameter show).
func (h *RegistrationToken) expected(c echo.Context, t *seen.RegistrationToken, now time.Time) (*views.Expected, error) {
	ctx, v := c.Request().Context(), web.Viewer(c)
	show := cmp.Or(c.QueryParam("show"), string(models.ExpectationMissing))
	q := sectionQuery(c, t.ID, views.SectionExpected, url.Values{"show": {show}})
	counts, err := h.Figures.ExpectationCounts(ctx, t.ID, now)
	building, err := unlessBuilding(err)
	if err != nil {
		return nil, err
	}
	s := &views.Expected{
		Section: views.Section{Token: t, Now: now, URL: q.Self()}, Show: show, Tabs: expectedTabs(t.ID, show, counts),
		MayEdit: v.Can(models.PermissionRegistrationTokenWrite) && t.DeletedAt == nil, Building: building, ByClaim: counts.ByClaim,
	}
	if t.OnlyExpected {
		s.Filter = telling.FilterNotLock(counts.Claimable, t.ExpectedCount)
	}
	if building {
		return s, nil
	}
	var next string
	switch show {
	case views.ShowUnexpected:
		filter := models.AuthTokenFilter{RegistrationTokenID: t.ID, Lens: models.LensUnexpected}
		found, err := h.Read.AuthTokens(ctx, v, filter, q.Request(), now)
		if err != nil {
			return nil, err
		}
		s.Strangers, next = found.Items, found.NextToken()
		if v.Can(models.PermissionAuthTokenWrite) {
			s.SelectURL = listing.Narrowing{}.AuthTokensURL(t.ID, string(models.LensUnexpected))
		}
	case string(models.ExpectationMissing), string(models.ExpectationArrived):
		filter := models.ExpectationFilter{RegistrationTokenID: t.ID, State: models.ExpectationState(show)}
		found, err := h.Read.Expectations(ctx, v, filter, q.Request())
		if err != nil {
			return nil, err
		}
		s.Rows, next = found.Items, found.NextToken()
	default:
		return nil, noSuchSection()
	}
	s.Paging = q.Paging(len(s.Rows)+len(s.Strangers), next)
	return s, nil
}

// expectedTabs are the parts of the section.
func expectedTabs(id, current string, counts models.ExpectationCounts) []ui.Tab {
	var tabs []ui.Tab
	all := counts.Missing + counts.Arrived
	for _, tab := range []struct {
		show, label string
		count, of   int
	}{
		{string(models.ExpectationMissing), "Missing", counts.Missing, all},
		{string(models.ExpectationArrived), "Arrived", counts.Arrived, all},
		{views.ShowUnexpected, "Unexpected", counts.Unexpected, 0},
	} {
		address := paths.RegistrationTokenSection(id, views.SectionExpected, url.Values{"show": {tab.show}})
		tabs = append(tabs, ui.Tab{Label: tab.label, Count: tab.count, Of: tab.of, URL: address, Current: tab.show == current})
	}
	return tabs
}
