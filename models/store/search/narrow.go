package search

import (
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/names"
	"muster/models/store/bulk"
	"muster/models/store/projection"
	"muster/models/words"
)

// mostChosen is how many rows that a text fits are looked up one by one. Where more do,
// each row of a list is asked whether it fits: of many rows, a page is soon full.
const mostChosen = 20_000

// Narrow keeps the rows of the version of the desk that is read that have all words of a text, the last of which
// may be only begun; a value that equals it; or a hardware or IP address that begins
// with it. It reports whether anything does: without that, rows is nil. Whoever sees
// addresses masked finds by words that are shown, and by whole values.
func Narrow(rows *gorm.DB, text string, asMasked bool) (*gorm.DB, bool, error) {
	return narrow(rows, text, asMasked, mostChosen)
}

func narrow(rows *gorm.DB, text string, asMasked bool, most int) (*gorm.DB, bool, error) {
	tx := rows.Session(&gorm.Session{NewDB: true})
	at, err := projection.PositionOf(tx)
	if err != nil {
		return nil, false, err
	}
	n := narrowing{tx: tx, version: at.Version, most: most}
	for _, s := range n.values(text, asMasked) {
		if err := n.add(s); err != nil {
			return nil, false, err
		}
	}
	if err := n.addWords(text, asMasked); err != nil {
		return nil, false, err
	}
	if len(n.ids) > 0 {
		if err := n.among(n.ids, nil); err != nil {
			return nil, false, err
		}
	}
	if len(n.any) == 0 {
		return nil, false, nil
	}
	either := joined(n.any, " OR ")
	if n.each || tx.Name() == "postgres" {
		rows = rows.Where("desk_uses." + projection.Current)
	}
	return rows.Where("("+either.sql+")", either.args...), true, nil
}

// narrowing is what fits a text: rows with ids, and those that a condition holds for.
type narrowing struct {
	tx      *gorm.DB
	version int64
	most    int // that are looked up one by one
	ids     []string
	any     []part
	// each tells that each row is asked, not only those with ids.
	each bool
}

// sought are rows, by an index that finds their ids and by a condition on each.
type sought struct{ indexed, each part }

// find are the ids of what is sought; nil and true for too many.
func (n *narrowing) find(indexed part) (ids []string, many bool, err error) {
	err = n.tx.Raw("SELECT id FROM ("+indexed.sql+") AS found LIMIT ?", append(slices.Clip(indexed.args), n.most+1)...).Scan(&ids).Error
	if len(ids) > n.most {
		return nil, true, err
	}
	return ids, false, err
}

func (n *narrowing) add(s sought) error {
	ids, many, err := n.find(s.indexed)
	if many {
		n.any, n.each = append(n.any, s.each), true
	}
	n.ids = append(n.ids, ids...)
	return err
}

// among adds rows with ids that further conditions hold for.
func (n *narrowing) among(ids []string, all []part) error {
	condition, value, err := bulk.Among(n.tx, "desk_uses.id", ids)
	chosen := part{condition, []any{value}}
	if n.tx.Name() != "postgres" {
		// Without statistics, SQLite would rather walk the index of an order than look a
		// few rows up: so it gets the rows themselves, and no version to begin with.
		chosen.sql = "desk_uses.rowid IN (SELECT found.rowid FROM json_each(?) AS given CROSS JOIN desk_uses AS found ON found.version = ? AND found.id = given.value)"
		chosen.args = append(chosen.args, n.version)
	}
	n.any = append(n.any, joined(append([]part{chosen}, all...), " AND "))
	return err
}

// values are the fields of which one may equal the text, and those that may begin with it.
func (n *narrowing) values(text string, asMasked bool) []sought {
	var all []sought
	for _, column := range []string{"system_user_name", "fqdn", "verified_email", "identifier", "ref_id_1", "ref_id_2"} {
		all = append(all, n.of(column, "= ?", projection.Fold(text)))
	}
	const shortest = 4 // characters of an address that is only begun
	if mac := names.MACPart(text); strings.Trim(mac, "0123456789abcdef") == "" && len(mac) >= shortest {
		all = append(all, n.of("mac_address", ">= ? AND desk_uses.mac_address < ?", mac, mac+highestRune))
	} else {
		all = append(all, n.of("mac_address", "= ?", projection.FoldMAC(text)))
	}
	if !asMasked && len(text) >= shortest && strings.Trim(text, "0123456789abcdefABCDEF.:") == "" && strings.ContainsAny(text, ".:") {
		return append(all, n.of("ip", ">= ? AND desk_uses.ip < ?", strings.ToLower(text), strings.ToLower(text)+highestRune))
	}
	return append(all, n.of("ip", "= ?", strings.ToLower(text)))
}

// of has a second half that allows a partial index to be used.
func (n *narrowing) of(column, compared string, values ...any) sought {
	each := part{"desk_uses." + column + " " + compared + " AND desk_uses." + column + " <> ''", values}
	return sought{part{"SELECT id FROM desk_uses WHERE version = ? AND " + each.sql, append([]any{n.version}, values...)}, each}
}

// addWords adds what has all words: by those with the word that the fewest have, if
// these are few enough.
func (n *narrowing) addWords(text string, asMasked bool) error {
	x, forms := wordIndex{projection.Words(n.version)}, words.Forms(asMasked)
	terms := termsOf(models.Search{Text: text, Begun: true})
	var all []part
	var fewest []string
	rarest := -1
	for i, t := range terms {
		ids, many, err := n.find(union(x.entries(t, forms, n.most+1)))
		if err != nil || !many && len(ids) == 0 {
			return err
		}
		if !many && (rarest < 0 || len(ids) < len(fewest)) {
			rarest, fewest = i, ids
		}
		all = append(all, t.inRow(forms))
	}
	switch {
	case len(terms) == 0:
		return nil
	case rarest < 0:
		n.any, n.each = append(n.any, joined(all, " AND ")), true
		return nil
	case len(terms) == 1:
		n.ids = append(n.ids, fewest...)
		return nil
	}
	return n.among(fewest, slices.Delete(all, rarest, rarest+1))
}

// inRow is the condition that a row of the desk has a word, which stands there after
// the digit of its form.
func (t term) inRow(forms []words.Form) part {
	var either []part
	for _, form := range forms {
		for _, word := range t.Word {
			pattern := "% " + strconv.Itoa(int(form)) + word + "%"
			if !t.begun {
				pattern = strings.TrimSuffix(pattern, "%") + " %"
			}
			either = append(either, part{"' ' || desk_uses.words || ' ' LIKE ?", []any{pattern}})
		}
	}
	return joined(either, " OR ")
}

func joined(parts []part, with string) part {
	texts := make([]string, len(parts))
	var args []any
	for i, p := range parts {
		texts[i], args = "("+p.sql+")", append(args, p.args...)
	}
	return part{strings.Join(texts, with), args}
}
