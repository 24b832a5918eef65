// Package bulk hands many rows to a database with one statement and one bound value,
// which is prepared once for any number of them: as a table that a statement reads.
package bulk

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"gorm.io/gorm"
	"gorm.io/gorm/schema"
)

// ErrText means that a text cannot be handed over so: it has a NUL, or bytes that are
// not UTF-8. What becomes of such a row is for the database to say.
var ErrText = errors.New("a text has a NUL, or bytes that are not UTF-8")

// Column is one that rows get beside those of their type: the value of an expression.
type Column struct{ Name, Value string }

// Insert inserts all rows with one statement. Bytes, times, texts, numbers and truth
// values are what columns may hold.
func Insert[T any](tx *gorm.DB, rows []T, also ...Column) error {
	of, err := schemaOf[T](tx)
	if err != nil {
		return err
	}
	table, value, err := given(tx, of, rows)
	if err != nil {
		return err
	}
	columns := strings.Join(of.DBNames, ", ")
	names, values := columns, columns
	for _, c := range also {
		names += ", " + c.Name
		values += ", " + c.Value
	}
	return tx.Exec("INSERT INTO "+of.Table+" ("+names+") SELECT "+values+" FROM "+table+" AS given", value).Error
}

// Given is a table expression of the rows, whose columns are those of T, and the value
// that it binds. It is to be named with AS.
func Given[T any](tx *gorm.DB, rows []T) (table, value string, err error) {
	of, err := schemaOf[T](tx)
	if err != nil {
		return "", "", err
	}
	return given(tx, of, rows)
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

func given[T any](tx *gorm.DB, of *schema.Schema, rows []T) (table, value string, err error) {
	postgres := tx.Name() == "postgres"
	text := append(make([]byte, 0, len(rows)*1024), '[')
	for i := range rows {
		if i > 0 {
			text = append(text, ',')
		}
		if text, err = appendRow(tx.Statement.Context, text, of, reflect.ValueOf(&rows[i]).Elem(), postgres); err != nil {
			return "", "", err
		}
	}
	return tableOf(of, postgres), string(append(text, ']')), nil
}

// tableOf reads an array of arrays.
func tableOf(of *schema.Schema, postgres bool) string {
	columns := make([]string, len(of.DBNames))
	for i, name := range of.DBNames {
		column := "value ->> " + strconv.Itoa(i)
		if kind := of.FieldsByDBName[name].DataType; postgres {
			column = "CAST(" + column + " AS " + postgresTypes[kind] + ")"
		} else if kind == schema.Bytes {
			column = "unhex(" + column + ")"
		}
		columns[i] = column + " AS " + name
	}
	each := "json_each(?)"
	if postgres {
		each = "jsonb_array_elements(?::jsonb) AS each(value)"
	}
	return "(SELECT " + strings.Join(columns, ", ") + " FROM " + each + ")"
}

var postgresTypes = map[schema.DataType]string{
	schema.Bool: "boolean", schema.Int: "bigint", schema.Uint: "bigint", schema.Float: "double precision",
	schema.String: "text", schema.Time: "timestamptz", schema.Bytes: "bytea",
}

func appendRow(ctx context.Context, text []byte, of *schema.Schema, row reflect.Value, postgres bool) (_ []byte, err error) {
	separator := byte('[')
	for _, name := range of.DBNames {
		text = append(text, separator)
		separator = ','
		value, _ := of.FieldsByDBName[name].ValueOf(ctx, row)
		if text, err = appendValue(text, reflect.ValueOf(value), postgres); err != nil {
			return nil, fmt.Errorf("column %s of %s: %w", name, of.Table, err)
		}
	}
	return append(text, ']'), nil
}

// sqliteTime is how the driver of SQLite writes a time.
const sqliteTime = "2006-01-02 15:04:05.999999999-07:00"

func appendValue(text []byte, value reflect.Value, postgres bool) ([]byte, error) {
	for value.Kind() == reflect.Pointer {
		value = value.Elem() // nil has none
	}
	if !value.IsValid() || value.Kind() == reflect.Slice && value.IsNil() {
		return append(text, "null"...), nil
	}
	switch v := value.Interface().(type) {
	case time.Time:
		text = append(text, '"')
		return append(v.UTC().Truncate(time.Microsecond).AppendFormat(text, sqliteTime), '"'), nil
	case []byte:
		text = append(text, '"')
		if postgres {
			text = append(text, `\\x`...)
		}
		return append(hex.AppendEncode(text, v), '"'), nil
	}
	switch value.Kind() {
	case reflect.String:
		return appendText(text, value.String())
	case reflect.Bool, reflect.Int, reflect.Int64:
		return fmt.Append(text, value.Interface()), nil
	default:
		return nil, fmt.Errorf("a %s cannot be handed over", value.Type())
	}
}

func appendText(text []byte, s string) ([]byte, error) {
	if !utf8.ValidString(s) || strings.IndexByte(s, 0) >= 0 {
		return nil, ErrText
	}
	quoted, err := json.Marshal(s)
	return append(text, quoted...), err
}
