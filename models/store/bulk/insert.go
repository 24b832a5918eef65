package bulk

import (
	"strings"

	"gorm.io/gorm"
)

// Column is one that rows get beside those of their type: the value of an expression.
type Column struct{ Name, Value string }

// mostBound is how many rows a statement of SQLite binds.
const mostBound = 64

// Insert inserts all rows. Bytes, times, texts, numbers and truth values are what
// columns may hold.
func Insert[T any](tx *gorm.DB, rows []T, also ...Column) error {
	if len(rows) == 0 {
		return nil
	}
	of, err := schemaOf[T](tx)
	if err != nil {
		return err
	}
	into := "INSERT INTO " + of.Table + " (" + strings.Join(of.DBNames, ", ")
	for _, c := range also {
		into += ", " + c.Name
	}
	into += ") "
	if tx.Name() == "postgres" {
		table, values, err := document(tx, of, rows)
		if err != nil {
			return err
		}
		columns := strings.Join(of.DBNames, ", ")
		for _, c := range also {
			columns += ", " + c.Value
		}
		return tx.Exec(into+"SELECT "+columns+" FROM "+table+" AS given", values...).Error
	}
	fields := fieldsOf(of)
	for n := mostBound; n > 0; n /= 2 {
		for ; len(rows) >= n; rows = rows[n:] {
			values, err := bind(tx.Statement.Context, fields, rows[:n])
			if err != nil {
				return err
			}
			if err := tx.Exec(into+"VALUES "+lines(row(len(fields), also...), n), values...).Error; err != nil {
				return err
			}
		}
	}
	return nil
}
