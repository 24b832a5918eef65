package handlers

import (
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"muster/models"
)

// readOnlyAuthToken are the members of an answer that cannot be changed.
var readOnlyAuthToken = []string{
	"id", "systemUserName", "fqdn", "macAddress", "registrationTokenId", "customer", "verified", "ip", "userAgent",
	"creationDate", "lastSeenAt", "state", "deletedAt", "deletedBy", "deleteReason", "countReclaimed",
}

// sortableAuthTokens are the fields a list may be sorted by.
var sortableAuthTokens = []string{"creationDate", "lastSeenAt", "systemUserName", "fqdn"}

// authTokenParameters are the filters of a list, and of a bulk deletion.
var authTokenParameters = func() []string {
	names := []string{"registrationToken"}
	for _, field := range models.ClaimedFields {
		names = append(names, field.Name)
	}
	return slices.Clip(append(names, "ip", "state"))
}()

func (h *apiHandler) answerAuthToken(c echo.Context, t *models.AuthToken) error {
	return answer(c, http.StatusOK, apiAuthTokenAnswer{toAPIAuthToken(actorOf(c), t, h.now().UTC())})
}

func (h *apiHandler) listAuthTokens(c echo.Context) error {
	var f faults
	q := readQuery(c, &f, append(authTokenParameters, pagingParameters...)...)
	page := q.page(sortableAuthTokens)
	filter := authTokenFilter(&f, func(name string) string { return q.text(name, maxParameter) })
	if err := f.err(); err != nil {
		return err
	}
	if err := h.lookUpPersonal(c, askedFor(filter)); err != nil {
		return err
	}
	now := h.now().UTC().Truncate(time.Microsecond)
	found, err := h.store.AuthTokens(c.Request().Context(), filter, page, now)
	if err != nil {
		return err
	}
	var body apiAuthTokenPage
	rows := make([]apiAuthToken, len(found.Items))
	for i := range found.Items {
		rows[i] = toAPIAuthToken(actorOf(c), &found.Items[i], now)
	}
	body.AuthTokens.AuthToken = rows
	body.AuthTokens.NextPageToken = orNull(found.NextToken)
	return answer(c, http.StatusOK, body)
}

func (h *apiHandler) showAuthToken(c echo.Context) error {
	id, err := pathID(c, thingAuth)
	if err != nil {
		return err
	}
	var f faults
	readQuery(c, &f)
	if err := f.err(); err != nil {
		return err
	}
	t, err := h.store.AuthToken(c.Request().Context(), id)
	if err != nil {
		return err
	}
	return h.answerAuthToken(c, t)
}

// patchAuthToken changes the labels that are given.
func (h *apiHandler) patchAuthToken(c echo.Context) error {
	id, err := pathID(c, thingAuth)
	if err != nil {
		return err
	}
	var f faults
	readQuery(c, &f)
	body, err := readBody(c)
	if err != nil {
		return err
	}
	labels, err := decodeLabels(body, &f)
	if err != nil {
		return err
	}
	t, err := h.tokens.UpdateAuthToken(c.Request().Context(), actorOf(c), id, labels)
	if err != nil {
		return err
	}
	return h.answerAuthToken(c, t)
}

func decodeLabels(body []byte, f *faults) (models.AuthTokenLabels, error) {
	var labels models.AuthTokenLabels
	outer, err := parseObject(body, f)
	if err != nil {
		return labels, err
	}
	o := outer.unwrap(wrapAuthToken)
	if o == nil {
		return labels, f.err()
	}
	o.nulls = nullClears
	labels.Identifier, labels.RefID1, labels.RefID2 = o.text("identifier"), o.text("refId1"), o.text("refId2")
	o.finish(readOnlyAuthToken...)
	for name, value := range map[string]*string{"identifier": labels.Identifier, "refId1": labels.RefID1, "refId2": labels.RefID2} {
		if value == nil {
			continue
		}
		if bad := models.CheckText(name, *value, models.MaxIdentifierLength, false); bad != nil {
			f.addOthers([]models.FieldError{*bad})
		}
	}
	return labels, f.err()
}

// deleteAuthToken ends one; again is fine and changes nothing.
func (h *apiHandler) deleteAuthToken(c echo.Context) error {
	id, err := pathID(c, thingAuth)
	if err != nil {
		return err
	}
	var f faults
	q := readQuery(c, &f, "reason", "returnCount")
	reason, returnCount := q.text("reason", models.MaxReasonLength), q.flag("returnCount")
	if err := noBody(c, &f, "Give reason and returnCount in the query."); err != nil {
		return err
	}
	if err := f.err(); err != nil {
		return err
	}
	if err := h.tokens.DeleteAuthToken(c.Request().Context(), actorOf(c), id, reason, returnCount); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
