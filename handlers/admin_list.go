package handlers

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"muster/models"
	"muster/views/ui"
)

// listPageSize is how many rows a page of a list shows: with fifteen, no page
// weighs more than 150 KB.
const listPageSize = 15

// listQuery is what a list is asked for by its address.
type listQuery struct {
	path   string
	search string
	// stateName is the parameter that narrows by state; state is "" for all.
	stateName string
	state     string
	// sort is one of the list's orders (parameter sort); empty for newest
	// first.
	sort listSort
	// more are further parameters to carry along.
	more url.Values
	page string
	// size is how many rows a page has; zero for listPageSize.
	size int
}

// listSort is an order to choose for a list.
type listSort struct {
	value, label string
	by           string // the store's name of it
	descending   bool
}

// readSort reads the order; an unknown one is an error like an unknown state.
func (q *listQuery) readSort(c echo.Context, sorts []listSort) error {
	value := c.QueryParam("sort")
	i := slices.IndexFunc(sorts, func(s listSort) bool { return s.value == value })
	if i < 0 {
		return listError(models.FieldError{Field: "sort", Message: "There is no such order for the list."})
	}
	q.sort = sorts[i]
	return nil
}

// sortOptions are the orders for a select.
func sortOptions(sorts []listSort) []ui.Option {
	options := make([]ui.Option, len(sorts))
	for i, s := range sorts {
		options[i] = ui.Option{Value: s.value, Label: s.label}
	}
	return options
}

// stateAll is the value of a state parameter that narrows nothing.
const stateAll = "all"

// readListQuery reads and checks the parameters of a list. A value that is
// not known is an error: a list that silently shows something else misleads.
func readListQuery(values url.Values, path, stateName string, states []string) (listQuery, error) {
	q := listQuery{
		path: path, search: strings.TrimSpace(values.Get("q")), page: values.Get("page"),
		stateName: stateName, state: values.Get(stateName), more: url.Values{},
	}
	if q.state == stateAll {
		q.state = ""
	}
	if q.state != "" && !slices.Contains(states, q.state) {
		return q, listError(models.FieldError{Field: stateName, Message: "There is no such state to narrow the list by."})
	}
	if f := models.CheckText("q", q.search, models.MaxNameLength, false); f != nil {
		message := fieldErrors(models.Invalid(*f), nil)["q"]
		return q, listError(models.FieldError{Field: "q", Message: message})
	}
	return q, nil
}

func listError(f models.FieldError) error {
	e := models.Invalid(f)
	e.NextStep = "Open the list again and choose from there."
	return e
}

// url is the list's address with another state and page.
func (q listQuery) url(state, page string) string {
	values := url.Values{}
	for name, list := range q.more {
		values[name] = list
	}
	for name, value := range map[string]string{"q": q.search, q.stateName: state, "page": page, "sort": q.sort.value} {
		if value != "" {
			values.Set(name, value)
		}
	}
	if len(values) == 0 {
		return q.path
	}
	return q.path + "?" + values.Encode()
}

// self is the address of this very page of the list.
func (q listQuery) self() string { return q.url(q.state, q.page) }

// match is the query of the whole list, as it is narrowed.
func (q listQuery) match() string { return strings.TrimPrefix(q.url(q.state, ""), q.path+"?") }

// filtered reports whether anything narrows the list.
func (q listQuery) filtered() bool { return q.search != "" || q.state != "" || len(q.more) > 0 }

// request asks for the page.
func (q listQuery) request() models.PageRequest {
	return models.PageRequest{Size: cmp.Or(q.size, listPageSize), Token: q.page, SortBy: q.sort.by, Descending: q.sort.descending}
}

// paging leads on from a page with that many rows.
func (q listQuery) paging(rows int, next string) ui.Paging {
	var p ui.Paging
	if q.page != "" {
		p.FirstURL = q.url(q.state, "")
	}
	if next != "" {
		p.NextURL = q.url(q.state, next)
	}
	if p.FirstURL != "" || p.NextURL != "" {
		p.Summary = plural(rows, "row") + " on this page"
	}
	return p
}
