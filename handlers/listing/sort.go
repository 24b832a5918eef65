package listing

import (
	"net/url"
	"slices"

	"muster/models"
	"muster/views/ui"
)

// Sort is an order to choose for a list.
type Sort struct {
	// Value is that of the parameter.
	Value string
	// By is the store's name of it.
	By string
	// Descending is the direction; in a list's Sorts, the one of the first click.
	Descending bool
}

// The values of the parameter order, which turns an order around.
const (
	ascending  = "asc"
	descending = "desc"
)

// readSort reads the parameters sort and order; without them the usual order holds.
func (q *Query) readSort(values url.Values) error {
	value, order := values.Get("sort"), values.Get("order")
	if value == "" && order == "" {
		if len(q.sorts) > 0 {
			q.Sort = q.sorts[0]
		}
		return nil
	}
	i := slices.IndexFunc(q.sorts, func(s Sort) bool { return s.Value == value })
	if i < 0 || !slices.Contains([]string{"", ascending, descending}, order) {
		wrong := Invalid("sort", "The list cannot be sorted that way.")
		wrong.Fields = append(wrong.Fields, models.FieldError{Field: "order", Message: wrong.Fields[0].Message})
		return wrong
	}
	q.Sort, q.sorted = q.sorts[i], true
	if order != "" {
		q.Sort.Descending = order == descending
	}
	return nil
}

// Usually is the list in another order, unless the address chose one.
func (q Query) Usually(s Sort) Query {
	if !q.sorted {
		q.Sort = s
	}
	return q
}

// Unsorted is the list in its usual order.
func (q Query) Unsorted() Query {
	q.Sort, q.sorted = Sort{}, false
	return q
}

func (q Query) sortValue() string {
	if !q.sorted {
		return ""
	}
	return q.Sort.Value
}

// orderValue is empty for the direction of the first click.
func (q Query) orderValue() string {
	switch {
	case !q.sorted || slices.Contains(q.sorts, q.Sort):
		return ""
	case q.Sort.Descending:
		return descending
	default:
		return ascending
	}
}

// Sorting is what the headings of the list lead to.
func (q Query) Sorting() ui.Sorting {
	sorting := ui.Sorting{}
	for _, s := range q.sorts {
		order := ui.Order{}
		if s.By == q.Sort.By {
			order.Direction = ui.Ascending
			if q.Sort.Descending {
				order.Direction = ui.Descending
			}
			s.Descending = !q.Sort.Descending
		}
		turned := q
		turned.Sort, turned.sorted = s, true
		order.URL = turned.In(q.State)
		sorting[s.Value] = order
	}
	return sorting
}
