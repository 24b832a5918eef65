package store

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"gorm.io/gorm"

	"muster/models"
)

// list describes how one kind of row is listed. Pages are cut by key: the
// sorted expression and the id. Expressions are SQL of ours, never a caller's.
type list[T any] struct {
	name   string
	newest string            // descending when no sort is asked for
	sorts  map[string]string // the allow-list: API field to expression
	id     func(*T) string
}

// cursor is what a page token holds: the id of the last row, and a digest
// that binds it to list, filter and order. The sorted value itself stays in
// the database: it may be personal data that the caller sees masked only.
type cursor struct {
	Binding []byte `json:"b"`
	ID      string `json:"i"`
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
		rows := db.Session(&gorm.Session{NewDB: true}).Model(new(T)).
			Where("id = ?", readCursor(request.Token, digest[:16])).Session(&gorm.Session{})
		var known int64
		if err := rows.Count(&known).Error; err != nil {
			return page, err
		}
		if known == 0 {
			return page, models.InvalidField("pageToken", "The pageToken does not belong to this list with this filter and order. Start again from the first page.")
		}
		db = db.Where("("+column+", id) "+after+" (?)", rows.Select(column+", id"))
	}
	err = db.Order(column + " " + direction).Order("id " + direction).Limit(size + 1).Find(&page.Items).Error
	if err != nil {
		return models.Page[T]{}, err
	}
	if len(page.Items) > size {
		page.Items = page.Items[:size]
		last := &page.Items[size-1]
		if page.NextToken, err = writeCursor(digest[:16], l.id(last)); err != nil {
			return models.Page[T]{}, err
		}
	}
	return page, nil
}

func writeCursor(binding []byte, id string) (string, error) {
	text, err := json.Marshal(cursor{Binding: binding, ID: id})
	return base64.RawURLEncoding.EncodeToString(text), err
}

// readCursor opens a page token; the id is empty when it is none of ours.
func readCursor(token string, binding []byte) (id string) {
	text, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return ""
	}
	var c cursor
	if json.Unmarshal(text, &c) != nil || !slices.Equal(c.Binding, binding) || strings.ContainsRune(c.ID, 0) {
		return ""
	}
	return c.ID
}
