package store

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"muster/models"
)

// sortColumn is one entry of a list's allow-list.
type sortColumn[T any] struct {
	// expression is SQL of ours, never of a caller.
	expression string
	// value is the expression's value in a row: string, int or time.Time.
	value func(*T) any
}

// list describes how one kind of row is listed. Pages are cut by key: the
// sorted expression and the id.
type list[T any] struct {
	name   string
	newest sortColumn[T] // descending when no sort is asked for
	sorts  map[string]sortColumn[T]
	id     func(*T) string
}

// cursor is what a page token holds: the place of the last row, and a digest
// that binds it to list, filter and order.
type cursor struct {
	Binding []byte          `json:"b"`
	Value   json.RawMessage `json:"v"`
	ID      string          `json:"i"`
}

func (l list[T]) page(db *gorm.DB, filter any, request models.PageRequest) (models.Page[T], error) {
	var page models.Page[T]
	size := request.Size
	if size == 0 {
		size = models.DefaultPageSize
	}
	if size < 1 || size > models.MaxPageSize {
		return page, models.InvalidField("pageSize", fmt.Sprintf("pageSize must be a number from 1 to %d.", models.MaxPageSize))
	}
	column, descending := l.newest, true
	if request.SortBy != "" {
		var ok bool
		if column, ok = l.sorts[request.SortBy]; !ok {
			return page, models.InvalidField("sortBy", "The list cannot be sorted by that field. Use one of: "+
				strings.Join(slices.Sorted(maps.Keys(l.sorts)), ", ")+".")
		}
		descending = request.Descending
	}
	binding, err := json.Marshal([]any{l.name, filter, request.SortBy, descending})
	if err != nil {
		return page, err
	}
	digest := sha256.Sum256(binding)

	direction, after := "ASC", ">"
	if descending {
		direction, after = "DESC", "<"
	}
	if request.Token != "" {
		value, id, ok := readCursor(request.Token, digest[:16], column.value(new(T)))
		if !ok {
			return page, models.InvalidField("pageToken", "The pageToken does not belong to this list with this filter and order. Start again from the first page.")
		}
		db = db.Where("("+column.expression+", id) "+after+" (?, ?)", value, id)
	}
	err = db.Order(column.expression + " " + direction).Order("id " + direction).Limit(size + 1).Find(&page.Items).Error
	if err != nil {
		return models.Page[T]{}, err
	}
	if len(page.Items) > size {
		page.Items = page.Items[:size]
		last := &page.Items[size-1]
		if page.NextToken, err = writeCursor(digest[:16], column.value(last), l.id(last)); err != nil {
			return models.Page[T]{}, err
		}
	}
	return page, nil
}

func writeCursor(binding []byte, value any, id string) (string, error) {
	raw, err := json.Marshal(value)
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(cursor{Binding: binding, Value: raw, ID: id})
	return base64.RawURLEncoding.EncodeToString(text), err
}

// readCursor opens a page token; like has the type its value must have.
func readCursor(token string, binding []byte, like any) (value any, id string, ok bool) {
	text, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return nil, "", false
	}
	var c cursor
	if json.Unmarshal(text, &c) != nil || !slices.Equal(c.Binding, binding) || c.ID == "" || strings.ContainsRune(c.ID, 0) {
		return nil, "", false
	}
	switch like.(type) {
	case string:
		var v string
		err, value = json.Unmarshal(c.Value, &v), v
		ok = !strings.ContainsRune(v, 0)
		return value, c.ID, ok && err == nil
	case int:
		var v int32
		err = json.Unmarshal(c.Value, &v)
		return int(v), c.ID, err == nil
	case time.Time:
		var v time.Time
		err = json.Unmarshal(c.Value, &v)
		return v.UTC(), c.ID, err == nil
	}
	return nil, "", false
}
