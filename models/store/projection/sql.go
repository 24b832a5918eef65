package projection

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"

	"gorm.io/gorm"
)

func isPostgres(db *gorm.DB) bool { return db.Name() == "postgres" }

// valuesOf is the table "given" of the texts in a list, which is one parameter; its
// column is "value".
func valuesOf(db *gorm.DB, parameter string) string {
	if isPostgres(db) {
		return "jsonb_array_elements_text(CAST(" + parameter + " AS jsonb)) AS given(value)"
	}
	return "json_each(" + parameter + ") AS given"
}

// oneOf is the condition that a text column is one of a list.
func oneOf(db *gorm.DB, column, parameter string) string {
	return column + " IN (SELECT given.value FROM " + valuesOf(db, parameter) + ")"
}

// oneNumberOf is the same for a column of numbers.
func oneNumberOf(db *gorm.DB, column, parameter string) string {
	return column + " IN (SELECT CAST(given.value AS BIGINT) FROM " + valuesOf(db, parameter) + ")"
}

// list is a list of texts or numbers as one parameter.
func list[T string | int64](values []T) string {
	text, _ := json.Marshal(values) // texts and numbers always marshal
	return string(text)
}

// sortedKeys are in order, so that transactions take their rows in the same one.
func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
