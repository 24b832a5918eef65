package projection

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"muster/models/mask"
	"muster/models/words"
)

// wordsOf are the words that an auth token is found by, as desk_uses has them: each
// after the digit of its form.
func wordsOf(c *change) string {
	var all, masked []string
	for _, text := range []string{c.SystemUserName, c.FQDN, c.Email, c.Identifier, c.RefID1, c.RefID2} {
		of := words.Of(text)
		all = append(all, of...)
		if shown := mask.Text(text); shown != text {
			of = words.Of(shown)
		}
		masked = append(masked, of...)
	}
	entries := words.Entries(all, masked)
	texts := make([]string, len(entries))
	for i, e := range entries {
		texts[i] = strconv.Itoa(int(e.Form)) + e.Word
	}
	return strings.Join(texts, " ")
}

// wordRow is a row of desk_words.
type wordRow struct {
	Form int    `json:"f"`
	Word string `json:"w"`
	ID   string `json:"i"`
}

func wordRows(u *use) map[wordRow]bool {
	rows := map[wordRow]bool{}
	for _, text := range strings.Fields(u.Words) {
		rows[wordRow{int(text[0] - '0'), text[1:], u.ID}] = true
	}
	return rows
}

// index writes the words of uses that differ from those before.
func (b *batch) index(before map[string]*use, uses []use) error {
	var added, removed []wordRow
	for i := range uses {
		u, had := &uses[i], map[wordRow]bool{}
		if old := before[u.ID]; old != nil {
			if old.Words == u.Words {
				continue
			}
			had = wordRows(old)
		}
		has := wordRows(u)
		added, removed = less(added, has, had), less(removed, had, has)
	}
	if err := b.changeWords("INSERT INTO desk_words (version, form, word, id) SELECT @version, form, word, id FROM (%s) AS given", added); err != nil {
		return err
	}
	return b.changeWords("DELETE FROM desk_words WHERE version = @version AND (form, word, id) IN (%s)", removed)
}

// changeWords runs a statement about some rows, which it has as a table.
func (b *batch) changeWords(statement string, rows []wordRow) error {
	if len(rows) == 0 {
		return nil
	}
	// In order, so that they are written side by side.
	slices.SortFunc(rows, func(x, y wordRow) int {
		return cmp.Or(cmp.Compare(x.Form, y.Form), strings.Compare(x.Word, y.Word), strings.Compare(x.ID, y.ID))
	})
	text, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	given := "SELECT json_extract(value, '$.f') AS form, json_extract(value, '$.w') AS word, json_extract(value, '$.i') AS id FROM json_each(@rows)"
	if isPostgres(b.tx) {
		given = "SELECT f AS form, w AS word, i AS id FROM jsonb_to_recordset(CAST(@rows AS jsonb)) AS rows(f smallint, w text, i text)"
	}
	return b.tx.Exec(fmt.Sprintf(statement, given), map[string]any{"version": b.version, "rows": string(text)}).Error
}

// less adds the rows that others lack.
func less(to []wordRow, rows, others map[wordRow]bool) []wordRow {
	for row := range rows {
		if !others[row] {
			to = append(to, row)
		}
	}
	return to
}
