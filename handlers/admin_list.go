package handlers

import (
	"cmp"
	"net/url"

	"muster/models"
	"muster/views/ui"
)

// listPageSize is how many rows a page of a list shows: with fifteen, no page
// weighs more than 150 KB.
const listPageSize = 15

// listQuery is what a list is asked for by its address.
type listQuery struct {
	path string
	// more are further parameters to carry along.
	more url.Values
	page string
	// size is how many rows a page has; zero for listPageSize.
	size int
}

func listError(f models.FieldError) error {
	e := models.Invalid(f)
	e.NextStep = "Open the list again and choose from there."
	return e
}

// url is the list's address with another page.
func (q listQuery) url(page string) string {
	values := url.Values{}
	for name, list := range q.more {
		values[name] = list
	}
	if page != "" {
		values.Set("page", page)
	}
	if len(values) == 0 {
		return q.path
	}
	return q.path + "?" + values.Encode()
}

// self is the address of this very page of the list.
func (q listQuery) self() string { return q.url(q.page) }

// request asks for the page.
func (q listQuery) request() models.PageRequest {
	return models.PageRequest{Size: cmp.Or(q.size, listPageSize), Token: q.page}
}

// paging leads on from a page with that many rows.
func (q listQuery) paging(rows int, next string) ui.Paging {
	var p ui.Paging
	if q.page != "" {
		p.FirstURL = q.url("")
	}
	if next != "" {
		p.NextURL = q.url(next)
	}
	if p.FirstURL != "" || p.NextURL != "" {
		p.Summary = plural(rows, "row") + " on this page"
	}
	return p
}
