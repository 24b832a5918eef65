// Package listing pages lists by key, and compares their texts: as they are, and as
// somebody may who sees e-mail and IP addresses masked.
package listing

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"gorm.io/gorm"

	"muster/models"
)

// List describes how one kind of row is listed. Pages are cut by key: the
// sorted value and the id. Expressions are SQL of ours, never a caller's.
type List[T any] struct {
	Name   string
	Newest Order[T]            // descending when no sort is asked for
	Sorts  map[string]Order[T] // the allow-list, by API field
	ID     func(*T) string     // what rows of the same value are told apart by
}

// Order is what a list is sorted by: the expression, and its value for a row (a
// time, a whole number or a text).
type Order[T any] struct {
	expression string
	value      func(*T) any
}

// By is an order.
func By[T any](expression string, value func(*T) any) Order[T] { return Order[T]{expression, value} }

// cursor is the content of a page token: where the page ended, and a digest that
// binds it to list, filter and order. It contains the sorted value, because its
// row may have moved or gone by the time the next page is asked for.
type cursor struct {
	Binding []byte          `json:"b"`
	ID      string          `json:"i"`
	Value   json.RawMessage `json:"v"`
	Before  int             `json:"n"` // rows up to here
}

// asked is what a request asks for: an order, the size of a page, and where it begins.
type asked[T any] struct {
	list       List[T]
	by         Order[T]
	descending bool
	size       int
	binding    []byte
	after      *cursor // nil for the first page
	value      any     // of after
}

// ask reads a request. KindInvalid with the field pageSize, pageToken or sortBy.
func (l List[T]) ask(filter any, request models.PageRequest) (asked[T], error) {
	a := asked[T]{list: l, by: l.Newest, descending: true, size: request.Size}
	if a.size == 0 {
		a.size = models.DefaultPageSize
	}
	if a.size < 1 || a.size > models.MaxPageSize {
		return a, models.InvalidField("pageSize", fmt.Sprintf("pageSize must be a number from 1 to %d.", models.MaxPageSize))
	}
	if request.SortBy != "" {
		var ok bool
		if a.by, ok = l.Sorts[request.SortBy]; !ok {
			return a, models.InvalidField("sortBy", "The list cannot be sorted by that field. Use one of: "+
				strings.Join(slices.Sorted(maps.Keys(l.Sorts)), ", ")+".")
		}
		a.descending = request.Descending
	}
	binding, err := json.Marshal([]any{l.Name, filter, request.SortBy, a.descending})
	if err != nil {
		return a, err
	}
	digest := sha256.Sum256(binding)
	a.binding = digest[:16]
	if request.Token == "" {
		return a, nil
	}
	from, value, ok := a.by.read(request.Token, a.binding)
	if !ok {
		return a, models.InvalidPageToken()
	}
	a.after, a.value = &from, value
	return a, nil
}

// page is one of rows that begin where it does; it needs to know of one more.
func (a asked[T]) page(rows []T) (page models.Page[T], err error) {
	if a.after != nil {
		page.Before = a.after.Before
	}
	page.Items = rows[:min(len(rows), a.size)]
	if len(rows) > a.size {
		last := &rows[a.size-1]
		page.NextToken, err = a.by.write(last, cursor{Binding: a.binding, ID: a.list.ID(last), Before: page.Before + a.size})
	}
	return page, err
}

// Page reads the page that is asked for of the rows that db selects. KindInvalid with
// the field pageSize, pageToken or sortBy.
func (l List[T]) Page(db *gorm.DB, filter any, request models.PageRequest) (models.Page[T], error) {
	return l.PageOf([]*gorm.DB{db}, filter, request)
}

// PageOf is Page of the rows that any of the parts selects, each along its own index.
func (l List[T]) PageOf(parts []*gorm.DB, filter any, request models.PageRequest) (models.Page[T], error) {
	a, err := l.ask(filter, request)
	if err != nil {
		return models.Page[T]{}, err
	}
	direction, after := "ASC", ">"
	if a.descending {
		direction, after = "DESC", "<"
	}
	order := "id " + direction
	if a.by.expression != "id" { // twice in an order, SQLite sorts what its index has in order
		order = a.by.expression + " " + direction + ", " + order
	}
	for i := range parts {
		if a.after != nil {
			parts[i] = parts[i].Where("("+a.by.expression+", id) "+after+" (?, ?)", a.value, a.after.ID)
		}
		parts[i] = parts[i].Order(order).Limit(a.size + 1)
	}
	db := parts[0]
	if len(parts) > 1 {
		db = Joined(parts...).Order(order).Limit(a.size + 1)
	}
	var rows []T
	if err = db.Find(&rows).Error; err != nil {
		return models.Page[T]{}, err
	}
	return a.page(rows)
}

// Cut is Page for rows that are in the order of Newest, which is by numbers.
func (l List[T]) Cut(rows []T, filter any, request models.PageRequest) (models.Page[T], error) {
	a, err := l.ask(filter, request)
	if err != nil {
		return models.Page[T]{}, err
	}
	if a.after == nil {
		return a.page(rows)
	}
	from := slices.IndexFunc(rows, func(row T) bool {
		mine, _ := a.by.value(&row).(int)
		last, _ := a.value.(int)
		return mine < last || mine == last && l.ID(&row) < a.after.ID
	})
	if from < 0 {
		from = len(rows)
	}
	return a.page(rows[from:])
}

// Joined selects the rows that any of the parts selects.
func Joined(parts ...*gorm.DB) *gorm.DB {
	if len(parts) == 1 {
		return parts[0]
	}
	all, values := make([]string, len(parts)), make([]any, len(parts))
	for i, part := range parts {
		all[i], values[i] = fmt.Sprintf("SELECT * FROM (?) AS part_%d", i), part
	}
	return parts[0].Session(&gorm.Session{NewDB: true}).Table("("+strings.Join(all, " UNION ALL ")+") AS joined", values...)
}

// write adds the value of the last row.
func (o Order[T]) write(last *T, c cursor) (string, error) {
	var err error
	if c.Value, err = json.Marshal(o.value(last)); err != nil {
		return "", err
	}
	text, err := json.Marshal(c)
	return string(text), err
}

// read opens a page token; false if it is not one of this list, filter and order.
func (o Order[T]) read(token string, binding []byte) (c cursor, value any, ok bool) {
	if json.Unmarshal([]byte(token), &c) != nil || !slices.Equal(c.Binding, binding) ||
		strings.ContainsRune(c.ID, 0) || !utf8.ValidString(c.ID) || c.Before < 0 {
		return c, nil, false
	}
	switch o.value(new(T)).(type) {
	case time.Time:
		value, ok = decode[time.Time](c.Value)
	case int:
		value, ok = decode[int](c.Value)
	case string:
		value, ok = decode[string](c.Value)
	}
	return c, value, ok
}

func decode[V any](text json.RawMessage) (V, bool) {
	var value V
	err := json.Unmarshal(text, &value)
	return value, err == nil
}
