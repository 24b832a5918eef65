package search

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"gorm.io/gorm"

	"muster/models/words"
)

// Words are the entries of rows in the index.
type Words []entryRow

// Of cuts rows into words. It needs no transaction, and takes longer than most of
// what is done in one.
func Of[R Row](rows ...R) Words {
	var all Words
	for i := range rows {
		all = append(all, entryRows(objectOf(&rows[i]))...)
	}
	return all
}

// Add puts those of new rows into the index.
func (w Words) Add(tx *gorm.DB) error { return insert(tx, w) }

// Remove takes those of rows that were deleted out of the index.
func (w Words) Remove(tx *gorm.DB) error { return remove(tx, w) }

// Change brings the index up to date with a row that was another.
func Change[R Row](tx *gorm.DB, from, to *R) error {
	before, after := objectOf(from), objectOf(to)
	removed, added := before, after
	removed.entries, added.entries = words.Less(before.entries, after.entries), words.Less(after.entries, before.entries)
	if err := remove(tx, entryRows(removed)); err != nil {
		return err
	}
	return insert(tx, entryRows(added))
}

// entryRow is a row of the index.
type entryRow struct {
	Kind kind       `json:"k"`
	Form words.Form `json:"f"`
	Word string     `json:"w"`
	ID   string     `json:"i"`
}

// TableName implements GORM's Tabler.
func (entryRow) TableName() string { return "search_words" }

func entryRows(o object) []entryRow {
	rows := make([]entryRow, len(o.entries))
	for i, e := range o.entries {
		rows[i] = entryRow{o.kind, e.Form, e.Word, o.id}
	}
	return rows
}

// atOnce is how many rows a statement writes.
const atOnce = 5_000

func insert(tx *gorm.DB, rows []entryRow) error {
	return write(tx, rows, "INSERT INTO search_words (kind, form, word, id) SELECT kind, form, word, id FROM (", ") AS given WHERE TRUE ON CONFLICT DO NOTHING")
}

func remove(tx *gorm.DB, rows []entryRow) error {
	return write(tx, rows, "DELETE FROM search_words WHERE (kind, form, word, id) IN (", ")")
}

// write runs a statement around a table of rows, in order, so that transactions take
// them in the same one.
func write(tx *gorm.DB, rows []entryRow, before, after string) error {
	slices.SortFunc(rows, func(x, y entryRow) int {
		return cmp.Or(int(x.Kind-y.Kind), int(x.Form-y.Form), strings.Compare(x.Word, y.Word), strings.Compare(x.ID, y.ID))
	})
	for part := range slices.Chunk(rows, atOnce) {
		text, err := asJSON(part)
		if err != nil {
			return err
		}
		if err := tx.Exec(before+given(tx)+after, text).Error; err != nil {
			return err
		}
	}
	return nil
}

func asJSON(rows []entryRow) (string, error) {
	text, err := json.Marshal(rows)
	return string(text), err
}

// given is the table of rows that one parameter has.
func given(tx *gorm.DB) string {
	if isPostgres(tx) {
		return "SELECT k AS kind, f AS form, w AS word, i AS id FROM jsonb_to_recordset(CAST(? AS jsonb)) AS rows(k smallint, f smallint, w text, i text)"
	}
	return "SELECT json_extract(value, '$.k') AS kind, json_extract(value, '$.f') AS form, json_extract(value, '$.w') AS word, json_extract(value, '$.i') AS id FROM json_each(?)"
}

func isPostgres(db *gorm.DB) bool { return db.Name() == "postgres" }
