// Package bulk hands many rows to a database with statements that are prepared once,
// whatever their number: to insert them, or as a table that a statement reads.
package bulk

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"

	"gorm.io/gorm"
	"gorm.io/gorm/schema"
)

// ErrText means that a text cannot be handed over so: it has a NUL, or bytes that are
// not UTF-8. What becomes of such a row is for the database to say.
var ErrText = errors.New("a text has a NUL, or bytes that are not UTF-8")

// Given is a table expression of the rows, whose columns are those of T, and the values
// that it binds. It is to be named with AS. On SQLite it may have rows of NULLs too,
// which no comparison finds.
func Given[T any](tx *gorm.DB, rows []T) (table string, values []any, err error) {
	of, err := schemaOf[T](tx)
	if err != nil {
		return "", nil, err
	}
	if tx.Name() == "postgres" {
		return document(tx, of, rows)
	}
	n := 1
	for n < len(rows) {
		n *= 2 // a connection keeps the statements of so few numbers of rows
	}
	fields := fieldsOf(of)
	if values, err = bind(tx.Statement.Context, fields, rows); err != nil {
		return "", nil, err
	}
	columns := make([]string, len(fields))
	for i, name := range of.DBNames {
		columns[i] = "column" + strconv.Itoa(i+1) + " AS " + name
	}
	values = append(values, make([]any, n*len(fields)-len(values))...)
	return "(SELECT " + strings.Join(columns, ", ") + " FROM (VALUES " + lines(row(len(fields)), n) + "))", values, nil
}

// Among is a condition on a column that has an index, and the value that it binds: one
// of the ids. PostgreSQL looks each of them up, also before it knows how many rows there
// are.
func Among(tx *gorm.DB, column string, ids []string) (condition, value string, err error) {
	list, err := json.Marshal(ids)
	if tx.Name() == "postgres" {
		return column + " = ANY (ARRAY(SELECT jsonb_array_elements_text(?::jsonb)))", string(list), err
	}
	return column + " IN (SELECT value FROM json_each(?))", string(list), err
}

// schemaOf is cached by GORM.
func schemaOf[T any](tx *gorm.DB) (*schema.Schema, error) {
	parsed := gorm.Statement{DB: tx}
	err := parsed.Parse(new(T))
	return parsed.Schema, err
}

func fieldsOf(of *schema.Schema) []*schema.Field {
	fields := make([]*schema.Field, len(of.DBNames))
	for i, name := range of.DBNames {
		fields[i] = of.FieldsByDBName[name]
	}
	return fields
}

// bind are the values of rows, one row after the other. SQLite reads rows out of JSON
// by parsing each of them once a column, which costs as much as storing them; so it
// gets each value by itself.
func bind[T any](ctx context.Context, fields []*schema.Field, rows []T) ([]any, error) {
	values := make([]any, 0, 2*len(rows)*len(fields))
	for i := range rows {
		row := reflect.ValueOf(&rows[i]).Elem()
		for _, field := range fields {
			value, _ := field.ValueOf(ctx, row)
			if text := reflect.ValueOf(value); text.Kind() == reflect.String && !whole(text.String()) {
				return nil, ErrText
			}
			values = append(values, value)
		}
	}
	return values, nil
}

// row is one of VALUES, with values of expressions after those that are bound.
func row(bound int, also ...Column) string {
	text := "(?" + strings.Repeat(",?", bound-1)
	for _, c := range also {
		text += "," + c.Value
	}
	return text + ")"
}

func lines(row string, n int) string { return strings.Repeat(row+",", n-1) + row }

// whole reports a text that both databases can hold.
func whole(text string) bool { return utf8.ValidString(text) && strings.IndexByte(text, 0) < 0 }
