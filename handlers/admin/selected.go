package admin

import (
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"muster/models"
	views "muster/views/admin"
	"muster/views/ui"
)

// selected reads what the address of a list says is selected, of whose rows the page
// shows those with the ids here. url is the address of the page without it.
func selected(c echo.Context, here []string, url string) (views.Selection, error) {
	s := views.Selection{IDs: selection(c.QueryParams()["id"]), Rows: len(here), ClearURL: url}
	if len(s.IDs) > models.MaxPageSize {
		e := models.InvalidField("id", "At most 500 rows can be selected at once.")
		e.NextStep = "Go back and do something with those first."
		return s, e
	}
	for _, id := range here {
		if slices.Contains(s.IDs, id) {
			s.Here = append(s.Here, id)
		}
	}
	return s, nil
}

// keepsSelected makes what leads from a list to itself keep what is selected.
func keepsSelected(s views.Selection, sorting ui.Sorting, tabs []ui.Tab, chips []ui.Chip) {
	for name, order := range sorting {
		order.URL = withSelected(order.URL, s)
		sorting[name] = order
	}
	for i := range tabs {
		tabs[i].URL = withSelected(tabs[i].URL, s)
	}
	for i := range chips {
		chips[i].URL = withSelected(chips[i].URL, s)
	}
}

// stillSelected is an address of a list under which the same is selected as under the
// address of the request.
func stillSelected(c echo.Context, address string) string {
	return withSelected(address, views.Selection{IDs: selection(c.QueryParams()["id"])})
}

// withSelected is an address of a list under which the same is selected.
func withSelected(address string, s views.Selection) string {
	to, err := url.Parse(address)
	if err != nil || len(s.IDs) == 0 {
		return address
	}
	values := to.Query()
	values["id"] = s.IDs
	to.RawQuery = values.Encode()
	return to.String()
}
