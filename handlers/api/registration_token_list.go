package api

import (
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/seen"
)

// sortableRegistrationTokens are the fields that a list can be sorted by.
var sortableRegistrationTokens = []string{
	"identifier", "count", "usedCount", "remainingCount", "expirationDate", "createdAt", "updatedAt",
}

// List answers those that the query selects.
func (h *RegistrationTokens) List(c echo.Context) error {
	var f faults
	q := readQuery(c, &f, append([]string{"identifier", "refId1", "refId2", "status", "customer"}, pagingParameters...)...)
	filter := models.RegistrationTokenFilter{
		Identifier: q.text("identifier", maxParameter),
		RefID1:     q.text("refId1", maxParameter),
		RefID2:     q.text("refId2", maxParameter),
		Status:     choice(q, "status", models.Statuses),
	}
	page := q.page(sortableRegistrationTokens)
	ctx, viewer := c.Request().Context(), web.Viewer(c)
	if customer := q.text("customer", maxParameter); customer != "" {
		var err error
		if filter.CustomerID, err = h.Read.CustomerID(ctx, viewer, customer); err != nil {
			return err
		}
		if filter.CustomerID == "" {
			f.add("customer", "There is no such customer.")
		}
	}
	if err := f.err(); err != nil {
		return err
	}
	now := h.Now().UTC().Truncate(time.Microsecond)
	found, err := h.Read.RegistrationTokens(ctx, viewer, filter, page, now)
	if err != nil {
		return err
	}
	return answerPage(c, wrapRegistrationToken, page, found, func(t *seen.RegistrationToken) registrationTokenJSON {
		return registrationTokenJSONOf(t, "", now)
	})
}
