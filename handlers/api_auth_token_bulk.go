package handlers

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"muster/models"
	"muster/tokens"
)

// maxBulkIDs is how many auth tokens one call may name.
const maxBulkIDs = 1000

// deleteAuthTokens ends those a list of ids or a filter selects.
func (h *apiHandler) deleteAuthTokens(c echo.Context) error {
	var f faults
	readQuery(c, &f)
	body, err := readBody(c)
	if err != nil {
		return err
	}
	deletion, err := decodeDeletion(body, &f)
	if err != nil {
		return err
	}
	result, err := h.tokens.DeleteAuthTokens(c.Request().Context(), actorOf(c), deletion)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, apiDeletion{
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
	d.Filter.IDs = decodeIDs(o)
	if filter := o.object("filter"); filter != nil {
		ids := d.Filter.IDs
		d.Filter = decodeFilter(filter)
		d.Filter.IDs = ids
	}
	switch {
	case both:
		f.add("filter", "Give either ids or a filter, not both.")
	case !withIDs && !withFilter:
		f.add("ids", "Give ids or a filter.")
	}
	if reason := o.text("reason"); reason != nil {
		d.Reason = *reason
		if bad := models.CheckText("reason", d.Reason, models.MaxReasonLength, true); bad != nil {
			f.addOthers([]models.FieldError{*bad})
		}
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
		o.faults.addOthers([]models.FieldError{{Field: "ids", Message: "ids names no auth token."}})
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

// decodeFilter reads the filter of a bulk deletion. A member without a value,
// blank or null, is an error: left out silently, it would delete more than was
// meant.
func decodeFilter(o *jsonObject) models.AuthTokenFilter {
	before := len(o.faults.fields)
	filter := authTokenFilter(o.faults, func(name string) string {
		text := o.text(name)
		if text == nil {
			return ""
		}
		if *text == "" {
			o.fail(name, o.path+name+" has no value.")
			return ""
		}
		if bad := models.CheckText(o.path+name, *text, maxParameter, false); bad != nil {
			o.faults.addOthers([]models.FieldError{*bad})
			return ""
		}
		return *text
	})
	o.finish()
	if filter.Empty() && len(o.faults.fields) == before {
		o.faults.add("filter", "The filter must name at least one field; without any, every auth token would be deleted.")
	}
	return filter
}

// authTokenFilter builds a filter from the values that text reads by name.
func authTokenFilter(f *faults, text func(name string) string) models.AuthTokenFilter {
	filter := models.AuthTokenFilter{
		RegistrationTokenID: text("registrationToken"),
		State:               models.AuthTokenState(text("state")),
	}
	for _, field := range models.ClaimedFields {
		*field.Of(&filter.ClaimedIdentity) = text(field.Name)
	}
	if id := filter.RegistrationTokenID; id != "" && !tokens.ValidID(id) {
		f.add("registrationToken", "registrationToken must be the id of a registration token, never its secret.")
	}
	if filter.State != "" && !slices.Contains(models.AuthTokenStates, filter.State) {
		f.add("state", "state must be one of: "+list(models.AuthTokenStates)+".")
	}
	if ip := text("ip"); ip != "" {
		address, ok := parseIP(ip)
		if !ok {
			f.add("ip", "ip must be one IP address.")
		}
		filter.IP = address
	}
	return filter
}
