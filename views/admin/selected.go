package admin

import (
	"maps"
	"net/url"
	"slices"
	"strconv"

	"muster/models"
	"muster/views/ui"
)

// mostSelected is how many rows can be selected at once, for the script to say.
var mostSelected = strconv.Itoa(models.MaxPageSize)

// Selection is what is selected in a list: on the page that is shown, and on others.
type Selection struct {
	// IDs are all of them, Here those of the page.
	IDs, Here []string
	// Rows is how many rows the page has.
	Rows int
	// ClearURL is the address of the page with nothing selected.
	ClearURL string
}

// Has reports whether a row is selected.
func (s Selection) Has(id string) bool { return slices.Contains(s.IDs, id) }

// elsewhere are those that the page does not show.
func (s Selection) elsewhere() []string {
	return slices.DeleteFunc(slices.Clone(s.IDs), func(id string) bool { return slices.Contains(s.Here, id) })
}

// said is how many are selected; the script says the same when that changes. Without a
// script nobody counts what is selected on the page.
func (s Selection) said() string {
	switch {
	case len(s.IDs) == 0:
		return "Those you select:"
	case len(s.IDs) > len(s.Here):
		return ui.Number(len(s.IDs)) + " selected, " + ui.Number(len(s.Here)) + " of them on this page"
	}
	return ui.Number(len(s.Here)) + " of " + ui.Number(s.Rows) + " selected"
}

// parameters are those of the address of a page, as a form has to send them; the page
// itself is for the button to name.
func parameters(address string) (more []ui.Option, page string) {
	to, err := url.Parse(address)
	if err != nil {
		return nil, ""
	}
	values := to.Query()
	for _, name := range slices.Sorted(maps.Keys(values)) {
		switch name {
		case "id":
		case "page":
			page = values.Get(name)
		default:
			more = append(more, ui.Option{Label: name, Value: values.Get(name)})
		}
	}
	return more, page
}
