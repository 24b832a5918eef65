package api

import (
	"bytes"
	"io"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
)

// query reads a query string strictly: an unknown or repeated parameter is an
// error, and so is one without a value, because a filter that is silently ignored
// shows, or deletes, too much.
type query struct {
	*faults
	values url.Values
}

// readQuery records every parameter that is not allowed or comes twice.
func readQuery(c echo.Context, f *faults, allowed ...string) query {
	values, err := url.ParseQuery(c.Request().URL.RawQuery)
	q := query{faults: f, values: values}
	if err != nil {
		f.add("query", "The query string cannot be read.")
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		switch {
		case !slices.Contains(allowed, name):
			f.add(shownName(name), "There is no parameter of this name.")
		case len(values[name]) > 1:
			f.add(name, name+" is given more than once.")
			delete(values, name)
		}
	}
	return q
}

// noParameters refuses every parameter.
func noParameters(c echo.Context) error {
	var f faults
	readQuery(c, &f)
	return f.err()
}

// maxParameter bounds a filter value, in characters; no field is longer.
const maxParameter = models.MaxNameLength

// text reads a parameter; empty when it is missing or bad.
func (q query) text(name string, limit int) string {
	if !q.values.Has(name) {
		return ""
	}
	value := q.values.Get(name)
	if value == "" {
		q.add(name, name+" has no value.")
		return ""
	}
	if !q.checkText(name, value, limit, false) {
		return ""
	}
	return value
}

// choice reads a parameter that must be one of the values; empty when it is
// missing or bad.
func choice[T ~string](q query, name string, values []T) T {
	value := T(q.text(name, models.MaxIdentifierLength))
	if value != "" && !slices.Contains(values, value) {
		q.add(name, name+" must be one of: "+list(values)+".")
		return ""
	}
	return value
}

func list[T ~string](values []T) string {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = string(value)
	}
	return strings.Join(texts, ", ")
}

// flag reads true or false.
func (q query) flag(name string) bool {
	return choice(q, name, []string{"true", "false"}) == "true"
}

// maxPageToken is in characters; sealing the longest name takes 2,800.
const maxPageToken = 4096

// Parameters of every list.
var pagingParameters = []string{"pageSize", "pageToken", "total", sortByAsc, sortByDesc}

const (
	sortByAsc  = "sortByAsc"
	sortByDesc = "sortByDesc"
)

// page reads paging, and sorting if the list can be sorted.
func (q query) page(sortable []string) models.PageRequest {
	p := models.PageRequest{Token: q.text("pageToken", maxPageToken), Count: q.flag("total")}
	if text := q.text("pageSize", models.MaxIdentifierLength); text != "" {
		size, message := wholeNumber("pageSize", text)
		if message == "" && (size < 1 || size > models.MaxPageSize) {
			message = "pageSize must be between 1 and 500."
		}
		if message != "" {
			q.add("pageSize", message)
		}
		p.Size = size
	}
	if len(sortable) == 0 {
		return p
	}
	up, down := choice(q, sortByAsc, sortable), choice(q, sortByDesc, sortable)
	switch {
	case q.values.Has(sortByAsc) && q.values.Has(sortByDesc):
		q.add(sortByDesc, "Give either sortByAsc or sortByDesc, not both.")
	case down != "":
		p.SortBy, p.Descending = down, true
	default:
		p.SortBy = up
	}
	return p
}

// readBody reads the whole body, which the server limits. A form with an access
// token besides the one in the header is refused.
func readBody(c echo.Context) ([]byte, error) {
	body, err := io.ReadAll(c.Request().Body)
	if err == nil {
		header := c.Request().Header
		if header.Get(echo.HeaderAuthorization) != "" && isForm(header) {
			if form, err := url.ParseQuery(string(body)); err == nil && form.Has(web.AccessTokenParameter) {
				return nil, web.TwoCredentials()
			}
		}
		return body, nil
	}
	return nil, web.UnreadBody(c, err, "The body did not arrive completely.")
}

// readJSON decodes the body of a call that takes no parameters.
func readJSON[T any](c echo.Context, decode func(body []byte, f *faults) (T, error)) (decoded T, err error) {
	var f faults
	readQuery(c, &f)
	body, err := readBody(c)
	if err != nil {
		return decoded, err
	}
	return decode(body, &f)
}

// noBody refuses a body where none is read: what it asks for would silently be
// ignored.
func noBody(c echo.Context, f *faults, hint string) error {
	body, err := readBody(c)
	if err != nil {
		return err
	}
	if len(bytes.TrimSpace(body)) > 0 {
		f.add("body", "This call takes no body. "+hint)
	}
	return nil
}
