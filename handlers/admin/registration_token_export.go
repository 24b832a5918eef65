package admin

import (
	"context"
	"strconv"

	"github.com/labstack/echo/v4"

	"muster/handlers/listing"
	"muster/handlers/web"
	"muster/models"
	"muster/seen"
)

// Export sends the whole list, filtered and sorted, or the selected rows.
func (h *RegistrationTokens) Export(c echo.Context) error {
	q, filter, err := h.query(c)
	if err != nil {
		return err
	}
	var form struct {
		IDs []string `form:"id"`
	}
	if err := web.BindForm(c, &form); err != nil {
		return err
	}
	narrowed, now := q.Narrowed(), h.Now(c)
	if ids := selection(form.IDs); len(ids) > models.MaxPageSize {
		return models.InvalidField("id", "At most 500 registration tokens can be selected at once.")
	} else if len(ids) > 0 {
		// Some were selected under another search.
		filter, narrowed = models.RegistrationTokenFilter{IDs: ids}, map[string]string{"selected": strconv.Itoa(len(ids))}
	}
	return listing.Export[seen.RegistrationToken]{
		Name: "registration-tokens", Object: "registration_token", Limit: h.LimitExports, Narrowed: narrowed,
		Columns: []string{
			"id", "label", "hint", "customer", "status", "count", "used", "remaining", "turned_away", "expires", "last_redemption",
			"reference_1", "reference_2", "note", "created_by", "created",
		},
		Read: func(ctx context.Context, token string) (seen.Page[seen.RegistrationToken], error) {
			return h.Read.RegistrationTokens(ctx, web.Viewer(c), filter, q.WholeRequest(token), now)
		},
		Cells: func(t *seen.RegistrationToken) []string {
			return []string{
				t.ID, t.Identifier, t.Hint, t.Customer.Name, string(t.Status(now)), strconv.Itoa(t.Count), strconv.Itoa(t.UsedCount),
				strconv.Itoa(t.RemainingCount()), strconv.Itoa(t.RefusedCount), listing.CSVTime(t.ExpiresAt), listing.CSVTimeOptional(t.LastRedeemedAt),
				t.RefID1, t.RefID2, t.Note, t.CreatedBy, listing.CSVTime(t.CreatedAt),
			}
		},
	}.Send(c, h.Read, now)
}
