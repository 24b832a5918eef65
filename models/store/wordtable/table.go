// Package wordtable has what the tables of words have in common: which words of a text
// stand in them, and how their rows are written.
package wordtable

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"gorm.io/gorm"

	"muster/models/mask"
	"muster/models/words"
)

// Table is a table of words, clustered by owner, form, word and id.
type Table struct {
	Name string
	// Owner is the column that tells whose words they are, Is its value.
	Owner string
	Is    any
}

// Row is a row of one owner.
type Row struct {
	Form words.Form `json:"f"`
	Word string     `json:"w"`
	ID   string     `json:"i"`
}

// Rows are the entries of what has an id.
func Rows(id string, entries []words.Entry) []Row {
	rows := make([]Row, len(entries))
	for i, e := range entries {
		rows[i] = Row{e.Form, e.Word, id}
	}
	return rows
}

// Both are the words of a text, and those of what is shown of it when it is masked.
func Both(text string) (all, masked []string) {
	all = words.Of(text)
	if shown := mask.Text(text); shown != text {
		return all, words.Of(shown)
	}
	return all, all
}

// AtOnce is how many rows a statement takes.
const AtOnce = 5_000

// Insert puts new rows into the table.
func (t Table) Insert(tx *gorm.DB, rows []Row) error {
	return t.write(tx, rows, "INSERT INTO "+t.Name+" ("+t.Owner+", form, word, id) SELECT ?, form, word, id FROM (", ") AS given")
}

// Add puts rows into the table that may be there.
func (t Table) Add(tx *gorm.DB, rows []Row) error {
	return t.write(tx, rows, "INSERT INTO "+t.Name+" ("+t.Owner+", form, word, id) SELECT ?, form, word, id FROM (", ") AS given WHERE TRUE ON CONFLICT DO NOTHING")
}

// Delete takes rows out of the table.
func (t Table) Delete(tx *gorm.DB, rows []Row) error {
	return t.write(tx, rows, "DELETE FROM "+t.Name+" WHERE "+t.Owner+" = ? AND (form, word, id) IN (", ")")
}

// Missing are those of the rows that the table lacks.
func (t Table) Missing(tx *gorm.DB, rows []Row) ([]Row, error) {
	var missing []Row
	for part := range slices.Chunk(rows, AtOnce) {
		text, err := json.Marshal(part)
		if err != nil {
			return nil, err
		}
		var some []Row
		err = tx.Raw("SELECT form, word, id FROM ("+given(tx)+") AS given WHERE NOT EXISTS (SELECT 1 FROM "+t.Name+" AS there WHERE there."+t.Owner+
			" = ? AND there.form = given.form AND there.word = given.word AND there.id = given.id)", string(text), t.Is).Scan(&some).Error
		if err != nil {
			return nil, err
		}
		missing = append(missing, some...)
	}
	return missing, nil
}

// write runs a statement around a table of rows, in order: so they are written side by
// side, and transactions take them in the same order.
func (t Table) write(tx *gorm.DB, rows []Row, before, after string) error {
	slices.SortFunc(rows, func(x, y Row) int {
		return cmp.Or(int(x.Form-y.Form), strings.Compare(x.Word, y.Word), strings.Compare(x.ID, y.ID))
	})
	for part := range slices.Chunk(rows, AtOnce) {
		text, err := json.Marshal(part)
		if err != nil {
			return err
		}
		if err := tx.Exec(before+given(tx)+after, t.Is, string(text)).Error; err != nil {
			return err
		}
	}
	return nil
}

// given is the table of rows that one parameter has.
func given(tx *gorm.DB) string {
	if tx.Name() == "postgres" {
		return "SELECT f AS form, w AS word, i AS id FROM jsonb_to_recordset(CAST(? AS jsonb)) AS rows(f smallint, w text, i text)"
	}
	return "SELECT json_extract(value, '$.f') AS form, json_extract(value, '$.w') AS word, json_extract(value, '$.i') AS id FROM json_each(?)"
}
