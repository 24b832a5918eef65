package admin

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/listing"
	"muster/handlers/web"
	"muster/models"
	"muster/seen"
	views "muster/views/admin"
	"muster/views/layout"
	"muster/views/paths"
	"muster/views/ui"
)

// List shows auth tokens, filtered.
func (h *AuthTokens) List(c echo.Context) error {
	ctx, viewer, now := c.Request().Context(), web.Viewer(c), h.Now(c)
	q, err := h.query(ctx, viewer, c.QueryParams(), web.Zone(c))
	if err != nil {
		return err
	}
	if listing.AddsCriterion(c.QueryParams()) {
		return web.Redirect(c, stillSelected(c, q.Self()))
	}
	changes, err := listing.ReadChanges(c.QueryParams())
	if err != nil {
		return err
	}
	q.Size = web.PageSize(c)
	p := authTokenListPage(q, now)
	p.Columns, p.ColumnsAction = authTokenColumns.Of(c), q.Under(paths.AuthTokenColumns)
	p.MayDelete = viewer.Can(models.PermissionAuthTokenWrite)
	p.MayAsk = !p.MayDelete && viewer.Can(models.PermissionRequestWrite)
	if p.Tabs, err = h.tabs(ctx, viewer, q, now); err != nil {
		return err
	}
	if changes != nil {
		return h.changes(c, p, q, *changes)
	}
	found, err := h.Read.AuthTokens(ctx, viewer, q.filter, q.Request(), now)
	if err != nil {
		return err
	}
	p.Rows, p.Paging = found.Items, listing.Paged(q.Query, found)
	if p.Labels, err = h.labels(ctx, viewer, found.Items); err != nil {
		return err
	}
	address := func(n listing.Narrowing) string { return q.narrowed(n).In(q.State) }
	if p.Chips, err = q.Chips(ctx, h.Read, viewer, q.filter.RegistrationTokenID, now, address); err != nil {
		return err
	}
	p.Chips = append(p.Chips, q.criteria.Chips(q.Query)...)
	if p.MayDelete && q.deletable() && len(found.Items) > 0 {
		p.Match = q.Match()
	}
	if p.Page, err = h.Frame.Page(c, "Auth tokens", layout.NavAuthTokens); err != nil {
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
	return web.RenderPart(c, http.StatusOK, views.AuthTokenList(p), views.AuthTokenResults(p))
}

// changes answers what changed in an open list. Its rows stay where they are, whatever
// they are like now.
func (h *AuthTokens) changes(c echo.Context, p views.AuthTokenListPage, q authTokenQuery, changes listing.Changes) error {
	ctx, v := c.Request().Context(), web.Viewer(c)
	shown, err := h.Read.AuthTokens(ctx, v, models.AuthTokenFilter{IDs: changes.IDs}, models.PageRequest{Size: models.MaxPageSize}, p.Now)
	if err != nil {
		return err
	}
	if q.filter.To.IsZero() || changes.Since.Before(q.filter.To) {
		came := q.filter
		if came.From.Before(changes.Since) {
			came.From = changes.Since
		}
		found, err := h.Read.AuthTokens(ctx, v, came, listing.Counted(), p.Now)
		if err != nil {
			return err
		}
		p.New = q.New(found.Total)
	}
	p.Rows = shown.Items
	if p.Labels, err = h.labels(ctx, v, p.Rows); err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.AuthTokenChanges(p))
}

func authTokenListPage(q authTokenQuery, now time.Time) views.AuthTokenListPage {
	p := views.AuthTokenListPage{
		URL: q.Self(), Query: q.Search, Now: now, RegistrationToken: q.of, ExportAction: q.Whole(paths.AuthTokensExport), Filtered: q.Filtered(),
		Sorting: q.Sorting(),
	}
	p.Criterion = q.Form(models.AuthTokenCriteria)
	p.Filters = slices.DeleteFunc(slices.Clone(p.Criterion.Kept), func(o ui.Option) bool { return o.Label == "days" })
	if !q.From.IsZero() {
		p.From = web.FormatDateTime(q.From, now.Location())
	}
	if !q.To.IsZero() {
		p.To = web.FormatDateTime(q.To, now.Location())
	}
	switch q.filter.Lens {
	case models.LensSilent:
		p.Days, p.DaysLabel = cmp.Or(q.Days, int(models.LensSilence/web.Day)), "Not seen for"
	case models.LensNeverRefreshed:
		p.Days, p.DaysLabel = cmp.Or(q.Days, int(models.LensGrace/web.Day)), "Redeemed but never refreshed for"
	default:
	}
	return p
}

