package desk

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"muster/handlers/listing"
	"muster/handlers/web"
	"muster/models"
	"muster/seen"
	views "muster/views/desk"
	"muster/views/layout"
	"muster/views/ui"
)

// printedRows is how many uses, and how many refused attempts, a paper holds; the
// export has all.
const printedRows = 5_000

// print shows everything about t for paper.
func (h *RegistrationToken) print(c echo.Context, t *seen.RegistrationToken) error {
	ctx, v := c.Request().Context(), web.Viewer(c)
	page, err := h.page(c, t, views.SectionUses)
	if err != nil {
		return err
	}
	p := views.PrintPage{RegistrationTokenPage: page, Printed: ui.MomentOf(page.Now, page.Now), Refused: t.RefusedCount}
	title := t.Identifier + " for print"
	if p.Page, err = below(c, h.Frame, title, layout.Link{Label: t.Identifier, URL: page.URL}, layout.Link{Label: "Print"}); err != nil {
		return err
	}
	p.Uses, err = upTo(printedRows, func(r models.PageRequest) (seen.Page[seen.TokenUse], error) {
		return h.Read.TokenUses(ctx, v, t.ID, r)
	})
	if err != nil {
		return err
	}
	if len(p.Uses) < t.RedemptionCount {
		p.ExportURL = listing.Narrowing{}.AuthTokensURL(t.ID, "")
	}
	attempts, err := upTo(printedRows, func(r models.PageRequest) (seen.Page[seen.RefusedAttempt], error) {
		return h.Read.RefusedAttempts(ctx, v, models.RefusedAttemptFilter{RegistrationTokenID: t.ID}, r)
	})
	if err != nil {
		return err
	}
	p.Causes = causesOf(attempts, nil)
	return web.Render(c, http.StatusOK, views.Print(p))
}

// upTo reads pages until there are most rows, or no more.
func upTo[T any](most int, read func(models.PageRequest) (seen.Page[T], error)) (rows []T, err error) {
	request := models.PageRequest{Size: models.MaxPageSize}
	for len(rows) < most {
		page, err := read(request)
		if err != nil {
			return nil, err
		}
		rows = append(rows, page.Items...)
		if request.Token = page.NextToken(); request.Token == "" {
			return rows, nil
		}
	}
	return rows, nil
}
