package projection

import (
	"strconv"
	"strings"

	"muster/models/store/wordtable"
	"muster/models/words"
)

// Words is the table of the words of auth tokens in a version.
func Words(version int64) wordtable.Table {
	return wordtable.Table{Name: "desk_words", Owner: "version", Is: version}
}

// wordsOf are the words that an auth token is found by, as desk_uses has them: each
// after the digit of its form.
func wordsOf(c *change) string {
	var all, masked []string
	for _, text := range []string{c.SystemUserName, c.FQDN, c.Email, c.Identifier, c.RefID1, c.RefID2} {
		of, shown := wordtable.Both(text)
		all, masked = append(all, of...), append(masked, shown...)
	}
	entries := words.Entries(all, masked)
	texts := make([]string, len(entries))
	for i, e := range entries {
		texts[i] = strconv.Itoa(int(e.Form)) + e.Word
	}
	return strings.Join(texts, " ")
}

// entriesOf reads what wordsOf made, in the same order.
func entriesOf(text string) []words.Entry {
	texts := strings.Fields(text)
	entries := make([]words.Entry, len(texts))
	for i, text := range texts {
		entries[i] = words.Entry{Form: words.Form(text[0] - '0'), Word: text[1:]}
	}
	return entries
}

// index writes the words of uses that differ from those before.
func (b *batch) index(before map[string]*use, uses []use) error {
	var added, removed []wordtable.Row
	for i := range uses {
		u, had := &uses[i], []words.Entry(nil)
		if old := before[u.ID]; old != nil {
			if old.Words == u.Words {
				continue
			}
			had = entriesOf(old.Words)
		}
		has := entriesOf(u.Words)
		added = append(added, wordtable.Rows(u.ID, words.Less(has, had))...)
		removed = append(removed, wordtable.Rows(u.ID, words.Less(had, has))...)
	}
	if err := Words(b.version).Insert(b.tx, added); err != nil {
		return err
	}
	return Words(b.version).Delete(b.tx, removed)
}
