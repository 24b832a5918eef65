package bulk

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/schema"
)

// document is Given on PostgreSQL: one value for all rows, an array of arrays.
func document[T any](tx *gorm.DB, of *schema.Schema, rows []T) (table string, values []any, err error) {
	text := append(make([]byte, 0, len(rows)*1024), '[')
	fields := fieldsOf(of)
	for i := range rows {
		if i > 0 {
			text = append(text, ',')
		}
		if text, err = appendRow(tx.Statement.Context, text, fields, reflect.ValueOf(&rows[i]).Elem()); err != nil {
			return "", nil, err
		}
	}
	columns := make([]string, len(fields))
	for i, field := range fields {
		columns[i] = "CAST(value ->> " + strconv.Itoa(i) + " AS " + types[field.DataType] + ") AS " + field.DBName
	}
	table = "(SELECT " + strings.Join(columns, ", ") + " FROM jsonb_array_elements(?::jsonb) AS each(value))"
	return table, []any{string(append(text, ']'))}, nil
}

var types = map[schema.DataType]string{
	schema.Bool: "boolean", schema.Int: "bigint", schema.Uint: "bigint", schema.Float: "double precision",
	schema.String: "text", schema.Time: "timestamptz", schema.Bytes: "bytea",
}

func appendRow(ctx context.Context, text []byte, fields []*schema.Field, row reflect.Value) (_ []byte, err error) {
	separator := byte('[')
	for _, field := range fields {
		text = append(text, separator)
		separator = ','
		value, _ := field.ValueOf(ctx, row)
		if text, err = appendValue(text, reflect.ValueOf(value)); err != nil {
			return nil, fmt.Errorf("column %s: %w", field.DBName, err)
		}
	}
	return append(text, ']'), nil
}

func appendValue(text []byte, value reflect.Value) ([]byte, error) {
	for value.Kind() == reflect.Pointer {
		value = value.Elem() // nil has none
	}
	if !value.IsValid() || value.Kind() == reflect.Slice && value.IsNil() {
		return append(text, "null"...), nil
	}
	switch v := value.Interface().(type) {
	case time.Time:
		text = append(text, '"')
		return append(v.UTC().Truncate(time.Microsecond).AppendFormat(text, time.RFC3339Nano), '"'), nil
	case []byte:
		text = append(text, `"\\x`...)
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
	if !whole(s) {
		return nil, ErrText
	}
	quoted, err := json.Marshal(s)
	return append(text, quoted...), err
}
