package search

import (
	"slices"

	"gorm.io/gorm"

	"muster/models/store/wordtable"
	"muster/models/words"
)

// Words are the entries of rows of a kind in the index.
type Words struct {
	kind kind
	rows []wordtable.Row
}

// Of cuts rows into words. It needs no transaction, and takes longer than most of
// what is done in one.
func Of[R Row](rows ...R) Words {
	all := Words{kind: kindOf[R]()}
	for i := range rows {
		o := objectOf(&rows[i])
		all.rows = append(all.rows, wordtable.Rows(o.id, o.entries)...)
	}
	return all
}

// Add puts those of new rows into the index.
func (w Words) Add(tx *gorm.DB) error { return w.kind.words().Add(tx, w.rows) }

// Remove takes those of rows that were deleted out of the index.
func (w Words) Remove(tx *gorm.DB) error { return w.kind.words().Delete(tx, w.rows) }

// Change brings the index up to date with a row that was another.
func Change[R Row](tx *gorm.DB, from, to *R) error {
	before, after := objectOf(from), objectOf(to)
	index := after.kind.words()
	if err := index.Delete(tx, wordtable.Rows(before.id, words.Less(before.entries, after.entries))); err != nil {
		return err
	}
	return index.Add(tx, wordtable.Rows(after.id, words.Less(after.entries, before.entries)))
}

// words are those of rows of a kind.
func (k kind) words() wordtable.Table {
	return wordtable.Table{Name: "search_words", Owner: "kind", Is: int(k)}
}

// idsOf are the ids of entries, each once, in order.
func idsOf(entries []wordtable.Row) []string {
	ids := make([]string, len(entries))
	for i, e := range entries {
		ids[i] = e.ID
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
