package api

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/tokens"
)

// maxBulkIDs is how many auth tokens a call may name.
const maxBulkIDs = 1000

type deletionJSON struct {
	Matched        int  `json:"matched"`
	Deleted        int  `json:"deleted"`
	AlreadyDeleted int  `json:"alreadyDeleted"`
	Reclaimed      int  `json:"reclaimed"`
	People         int  `json:"people"`
	Devices        int  `json:"devices"`
	DryRun         bool `json:"dryRun"`
}

// DeleteMany deletes those that a list of ids or a filter selects. For callers who
// see addresses masked, an address in the filter is a look-up, as in the list: even
// the counts of a dry run would confirm a guess.
func (h *AuthTokens) DeleteMany(c echo.Context) error {
	ctx := c.Request().Context()
	deletion, err := readJSON(c, decodeDeletion)
	if err != nil {
		return err
	}
	if deletion.Filter, err = h.Read.AuthTokenFilter(ctx, web.Viewer(c), deletion.Filter); err != nil {
		return err
	}
	result, err := h.Tokens.DeleteAuthTokens(ctx, web.Actor(c), deletion)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, deletionJSON{
		Matched: result.Matched, Deleted: result.Deleted, AlreadyDeleted: result.AlreadyDeleted,
		Reclaimed: result.Reclaimed, People: result.People, Devices: result.Devices, DryRun: deletion.DryRun,
	})
}

func decodeDeletion(body []byte, f *faults) (models.AuthTokenDeletion, error) {
	var d models.AuthTokenDeletion
	o, err := parseObject(body, f)
	if err != nil {
		return d, err
	}
	o.nulls = nullIsWrong
	withIDs, withFilter := o.has("ids"), o.has("filter")
	both := withIDs && withFilter && !o.isNull("ids") && !o.isNull("filter")
	ids := decodeIDs(o)
	if filter := o.object("filter"); filter != nil {
		d.Filter = decodeFilter(filter)
	}
	d.Filter.IDs = ids
	switch {
	case both:
		f.add("filter", "Give either ids or a filter, not both.")
	case !withIDs && !withFilter:
		f.add("ids", "Give ids or a filter.")
	}
	if reason := o.text("reason"); reason != nil {
		d.Reason = *reason
		f.checkText("reason", d.Reason, models.MaxReasonLength, true)
	}
	d.ReturnCount, d.DryRun = isTrue(o.flag("returnCount")), isTrue(o.flag("dryRun"))
	if d.Expected = o.whole("expected"); d.Expected != nil && *d.Expected < 0 {
		f.add("expected", "expected must not be negative.")
	}
	o.finish()
	return d, f.err()
}

func isTrue(flag *bool) bool { return flag != nil && *flag }

func decodeIDs(o *jsonObject) []string {
	ids, given := o.texts("ids")
	if !given {
		return nil
	}
	if len(ids) == 0 {
		o.faults.addOthers([]models.FieldError{{Field: o.path + "ids", Message: o.path + "ids must name at least one auth token."}})
	}
	if len(ids) > maxBulkIDs {
		o.fail("ids", fmt.Sprintf("ids names %d auth tokens; at most %d are allowed.", len(ids), maxBulkIDs))
		return nil
	}
	for i, id := range ids {
		if !tokens.ValidID(id) {
			at := "ids[" + strconv.Itoa(i) + "]"
			o.fail(at, at+" is not the id of an auth token.")
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
