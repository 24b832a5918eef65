package listing

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strings"

	"muster/handlers/web"
	"muster/models"
	"muster/seen"
	"muster/views/ui"
)

// List says what an address may ask of a list.
type List struct {
	Path string
	// StateName is the parameter that narrows by one of the States; empty for a
	// list without states.
	StateName string
	States    []string
	// Sorts are the orders to choose from (parameter sort), the usual one first; may be
	// empty.
	Sorts []Sort
}

// Query is what an address asks of a list.
type Query struct {
	Path   string
	Search string
	// State is one of the list's states, "" for all.
	State string
	// Sort is the order of the rows.
	Sort Sort
	// Size is how many rows a page has; zero for the default.
	Size int
	// More are further parameters to carry along.
	More url.Values

	stateName string
	page      string
	sorts     []Sort
	// sorted says that the address chose the order.
	sorted bool
}

// stateAll is the value of a state parameter that narrows nothing.
const stateAll = "all"

// Read reads and checks the parameters of the list. A value that is not known
// is KindInvalid: a list that silently shows something else misleads.
func (l List) Read(values url.Values) (Query, error) {
	q := Query{
		Path: l.Path, Search: strings.TrimSpace(values.Get("q")), More: url.Values{},
		stateName: l.StateName, page: values.Get("page"), sorts: l.Sorts,
	}
	if state := values.Get(l.StateName); l.StateName != "" && state != stateAll {
		q.State = state
	}
	if q.State != "" && !slices.Contains(l.States, q.State) {
		return q, Invalid(l.StateName, "This list has no such state.")
	}
	if err := CheckText("q", q.Search); err != nil {
		return q, err
	}
	return q, q.readSort(values)
}

// CheckText checks a text that an address narrows a list by; KindInvalid.
func CheckText(field, text string) error {
	if f := models.CheckText(field, text, models.MaxNameLength, false); f != nil {
		return Invalid(field, web.FieldErrors(models.Invalid(*f), nil)[field])
	}
	return nil
}

// Part asks for one page of a list that is only part of a web page: its address
// has no parameters but these.
func Part(path string, size int, page string, more url.Values) Query {
	return Query{Path: path, More: more, page: page, Size: size}
}

// Invalid is the error for an address that asks for something the list does not
// have.
func Invalid(field, message string) *models.Error {
	e := models.InvalidField(field, message)
	e.NextStep = "Open the list again and choose from there."
	return e
}

// values are the parameters with another state and page.
func (q Query) values(state, page string) url.Values {
	values := url.Values{}
	maps.Copy(values, q.More)
	for name, value := range map[string]string{"q": q.Search, q.stateName: state, "page": page, "sort": q.sortValue(), "order": q.orderValue()} {
		if value != "" {
			values.Set(name, value)
		}
	}
	return values
}

// withQuery is an address with these parameters.
func withQuery(path string, values url.Values) string {
	if len(values) == 0 {
		return path
	}
	return path + "?" + values.Encode()
}

// In is the first page of the list in another state.
func (q Query) In(state string) string { return withQuery(q.Path, q.values(state, "")) }

// Self is the address of this very page.
func (q Query) Self() string { return q.Under(q.Path) }

// Under is another path with the parameters of this very page.
func (q Query) Under(path string) string { return withQuery(path, q.values(q.State, q.page)) }

// Whole is another path with the parameters of the whole list, narrowed and
// sorted.
func (q Query) Whole(path string) string { return withQuery(path, q.values(q.State, "")) }

// Match is the query string of the whole list, as it is narrowed.
func (q Query) Match() string { return q.values(q.State, "").Encode() }

// Filtered reports whether anything narrows the list.
func (q Query) Filtered() bool { return q.Search != "" || q.State != "" || len(q.More) > 0 }

// Narrowed is what narrows the list, for the trail.
func (q Query) Narrowed() map[string]string {
	narrowed := map[string]string{}
	for name, list := range q.More {
		narrowed[name] = strings.Join(list, " ")
	}
	for name, value := range map[string]string{"q": q.Search, q.stateName: q.State} {
		if value != "" {
			narrowed[name] = value
		}
	}
	return narrowed
}

// Request asks for the page.
func (q Query) Request() models.PageRequest {
	return models.PageRequest{
		Size: cmp.Or(q.Size, models.DefaultPageSize), Token: q.page, SortBy: q.Sort.By, Descending: q.Sort.Descending, Count: true,
	}
}

// WholeRequest asks for a page of an export, in the list's order.
func (q Query) WholeRequest(token string) models.PageRequest {
	request := q.Request()
	request.Size, request.Token, request.Count = models.MaxPageSize, token, false
	return request
}

// Paged leads on from a page, and says where in the list it is.
func Paged[T any](q Query, page seen.Page[T]) ui.Paging {
	p := q.Paging(len(page.Items), page.NextToken())
	p.Summary = ui.Extent(page.Before, len(page.Items), page.Total.Number, page.Total.More)
	return p
}

// Paging leads on from a page with that many rows.
func (q Query) Paging(rows int, next string) ui.Paging {
	var p ui.Paging
	if q.page != "" {
		p.FirstURL = q.In(q.State)
	}
	if next != "" {
		q.page = next
		p.NextURL = q.Self()
	}
	if p.FirstURL != "" || p.NextURL != "" {
		p.Summary = ui.Plural(rows, "row", "rows") + " on this page"
	}
	return p
}
