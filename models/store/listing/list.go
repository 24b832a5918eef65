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

// Page reads the page that is asked for of the rows that db selects. KindInvalid with
// the field pageSize, pageToken or sortBy.
func (l List[T]) Page(db *gorm.DB, filter any, request models.PageRequest) (models.Page[T], error) {
	return l.PageOf([]*gorm.DB{db}, filter, request)
}

// PageOf is Page of the rows that any of the parts selects, each along its own index.
func (l List[T]) PageOf(parts []*gorm.DB, filter any, request models.PageRequest) (models.Page[T], error) {
	var page models.Page[T]
	size := request.Size
	if size == 0 {
		size = models.DefaultPageSize
	}
	if size < 1 || size > models.MaxPageSize {
		return page, models.InvalidField("pageSize", fmt.Sprintf("pageSize must be a number from 1 to %d.", models.MaxPageSize))
	}
	by, descending := l.Newest, true
	if request.SortBy != "" {
		var ok bool
		if by, ok = l.Sorts[request.SortBy]; !ok {
			return page, models.InvalidField("sortBy", "The list cannot be sorted by that field. Use one of: "+
				strings.Join(slices.Sorted(maps.Keys(l.Sorts)), ", ")+".")
		}
		descending = request.Descending
	}
	binding, err := json.Marshal([]any{l.Name, filter, request.SortBy, descending})
	if err != nil {
		return page, err
	}
	digest := sha256.Sum256(binding)

	direction, after := "ASC", ">"
	if descending {
		direction, after = "DESC", "<"
	}
	if request.Token != "" {
		from, value, ok := by.read(request.Token, digest[:16])
		if !ok {
			return page, models.InvalidPageToken()
		}
		page.Before = from.Before
		for i := range parts {
			parts[i] = parts[i].Where("("+by.expression+", id) "+after+" (?, ?)", value, from.ID)
		}
	}
	order := "id " + direction
	if by.expression != "id" { // twice in an order, SQLite sorts what its index has in order
		order = by.expression + " " + direction + ", " + order
	}
	for i := range parts {
		parts[i] = parts[i].Order(order).Limit(size + 1)
	}
	db := parts[0]
	if len(parts) > 1 {
		db = Joined(parts...).Order(order).Limit(size + 1)
	}
	if err = db.Find(&page.Items).Error; err != nil {
		return models.Page[T]{}, err
	}
	if len(page.Items) > size {
		page.Items = page.Items[:size]
		last := &page.Items[size-1]
		if page.NextToken, err = by.write(last, cursor{Binding: digest[:16], ID: l.ID(last), Before: page.Before + size}); err != nil {
			return models.Page[T]{}, err
		}
	}
	return page, nil
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