// maxCountedUses is the most uses a registration token may have for the tabs to
// show counts: each load counts again.
const maxCountedUses = 10_000

// mostOfTab is how far the auth tokens of a tab are counted where everything is listed,
// and countingTabs how long that may take; then there are no counts.
const (
	mostOfTab    = 1_000
	countingTabs = time.Second
)

// tabs are the tabs of the list, with counts if it shows one registration token or
// everything. The surplus of everything is not counted: each device would be looked at.
func (h *AuthTokens) tabs(ctx context.Context, v seen.Viewer, q authTokenQuery, now time.Time) ([]ui.Tab, error) {
	other := q.Narrowing
	other.Days = 0 // another lens has its own
	of := q.of != nil && q.of.RedemptionCount <= maxCountedUses && q.Finding == ""
	whole := q.of == nil && q.Search == "" && len(q.criteria) == 0 && !q.Narrows()
	tabs := make([]ui.Tab, len(authTokenTabs))
	var counted []int
	var filters []models.AuthTokenFilter
	for i, part := range authTokenTabs {
		tabs[i] = ui.Tab{Label: part.label, URL: q.narrowed(other).Unsorted().In(part.value), Current: part.value == q.State, NoCount: true}
		if tabs[i].Current {
			tabs[i].URL = q.In(part.value)
		}
		if of || whole && part.lens != models.LensSurplus {
			counted, filters = append(counted, i), append(filters, q.part(part).filter)
		}
	}
	if len(counted) == 0 {
		return tabs, nil
	}
	most := 0
	if whole {
		most = mostOfTab
	}
	waiting, done := context.WithTimeout(ctx, countingTabs)
	defer done()
	totals, err := h.Read.AuthTokenCounts(waiting, v, filters, most, now)
	if err != nil {
		if waiting.Err() != nil && ctx.Err() == nil {
			return tabs, nil
		}
		return nil, err
	}
	for n, i := range counted {
		tabs[i].Count, tabs[i].More, tabs[i].NoCount = totals[n].Number, totals[n].More, false
	}
	return tabs, nil
}

// labels are the labels of the registration tokens that the auth tokens came
// from, by id.
func (h *AuthTokens) labels(ctx context.Context, v seen.Viewer, rows []seen.AuthToken) (map[string]string, error) {
	labels := map[string]string{}
	var ids []string
	for i := range rows {
		if id := rows[i].RegistrationTokenID; !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return labels, nil
	}
	found, err := h.Read.RegistrationTokensByID(ctx, v, ids)
	for i := range found {
		labels[found[i].ID] = found[i].Identifier
	}
	return labels, err
}

// Export sends the whole list, filtered.
func (h *AuthTokens) Export(c echo.Context) error {
	viewer, now := web.Viewer(c), h.Now(c)
	q, err := h.query(c.Request().Context(), viewer, c.QueryParams(), web.Zone(c))
	if err != nil {
		return err
	}
	return listing.Export[seen.AuthToken]{
		Name: "auth-tokens", Object: "auth_token", Limit: h.LimitExports, Narrowed: q.Query.Narrowed(),
		Columns: []string{
			"id", "state", "verified_email", "verified_subject", "system_user_name", "fqdn", "mac_address", "ip", "last_seen_ip", "label",
			"reference_1", "reference_2", "registration_token_id", "redeemed", "last_seen", "deleted", "deleted_by", "delete_reason", "count_given_back",
		},
		Read: func(ctx context.Context, token string) (seen.Page[seen.AuthToken], error) {
			return h.Read.AuthTokens(ctx, viewer, q.filter, q.WholeRequest(token), now)
		},
		Cells: func(t *seen.AuthToken) []string {
			return []string{
				t.ID, string(t.State(now)), t.Email, t.Subject, t.SystemUserName, t.FQDN, t.MACAddress, t.IP, t.LastSeenIP, t.Identifier,
				t.RefID1, t.RefID2, t.RegistrationTokenID, listing.CSVTime(t.CreatedAt), listing.CSVTime(t.LastSeenAt), listing.CSVTimeOptional(t.DeletedAt),
				t.DeletedBy, t.DeleteReason, strconv.FormatBool(t.CountReclaimed),
			}
		},
	}.Send(c, h.Read, now)
}
