package admin

import (
	"cmp"
	"context"
	"maps"
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
	found, err := h.Read.AuthTokens(ctx, viewer, q.filter, q.Request(), now)
	if err != nil {
		return err
	}
	frame, err := h.Frame.Page(c, "Auth tokens", layout.NavAuthTokens)
	if err != nil {
		return err
	}
	p := authTokenListPage(frame, q, found, now)
	if p.Labels, err = h.labels(ctx, viewer, found.Items); err != nil {
		return err
	}
	if p.Tabs, err = h.tabs(ctx, viewer, q, now); err != nil {
		return err
	}
	address := func(n listing.Narrowing) string { return q.narrowed(n).In(q.State) }
	if p.Chips, err = q.Chips(ctx, h.Read, viewer, q.filter.RegistrationTokenID, now, address); err != nil {
		return err
	}
	if p.MayDelete = viewer.Can(models.PermissionAuthTokenWrite); p.MayDelete && q.deletable() && len(found.Items) > 0 {
		p.Match = q.Match()
	}
	p.MayAsk = !p.MayDelete && viewer.Can(models.PermissionRequestWrite)
	return web.RenderPart(c, http.StatusOK, views.AuthTokenList(p), views.AuthTokenResults(p))
}

func authTokenListPage(frame layout.Page, q authTokenQuery, found seen.Page[seen.AuthToken], now time.Time) views.AuthTokenListPage {
	p := views.AuthTokenListPage{
		Page: frame, URL: q.Self(), Query: q.Search, Rows: found.Items, Now: now, RegistrationToken: q.of,
		ExportAction: q.Whole(paths.AuthTokensExport), Filtered: q.Filtered(), Paging: q.Paging(len(found.Items), found.NextToken()),
	}
	filters := maps.Clone(q.More)
	filters.Set("state", q.State)
	filters.Set("q", q.Search)
	for _, name := range slices.Sorted(maps.Keys(filters)) {
		if value := filters.Get(name); value != "" && name != "days" {
			p.Filters = append(p.Filters, ui.Option{Value: value, Label: name})
		}
	}
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

// tabs are the tabs of the list, with counts if it shows one registration token.
func (h *AuthTokens) tabs(ctx context.Context, v seen.Viewer, q authTokenQuery, now time.Time) ([]ui.Tab, error) {
	counted := q.of != nil && q.of.RedemptionCount <= maxCountedUses && q.Finding == ""
	other := q.Narrowing
	other.Days = 0 // another lens has its own
	var tabs []ui.Tab
	for _, part := range authTokenTabs {
		t := ui.Tab{Label: part.label, URL: q.narrowed(other).In(part.value), Current: part.value == q.State, NoCount: !counted}
		if t.Current {
			t.URL = q.In(part.value)
		}
		if counted {
			var err error
			if t.Count, err = h.Read.AuthTokenCount(ctx, v, q.part(part).filter, now); err != nil {
				return nil, err
			}
		}
		tabs = append(tabs, t)
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
